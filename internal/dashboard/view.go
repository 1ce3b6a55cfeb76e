package dashboard

import (
	"context"
	"html/template"
	"strings"
	"time"

	"golang.org/x/text/language"
	xmessage "golang.org/x/text/message"
	"golang.org/x/text/number"

	"github.com/tokenward/tokenward/internal/authority"
)

// view is what templates are executed with: the page's own data and what is
// around it. In a page it is the dot, and $.
type view struct {
	Title string
	Data  any   // the page's own
	Form  *form // never nil
	Bare  bool  // no navigation

	Email    string // of who is signed in, "" for visitors
	Accounts []authority.Account
	Account  *authority.Account // the one in the path; nil elsewhere
	Current  *authority.Account // that one, or the one looked at last; nil without any
	Base     string             // what the paths of this owner's pages begin with
	Nav      []navSection
	Flash    *flash
	Theme    string // "light", "dark", or "" for the system's
	Self     string // path and query of this page
	Now      time.Time
	lang     language.Tag
}

func (d *Dashboard) view(ctx context.Context, in *request, p page) *view {
	v := &view{
		Title: p.title, Data: p.data, Form: p.form, Bare: p.bare || !in.signedIn,
		Accounts: in.accounts, Account: in.account, Base: in.base(), Theme: d.theme(in),
		Self: in.self(), Now: d.clock(), lang: languageOf(in.http.Header.Get("Accept-Language")),
	}
	if v.Form == nil {
		v.Form = newForm()
	}
	if in.signedIn {
		v.Email = in.caller.Email()
		v.Current = d.currentAccount(ctx, in)
		v.Nav = d.navigation(in, v.Current, p.nav)
	}
	v.Flash = d.told(ctx)
	return v
}

// currentAccount is the account whose pages the navigation offers: the one in
// the path, the one looked at last, or the first.
func (d *Dashboard) currentAccount(ctx context.Context, in *request) *authority.Account {
	if in.account != nil || len(in.accounts) == 0 {
		return in.account
	}
	last := d.sessions.GetString(ctx, keyAccount)
	for i := range in.accounts {
		if in.accounts[i].ID == last {
			return &in.accounts[i]
		}
	}
	return &in.accounts[0]
}

// Num writes a number as the reader's language does: {{$.Num 1234}}.
func (v *view) Num(n any) string {
	return xmessage.NewPrinter(v.lang).Sprint(number.Decimal(n))
}

// Count writes how many there are of something: {{$.Count .Total "token" "tokens"}}.
func (v *view) Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return v.Num(n) + " " + many
}

// Ago says how long before now a time is, in words, within the page's own clock.
func (v *view) Ago(t time.Time) string { return ago(t, v.Now) }

// When says how far a time lies from now, with the time itself as a title.
func (v *view) When(t time.Time) template.HTML {
	t = t.UTC()
	return template.HTML(`<time datetime="` + t.Format(time.RFC3339) + `" title="` + t.Format("2 Jan 2006, 15:04 UTC") + `">` + ago(t, v.Now) + `</time>`)
}

// languageOf is the language that the reader likes best; numbers are written in
// it. What does not parse is English.
func languageOf(header string) language.Tag {
	if len(header) > 200 || strings.Count(header, "-") > 40 { // more than any browser sends
		return language.English
	}
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil || len(tags) == 0 {
		return language.English
	}
	return tags[0]
}
