// Package dashboard serves the pages of tokenward: HTML made by the server, for
// people who sign in. It owns sessions, forms, the look, and what a page says;
// what may be done and what comes of it is the authority's, which judges every
// Caller of a session like any other.
//
// # Adding a page
//
// A page is a method in a file of its own, and a template beside it:
//
//	func (d *Dashboard) memberList(ctx context.Context, in *request) (page, error) {
//		members, err := d.authority.Members(ctx, in.caller, in.account.ID)
//		if err != nil {
//			return page{}, err // becomes a page with 400, 403, 404, 409 or 5xx
//		}
//		return show("members", "Members", members), nil
//	}
//
// show names templates/pages/members.html, which defines "content". A list of
// routes stands in the same file and is named in routes.go:
//
//	func (d *Dashboard) memberRoutes() []route {
//		return []route{
//			{pattern: "GET /{account}/members", page: d.memberList},
//			{pattern: "GET /{account}/members/{id}/remove", page: d.removeMemberPage},
//			{pattern: "POST /{account}/members/{id}/remove", page: d.removeMember},
//		}
//	}
//
// The adapter (adapt.go) does the rest: it reads the form within its limits,
// finds the session and its Caller, sends visitors to sign in, finds the account
// of a path below /{account} among those that the user has joined (else 404),
// renders into a buffer, saves the session and only then writes. Routes let in
// nobody who is not signed in unless they say open. nav.go shows an entry once
// its route is there; page.nav marks another entry than the request's own path.
//
// In request: caller, account, accounts, owner() and base() for pages that serve
// users and accounts alike ("/profile" or "/<account id>"), path("id") for
// wildcards, query, form, pageOf(size) for lists, now().
//
// No path of a page has "client" or a percent sign in it: package server keeps
// those for the gate. What is not an id goes into the query.
//
// # Forms
//
// A form posts to a path of its own and answers with seeOther after it was
// carried out (d.tell says something on the next page). When it was not, it is
// shown again, with what was typed and the error beside the field:
//
//	if err := d.authority.AddMember(...); err != nil {
//		if err := in.form.take(err, map[string]string{"/email": "email"}); err != nil {
//			return page{}, err
//		}
//		return again(d.memberForm(in), in.form), nil
//	}
//
// form.take maps the authority's pointers to fields; form.fail sets an error by
// hand. takeProof is the same for passwords and codes. A new form takes its
// first values from newForm and Set, given as page.form. In templates:
//
//	{{template "problem" .Form}}
//	{{template "field" (field .Form "email" "E-mail address" "type=email" "required")}}
//
// newField lists what a field can be told. A control that "field" cannot make has
// a label, and names its hint and error in aria-describedby.
//
// A form whose answer shows a secret has once in its route and a hidden field
// in it: <input type="hidden" name="once" value="{{once}}">. Its page sets
// page.secret and is answered directly, not by a redirect, so that the secret is
// kept nowhere; when the answer is loaded again, the form counts as carried out,
// nothing is done and the secret is not shown.
//
// What needs to be confirmed is a page with a form. A link to it with
// data-dialog shows it over the page that the link is on.
//
// # Templates
//
// The dot is a view: .Data is what show was given, .Form, .Title, .Email,
// .Account, .Base, .Self, .Now. $ is the view inside of range and with. Methods
// depend on the reader: $.Num 1234, $.Count n "token" "tokens", $.Ago t.
// Functions: time, date (written in UTC, and by script in the reader's zone),
// rfc3339, plural, short (of an id), icon, asset, dict, list, query (the page's
// address with another member), pager, join, lower. Components, in
// templates/components.html: head, problem, field, status, copy, empty, pages.
//
// There is no style or script in a page: both are refused by the policy in
// headers.go. Files of static/css and static/js are joined in the order of
// their names into app.css and app.js; a page may bring a file of its own.
// Script makes pages pleasant and is needed by none.
//
// # Look
//
//	.head .lead .actions .crumbs   top of a page
//	.sheet (.flush .danger) .narrow .middle .stack .row .grow   surfaces, widths, spacing
//	.button (.primary .danger .sure .quiet .link .small .wide) .buttons
//	.field .hint .error .optional .choice .fields .input-row .rows .filters
//	.table (.cards: td[data-label], td.main, td.end, .num) .scroll .pages
//	.badge (.good .warn .bad .info .muted) .chip .chips
//	.notice (.success .warning .danger) .empty .code (data-copy) .facts
//	.tabs details.more .choices .steps .menu .menu-panel .menu-item
//	.soft .mono .small-text .nowrap .visually-hidden
//
// Colours are the custom properties of static/css/10-base.css and nothing else,
// so that both themes hold. A page has one h1. Tables that turn into cards have
// a data-label in each cell but the first.
//
// data-attributes that script looks for: data-local (times), data-copy with
// data-copy-button, data-menu (a details that closes), data-dialog and
// data-dialog-close, data-rows with data-row, data-row-add, data-row-remove and
// data-row-template. Script that puts new elements into a page sends them
// "tokenward:added".
//
// # Forgery
//
// Forms have no token against forgery. A browser says with every request where
// it came from: http.CrossOriginProtection refuses what is neither from this
// origin nor typed in, by Sec-Fetch-Site or, where that is missing, by Origin;
// and the cookies are SameSite=Lax, so that a form that another site sends
// carries no session. GET changes nothing. A token would add a third check of
// the same thing, and pages that go stale.
package dashboard
