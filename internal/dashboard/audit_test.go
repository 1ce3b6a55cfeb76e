package dashboard_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/tokenward/tokenward/internal/authority"
)

// happened puts events into the first account's log.
func (w *world) happened(events ...authority.Event) {
	w.t.Helper()
	err := w.store.Write(w.t.Context(), func(ctx context.Context, tx authority.Tx) error {
		for _, e := range events {
			if err := tx.AppendEvent(ctx, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// rolled is an event of the first account's log.
func (w *world) rolled(n int, name string) authority.Event {
	id := fmt.Sprintf("%032x", n)
	return authority.Event{
		ID: id, At: w.clock().UTC(), Action: "token_roll", Verb: "update", Success: true, AccountID: w.made.AccountID,
		Actor:    authority.Actor{Type: "user", ID: strings.Repeat("a", 32), Email: "ann@example.com", IP: "203.0.113.7", Context: "dash"},
		Resource: authority.EventResource{Type: "token", ID: id}, Metadata: map[string]string{"token_name": name},
		Old: json.RawMessage(`{"name":"` + name + `","status":"active"}`), New: json.RawMessage(`{"name":"` + name + `","status":"disabled"}`),
	}
}

func TestTheAuditLogSaysInPlainWordsWhoDidWhat(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	w.happened(w.rolled(1, "ci-deploy"))
	b := w.signedIn()
	a := b.get("/" + w.made.AccountID + "/audit-log")
	a.wants(t, 200, "<b>ann@example.com</b> rolled the token", "ci-deploy", "203.0.113.7", `<pre class="was">active</pre>`, `<pre class="is">disabled</pre>`)
	b.get("/profile/audit-log").wants(t, 200, "signed in")
}

// TestEventsNameWhatTheirReadersKnowByName: members by their addresses, and zones
// that were refused, in the log and on the overview.
func TestEventsNameWhatTheirReadersKnowByName(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	z := w.zone("refused.example")
	m := w.invite(authority.MemberDraft{Email: "new@example.com", Roles: []string{authority.RoleDNS}})
	denied := w.rolled(1, "x")
	denied.Action, denied.Success, denied.Resource = "access_denied", false, authority.EventResource{Type: "zone", ID: z.ID}
	w.happened(denied)
	b := w.signedIn()
	for _, path := range []string{"", "/audit-log"} {
		a := b.get("/" + w.made.AccountID + path)
		a.wants(t, 200, ">new@example.com</a>", ">refused.example</a>")
		a.lacks(t, ">"+m.ID[:8]+"<", ">"+z.ID[:8]+"<")
	}
}

func TestTheAuditLogIsFiltered(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	old := w.rolled(1, "long-ago")
	old.At = old.At.AddDate(0, 0, -40)
	denied := w.rolled(2, "x")
	denied.Action, denied.Success, denied.Actor.Email, denied.Actor.IP = "access_denied", false, "bob@example.com", "198.51.100.9"
	denied.Metadata = map[string]string{"operation": authority.OpDNSList, "reason": "no policy grants it"}
	w.happened(old, denied, w.rolled(3, "ci-deploy"))
	b := w.signedIn()
	all := []string{"long-ago", "bob@example.com", "ci-deploy"}
	for query, want := range map[string]string{
		"":                       "long-ago bob@example.com ci-deploy",
		"who=BOB":                "bob@example.com",
		"action=token_roll":      "long-ago ci-deploy",
		"result=denied":          "bob@example.com",
		"result=allowed":         "long-ago ci-deploy",
		"address=203.0.113.0/24": "long-ago ci-deploy",
		"address=198.51.100.9":   "bob@example.com",
		"resource=ci-dep":        "ci-deploy",
		"range=week":             "bob@example.com ci-deploy",
		"until=" + w.clock().AddDate(0, 0, -30).Format(time.DateOnly):                                                                           "long-ago",
		"since=" + w.clock().UTC().AddDate(0, 0, -41).Format(time.DateOnly) + "&until=" + w.clock().UTC().Format(time.DateOnly) + "&range=days": "long-ago bob@example.com ci-deploy",
	} {
		a := b.get("/" + w.made.AccountID + "/audit-log?" + query)
		a.wants(t, 200)
		_, list, _ := strings.Cut(a.body, `class="sheet flush audit-rows"`)
		for _, name := range all {
			if strings.Contains(list, name) != strings.Contains(want, name) {
				t.Errorf("?%s: shows %s: %v", query, name, strings.Contains(list, name))
			}
		}
	}
}

func TestAFilterThatDoesNotParseIsSaidBesideItsField(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	a := w.signedIn().get("/profile/audit-log?address=nowhere&since=tomorrow&result=maybe&who=kept")
	a.wants(t, 422, `id="f-address-error"`, `id="f-since-error"`, `id="f-result-error"`, `value="nowhere"`, `value="kept"`)
	checkPage(t, "a faulty filter", a.body)
}

// TestPagesOfTheAuditLogStandStill while events are written.
func TestPagesOfTheAuditLogStandStill(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	for n := range 90 {
		w.happened(w.rolled(n, fmt.Sprintf("token-%03d", n)))
	}
	b := w.signedIn()
	path, seen := "/"+w.made.AccountID+"/audit-log?action=token_roll", map[string]bool{}
	for pages := 0; path != ""; pages++ {
		a := b.get(path)
		a.wants(t, 200)
		for _, part := range strings.Split(a.body, `class="audit-text"`)[1:] {
			name := part[strings.Index(part, "token-"):][:9]
			if seen[name] {
				t.Errorf("%s is shown twice", name)
			}
			seen[name] = true
		}
		if pages == 0 && len(seen) != 40 {
			t.Errorf("the first page has %d entries", len(seen))
		}
		w.happened(w.rolled(1000+pages, "token-new"))
		path = ""
		if _, rest, ok := strings.Cut(a.body, `rel="next" href="`); ok {
			path, _, _ = strings.Cut(rest, `"`)
			path = strings.ReplaceAll(path, "&amp;", "&")
		}
	}
	if len(seen) != 90 {
		t.Errorf("saw %d entries of 90", len(seen))
	}
}

func TestTheAuditLogIsExportedWithoutFormulas(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	e := w.rolled(1, "x")
	e.Actor.TokenName, e.Request.UserAgent, e.Actor.Email = `=cmd|'/c calc'!A0`, " @SUM(1)", "-ann@example.com"
	e.ZoneName = "\uff1d1+1" // as some spreadsheets take for one too
	w.happened(e, w.rolled(2, "other"))
	b := w.signedIn()
	path := "/" + w.made.AccountID + "/audit-log/export?action=token_roll&resource=" + e.ID + "&format="
	a := b.get(path + "csv")
	a.wants(t, 200)
	rows, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
	if err != nil || len(rows) != 2 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, cell := range rows[1] {
		if first, _ := utf8.DecodeRuneInString(strings.TrimSpace(cell)); cell != "" && strings.ContainsRune("=+-@\t\r\uff1d", first) {
			t.Errorf("the cell %s is a formula: %q", rows[0][i], cell)
		}
	}
	if !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") || strings.Contains(a.header.Get("Content-Disposition"), "newest") {
		t.Errorf("the file is called %s", a.header.Get("Content-Disposition"))
	}
	a = b.get(path + "jsonl")
	a.wants(t, 200)
	var got struct {
		Action, Summary string
		New             struct{ Status string }
	}
	if err := json.Unmarshal([]byte(a.body), &got); err != nil || got.Action != "token_roll" || got.New.Status != "disabled" {
		t.Errorf("%v %+v", err, got)
	}
	b.get(path+"xlsx").wants(t, 400, "does not say what to export")
}

func TestAnExportThatDoesNotHoldAllSaysSoInItsName(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	var events []authority.Event
	for n := range 10_001 {
		events = append(events, w.rolled(n, "t"))
	}
	w.happened(events...)
	a := w.signedIn().get("/" + w.made.AccountID + "/audit-log/export?format=jsonl")
	a.wants(t, 200)
	if n := strings.Count(a.body, "\n"); n != 10_000 || !strings.Contains(a.header.Get("Content-Disposition"), "newest-10000") {
		t.Errorf("%d lines in %s", n, a.header.Get("Content-Disposition"))
	}
}

func TestAnEntryHasAPageOfItsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	e := w.rolled(1, "ci-deploy")
	e.New = json.RawMessage(`{"name":"` + strings.Repeat("long ", 100) + `end"}`)
	w.happened(e)
	b := w.signedIn()
	log := "/" + w.made.AccountID + "/audit-log"
	if a := b.get(log); strings.Contains(a.body, "long end") || !strings.Contains(a.body, "show the whole entry") {
		t.Errorf("the list shows all of it\n%s", a.body)
	}
	own := log + "/" + e.ID + "?at=" + url.QueryEscape(e.At.Format(time.RFC3339Nano))
	a := b.get(own)
	a.wants(t, 200, "long end", "Everything about this resource")
	checkPage(t, "an entry", a.body)
	b.get("/profile/audit-log/"+e.ID+"?at="+url.QueryEscape(e.At.Format(time.RFC3339Nano))).wants(t, 404, "no such entry")
	b.get(log+"/"+e.ID).wants(t, 404, "no such entry")
}

func TestACursorFromElsewhereIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	w.signedIn().get("/profile/audit-log?cursor=AAAA").wants(t, 400, "begin again without it")
}
