package dashboard

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
)

// auditRow is an event in words.
type auditRow struct {
	authority.Event
	Who      string // "ann@example.com"
	By       string // "with the token ci-deploy", "" for a person in the dashboard
	Did      string // "rolled"
	What     string // "the token", "" when nothing follows
	Name     string // "ci-deploy"
	NamePath string // the page of the resource, "" for none
	After    string // what ends the sentence
	Changes  []auditChange
	Cut      bool // some values are shortened
	Facts    []fact
	Path     string // of the event's own page
}

// fact is a name and a value.
type fact struct {
	Label, Value string
	Mono         bool
}

// Sentence is the row as text.
func (r auditRow) Sentence() string {
	return strings.Join(strings.Fields(strings.Join([]string{r.Who, r.Did, r.What, r.Name, r.After, r.By}, " ")), " ")
}

// auditWords puts events into words for one reader.
type auditWords struct {
	dashboard *Dashboard
	in        *request
	catalog   *catalog.Catalog
	actions   map[string]auditAction
	nouns     map[string]string
	zones     map[string]string // names by id, of zones that events name by id only
	members   map[string]string // e-mail addresses by id, of members that events are about
	whole     bool              // values are not shortened
	ids       *regexp.Regexp    // a member of JSON that is an id
}

func (d *Dashboard) newAuditWords(in *request) *auditWords {
	w := &auditWords{dashboard: d, in: in, catalog: d.authority.Catalog(), actions: make(map[string]auditAction), nouns: resourceNouns(), ids: regexp.MustCompile(`"id": "([0-9a-f]{32})"`)}
	for _, a := range auditActions() {
		w.actions[a.name] = a
	}
	return w
}

// learn looks up what events name by id only: the zones that refused attempts were
// about, of which no more is known than which one was asked for, and members. Those
// that the reader may not see stay without a name.
func (w *auditWords) learn(ctx context.Context, events []authority.Event) error {
	var zones, members []string
	for i := range events {
		switch r := &events[i].Resource; {
		case r.Type == "zone" && events[i].ZoneName == "" && isID(r.ID):
			zones = append(zones, r.ID)
		case r.Type == "member" && w.in.account != nil:
			members = append(members, r.ID)
		}
	}
	if len(members) > 0 {
		if err := w.learnMembers(ctx, members); err != nil {
			return err
		}
	}
	if len(zones) == 0 {
		return nil
	}
	var err error
	w.zones, err = w.dashboard.authority.ZoneNames(ctx, w.in.caller, zones)
	return err
}

func (w *auditWords) learnMembers(ctx context.Context, ids []string) error {
	list, _, err := w.dashboard.authority.Members(ctx, w.in.caller, w.in.account.ID, authority.MemberQuery{
		Match: func(m *authority.Member) bool { return slices.Contains(ids, m.ID) }, Limit: len(ids),
	})
	if isForbidden(err) {
		return nil
	}
	if w.members == nil {
		w.members = make(map[string]string)
	}
	for i := range list {
		w.members[list[i].ID] = list[i].User.Email
	}
	return err
}

// row is an event with all that its row shows.
func (w *auditWords) row(e *authority.Event) auditRow {
	r := w.sentence(e)
	r.NamePath = w.pathOf(e)
	r.Changes, r.Cut = w.changes(e.Old, e.New)
	r.Facts = w.facts(e)
	r.Path = w.in.base() + "/audit-log/" + e.ID + "?" + url.Values{"at": {e.At.UTC().Format(time.RFC3339Nano)}}.Encode()
	return r
}

// sentence says who did what, without links.
func (w *auditWords) sentence(e *authority.Event) auditRow {
	r := auditRow{Event: *e, Who: whoOf(e), By: byOf(e)}
	a, known := w.actions[e.Action]
	r.Did = a.did
	switch {
	case e.Action == "access_denied":
		r.Did = "was denied " + w.operation(e.Metadata["operation"])
		if e.Resource.ID != "" && e.Resource.Type != "user" {
			r.What, r.Name = "on "+w.noun(e.Resource.Type), w.nameOf(e)
		}
		return r
	case !known:
		r.Did = "did " + strings.ReplaceAll(e.Action, "_", " ") + " to"
		if e.Resource.ID == "" {
			r.Did = strings.TrimSuffix(r.Did, " to")
		}
	case aboutThemself(e.Action):
		return r
	}
	if e.Resource.ID != "" {
		r.What, r.Name = w.noun(e.Resource.Type), w.nameOf(e)
	}
	if e.Resource.Type == "dns_record" && e.ZoneName != "" {
		r.After = "in the zone " + e.ZoneName
	}
	return r
}

// operation is an operation's method and path.
func (w *auditWords) operation(id string) string {
	op, ok := w.catalog.Operation(id)
	if !ok {
		return "an operation"
	}
	return op.Method + " " + op.Template
}

func (w *auditWords) noun(kind string) string {
	return cmp.Or(w.nouns[kind], "the "+strings.ReplaceAll(kind, "_", " "))
}

// whoOf names the actor.
func whoOf(e *authority.Event) string {
	switch {
	case e.Actor.Email != "":
		return e.Actor.Email
	case e.Actor.Type == "account" && e.Actor.TokenID != "":
		return "The account's token " + cmp.Or(e.Actor.TokenName, short(e.Actor.TokenID))
	case e.Actor.Type == "system":
		return "The server"
	}
	return "Somebody"
}

// byOf says with which credential, unless that is clear.
func byOf(e *authority.Event) string {
	switch {
	case e.Actor.Email != "" && e.Actor.TokenID != "":
		return "with the token " + cmp.Or(e.Actor.TokenName, short(e.Actor.TokenID))
	case e.Actor.Context == authority.ByKey.String():
		return "with the API key"
	}
	return ""
}

// nameOf is what people know the resource by, and else the beginning of its id.
func (w *auditWords) nameOf(e *authority.Event) string {
	switch e.Resource.Type {
	case "zone", "cache":
		return cmp.Or(e.ZoneName, w.zones[e.Resource.ID], short(e.Resource.ID))
	case "token":
		return cmp.Or(e.Metadata["token_name"], short(e.Resource.ID))
	case "member":
		return cmp.Or(w.members[e.Resource.ID], short(e.Resource.ID))
	case "dns_record":
		if !isID(e.Resource.ID) { // its type and name: that of a refusal
			return e.Resource.ID
		}
	case "user":
		if e.Resource.ID == e.Actor.ID && e.Actor.Email != "" {
			return e.Actor.Email
		}
	}
	return cmp.Or(nameIn(e.New), nameIn(e.Old), short(e.Resource.ID))
}

// nameIn is the name that an event's value gives, "" for none.
func nameIn(raw json.RawMessage) string {
	var v struct{ Name, Email, Type string }
	if len(raw) == 0 || json.Unmarshal(raw, &v) != nil {
		return ""
	}
	return cmp.Or(v.Name, v.Email)
}

// pathOf is the page of the event's resource, "" when no page shows it or it is
// gone.
func (w *auditWords) pathOf(e *authority.Event) string {
	if e.Verb == "delete" && e.Action != "access_denied" || !isID(e.Resource.ID) {
		return ""
	}
	base := w.in.base()
	var path string
	switch e.Resource.Type {
	case "token":
		if w.in.account != nil && e.AccountID != w.in.account.ID {
			return "" // a user's, whose page is not below the account
		}
		path = base + "/api-tokens/" + e.Resource.ID
	case "member":
		path = base + "/members/" + e.Resource.ID
	case "zone", "cache", "dns_record":
		path = base + "/zones/" + cmp.Or(e.ZoneID, e.Resource.ID)
	}
	if path == "" || !w.dashboard.serves(path) {
		return ""
	}
	return path
}

// serves reports whether a route answers GET for a path.
func (d *Dashboard) serves(path string) bool {
	r := &http.Request{Method: http.MethodGet, URL: &url.URL{Path: path}}
	mux := d.pages
	if first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/"); isID(first) {
		mux = d.accounts
	}
	_, pattern := mux.Handler(r)
	return pattern != ""
}
