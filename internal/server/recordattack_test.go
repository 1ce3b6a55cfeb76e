package server_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// attack is a request that is to touch nothing out of scope, and its outcome.
type attack struct {
	what, method, path, body string
	want                     int    // status
	code                     int    // of the first error, 0 for success
	at                       string // its pointer
}

// TestATokenForSomeRecordsTouchesNoOther: each way round it that somebody could
// think of ends in a refusal, and leaves the other records as they are.
func TestATokenForSomeRecordsTouchesNoOther(t *testing.T) {
	t.Parallel()
	h := newHeld(t, acme)
	before := h.others()
	for _, a := range h.attacks() {
		path := strings.ReplaceAll(a.path, "@", h.records("A"))
		status, text := h.try(a.method, path, a.body)
		code, at := firstError(text)
		if status != a.want || code != a.code || at != a.at {
			t.Errorf("%s\n%s %s %s\nanswers %d %d %q, want %d %d %q\n%s", a.what, a.method, path, a.body, status, code, at, a.want, a.code, a.at, text)
		}
		if after := h.others(); after != before {
			t.Fatalf("%s\n%s %s %s\nchanges\n%s\nto\n%s", a.what, a.method, path, a.body, before, after)
		}
	}
}

func firstError(text string) (code int, at string) {
	var a envelope
	if json.Unmarshal([]byte(text), &a) != nil || len(a.Errors) == 0 {
		return 0, ""
	}
	return a.Errors[0].Code, a.Errors[0].Source.Pointer
}

func (h *held) attacks() []attack {
	mine, www := "@/"+h.ids["TXT _acme-challenge"], "@/"+h.ids["A www"]
	text := "@/" + h.ids["TXT @"]
	otherZone := strings.ReplaceAll(h.records("B"), "@", "")
	const txt = `"type":"TXT","content":"x"`
	no := func(what, method, path, body string) attack { return attack{what, method, path, body, 403, 10000, ""} }
	gone := func(what, method, path, body string) attack { return attack{what, method, path, body, 404, 81044, ""} }
	bad := func(what, method, path, body string, code int, at string) attack {
		return attack{what, method, path, body, 400, code, at}
	}
	in := func(what, list, body string) attack {
		at, _, _ := strings.Cut(list, "=")
		return attack{what, "POST", "@/batch", body, 403, 10000, at}
	}
	return []attack{
		// Records that are there.
		gone("read another type", "GET", www, ""),
		gone("read the same type at another name", "GET", text, ""),
		gone("read a name that ends like it", "GET", "@/"+h.ids["TXT x._acme-challenge"], ""),
		gone("read a name that begins like it", "GET", "@/"+h.ids["TXT _acme-challengex"], ""),
		gone("read the wildcard", "GET", "@/"+h.ids["TXT *"], ""),
		gone("read another type at the name", "GET", "@/"+h.ids["CNAME _acme-challenge.alias"], ""),
		gone("delete", "DELETE", www, "{}"),
		gone("change nothing", "PATCH", www, "{}"),
		gone("change the content", "PATCH", www, `{"content":"192.0.2.66"}`),
		gone("make it mine", "PATCH", www, `{`+txt+`,"name":"_acme-challenge"}`),
		gone("make it mine, whole", "PUT", www, `{`+txt+`,"name":"_acme-challenge"}`),
		gone("make a name mine", "PATCH", text, `{"name":"_acme-challenge"}`),
		gone("make a type mine", "PATCH", "@/"+h.ids["CNAME _acme-challenge.alias"], `{`+txt+`}`),
		gone("with something wrong in it", "PUT", www, `{"type":"A","name":"www","content":"x"}`),
		gone("another zone's, in my zone", "GET", "@/"+h.ids["B TXT _acme-challenge"], ""),
		gone("another zone's, in my zone", "DELETE", "@/"+h.ids["B TXT _acme-challenge"], ""),
		no("the pattern, in another zone", "GET", otherZone, ""),
		no("the pattern, in another zone", "POST", otherZone, `{`+txt+`,"name":"_acme-challenge"}`),
		no("the pattern, in another zone", "DELETE", otherZone+"/"+h.ids["B TXT _acme-challenge"], ""),
		no("the pattern, in another zone", "GET", otherZone+"/export", ""),

		// Names of new records.
		no("the apex", "POST", "@", `{`+txt+`,"name":"@"}`),
		no("the apex, complete", "POST", "@", `{`+txt+`,"name":"ZONE-A.example."}`),
		no("the apex, by the empty label", "POST", "@", `{`+txt+`,"name":"zone-a.example"}`),
		no("another name", "POST", "@", `{`+txt+`,"name":"www"}`),
		no("below another", "POST", "@", `{`+txt+`,"name":"x._acme-challenge"}`),
		no("a wildcard below it", "POST", "@", `{`+txt+`,"name":"*._acme-challenge"}`),
		no("a wildcard for it", "POST", "@", `{`+txt+`,"name":"*"}`),
		no("a name that ends like it", "POST", "@", `{`+txt+`,"name":"x_acme-challenge"}`),
		no("a name that begins like it", "POST", "@", `{`+txt+`,"name":"_acme-challengex"}`),
		no("Unicode that becomes another name", "POST", "@", `{`+txt+`,"name":"_acme-challengé"}`),
		no("a full stop that becomes one", "POST", "@", `{`+txt+`,"name":"www\u3002_acme-challenge"}`),
		no("two names, the last one counts", "POST", "@", `{`+txt+`,"name":"_acme-challenge","name":"www"}`),
		no("two types, the last one counts", "POST", "@", `{"type":"TXT","type":"A","content":"192.0.2.66","name":"_acme-challenge"}`),
		bad("a star for the rest", "POST", "@", `{`+txt+`,"name":"_acme-challenge.*"}`, 9000, "/name"),
		bad("a space behind the first label", "POST", "@", `{`+txt+`,"name":"_acme-challenge .www"}`, 9000, "/name"),
		bad("a NUL", "POST", "@", `{`+txt+`,"name":"_acme-challenge\u0000.www"}`, 1001, "/name"),
		bad("an escaped dot", "POST", "@", `{`+txt+`,"name":"_acme-challenge\\.www"}`, 9000, "/name"),
		bad("an empty label", "POST", "@", `{`+txt+`,"name":"_acme-challenge..zone-a.example"}`, 9000, "/name"),
		bad("no name", "POST", "@", `{`+txt+`}`, 9100, "/name"),

		// Types of new records.
		no("another type", "POST", "@", `{"type":"A","name":"_acme-challenge","content":"192.0.2.66"}`),
		no("an alias", "POST", "@", `{"type":"cname","name":"_acme-challenge.x","content":"evil.example"}`),
		no("a delegation", "POST", "@", `{"type":"NS","name":"_acme-challenge.x","content":"ns.evil.example"}`),
		no("a name in the data", "POST", "@", `{"type":"SRV","name":"","data":{"service":"_acme-challenge","proto":"_tcp","name":"@","priority":1,"weight":1,"port":1,"target":"evil.example"}}`),
		bad("no such type", "POST", "@", `{"type":"TXT ","name":"_acme-challenge","content":"x"}`, 9202, "/type"),
		bad("every type", "POST", "@", `{"type":"*","name":"_acme-challenge","content":"x"}`, 9202, "/type"),

		// What is in the way of a new record: told of names in scope only.
		bad("a delegation, at a name of mine", "POST", "@", `{`+txt+`,"name":"_acme-challenge.sub"}`, 81056, ""),
		no("an alias, of a type that is not mine", "POST", "@", `{"type":"A","name":"_acme-challenge.alias","content":"192.0.2.66"}`),
		no("the same as a hidden one", "POST", "@", `{"type":"TXT","name":"@","content":"v=secret1"}`),
		bad("moved to a delegation", "PATCH", mine, `{"name":"_acme-challenge.sub"}`, 81056, ""),
		no("moved to the same as a hidden one", "PATCH", mine, `{"name":"@","content":"v=secret1"}`),

		// What becomes of a record of mine.
		no("another name", "PATCH", mine, `{"name":"www"}`),
		no("the apex", "PATCH", mine, `{"name":"@"}`),
		no("another type", "PATCH", mine, `{"type":"A","content":"192.0.2.66"}`),
		no("another type and name", "PATCH", mine, `{"type":"A","name":"www","content":"192.0.2.66"}`),
		no("replaced by another type", "PUT", mine, `{"type":"A","name":"_acme-challenge","content":"192.0.2.66"}`),
		no("replaced by another name", "PUT", mine, `{`+txt+`,"name":"x"}`),
		no("another id in the body", "PUT", mine, `{"id":"`+h.ids["TXT @"]+`",`+txt+`,"name":"@"}`),
		no("another zone in the body", "PATCH", mine, `{"zone_id":"`+h.world.ids["zone/B"]+`","zone_name":"zone-b.example","name":"www.zone-b.example"}`),

		// Batches: what is in scope in them is not done either.
		in("one bad post", "/posts/1", `{"deletes":[{"id":"`+mine[2:]+`"}],"posts":[{`+txt+`,"name":"_acme-challenge.x"},{`+txt+`,"name":"www"}]}`),
		in("one bad patch", "/patches/0", `{"patches":[{"id":"`+mine[2:]+`","name":"www"}],"posts":[{`+txt+`,"name":"_acme-challenge.x"}]}`),
		in("out and back in again", "/patches/0", `{"patches":[{"id":"`+mine[2:]+`","name":"www"},{"id":"`+mine[2:]+`","name":"_acme-challenge"}]}`),
		in("one bad put", "/puts/0", `{"puts":[{"id":"`+mine[2:]+`","type":"A","name":"_acme-challenge","content":"192.0.2.66"}]}`),
		in("what is wrong beside it comes second", "/posts/1", `{"posts":[{`+txt+`,"name":"_acme-challenge","ttl":5},{`+txt+`,"name":"www"}]}`),
		{"a delete among mine", "POST", "@/batch", `{"deletes":[{"id":"` + mine[2:] + `"},{"id":"` + www[2:] + `"}]}`, 404, 81044, "/deletes/1/id"},
		{"a patch among mine", "POST", "@/batch", `{"deletes":[{"id":"` + mine[2:] + `"}],"patches":[{"id":"` + text[2:] + `","name":"_acme-challenge"}]}`, 404, 81044, "/patches/0/id"},

		// Other operations.
		no("scanning the zone", "POST", "@/scan", "{}"),
		no("what a scan found", "GET", "@/scan/review", ""),
		no("the zone's settings", "GET", "/zones/"+h.zone+"/dns_settings", ""),
		no("the zone", "PATCH", "/zones/"+h.zone, `{"paused":true}`),
		no("the zone", "DELETE", "/zones/"+h.zone, ""),
		no("its cache", "POST", "/zones/"+h.zone+"/purge_cache", `{"purge_everything":true}`),
	}
}

// TestAnImportIsInScopeOrNotAtAll: one line that is not keeps the whole file out.
func TestAnImportIsInScopeOrNotAtAll(t *testing.T) {
	t.Parallel()
	h := newHeld(t, acme)
	before := h.all("A", "")
	for _, c := range []struct {
		what, file string
		want       string // status and text of the first error
	}{
		{"one other record", "_acme-challenge.x TXT x\nwww TXT x", "403 Authentication error"},
		{"one of another type", "_acme-challenge.x TXT x\n_acme-challenge.x A 192.0.2.1", "403 Authentication error"},
		{"what is there already", "_acme-challenge TXT mine-1\n@ TXT \"v=secret1\"", "403 Authentication error"},
		{"another origin", "$ORIGIN www.zone-a.example.\n_acme-challenge TXT x\n@ TXT x", "403 Authentication error"},
		{"an owner that is repeated", "_acme-challenge TXT x\nwww TXT y\n TXT z", "403 Authentication error"},
		{"generated names", "$GENERATE 1-3 host$ TXT x", "403 Authentication error"},
		{"a wildcard", "* TXT x", "403 Authentication error"},
		{"another zone", "_acme-challenge.zone-b.example. TXT x", "400 _acme-challenge.zone-b.example TXT: the name is not in the zone zone-a.example."},
		{"another class", "_acme-challenge CH TXT x", "400 _acme-challenge.zone-a.example TXT: the class must be IN."},
		{"a file to include", "$INCLUDE other.zone", "400 The zone file cannot be read: $INCLUDE directive not allowed: \"other.zone\" at line: 1:19."},
	} {
		body, header := form(c.file)
		status, text := h.try("POST", h.records("A")+"/import", body, header...)
		var a envelope
		if json.Unmarshal([]byte(text), &a) != nil || len(a.Errors) == 0 {
			t.Fatalf("%s: %d %s", c.what, status, text)
		}
		if got := fmt.Sprintf("%d %s", status, a.Errors[0].Message); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.what, got, c.want)
		}
		if after := h.all("A", ""); !equalJSON(after, before) {
			t.Fatalf("%s: the zone is changed: %v", c.what, after)
		}
	}
}

// TestAHiddenRecordIsAnsweredLikeOneThatIsNotThere, to the last byte.
func TestAHiddenRecordIsAnsweredLikeOneThatIsNotThere(t *testing.T) {
	t.Parallel()
	h := newHeld(t, acme)
	unknown := newID()
	for name, id := range h.ids {
		if strings.HasPrefix(name, "TXT _acme-challenge") && !strings.Contains(name, "challengex") {
			continue
		}
		for _, c := range []struct{ method, below, body string }{
			{"GET", "/<id>", ""}, {"DELETE", "/<id>", ""}, {"PATCH", "/<id>", `{"ttl":60}`}, {"PATCH", "/<id>", `{"ttl":5}`},
			{"PUT", "/<id>", `{"type":"TXT","name":"_acme-challenge","content":"x"}`},
			{"PUT", "/<id>", `{"type":"A","name":"www","content":"192.0.2.1"}`},
			{"POST", "/batch", `{"deletes":[{"id":"<id>"}]}`},
			{"POST", "/batch", `{"patches":[{"id":"<id>","ttl":5}],"posts":[{"type":"TXT","name":"_acme-challenge","content":"x","ttl":5}]}`},
			{"POST", "/batch", `{"patches":[{"id":"<id>","name":"_acme-challenge"}],"posts":[{"type":"A","name":"www","content":"192.0.2.1"}]}`},
		} {
			as := func(id string) string {
				status, text := h.try(c.method, h.records("A")+strings.ReplaceAll(c.below, "<id>", id), strings.ReplaceAll(c.body, "<id>", id))
				return fmt.Sprintf("%d %s", status, strings.ReplaceAll(text, id, "<id>"))
			}
			if hidden, nothing := as(id), as(unknown); hidden != nothing {
				t.Errorf("%s %s %s of %s answers\n%s\nof nothing\n%s", c.method, c.below, c.body, name, hidden, nothing)
			}
		}
	}
}

// TestNoRandomRequestChangesARecordOutOfScope: names, types, ids and operations
// thrown together.
func TestNoRandomRequestChangesARecordOutOfScope(t *testing.T) {
	t.Parallel()
	h := newHeld(t, acme)
	before := h.others()
	dice := rand.New(rand.NewPCG(11, 13))
	names := []string{"@", "www", "_acme-challenge", "_ACME-challenge.X", "*", "*._acme-challenge", "x._acme-challenge", "_acme-challenge.zone-a.example.",
		"_acme-challenge.zone-b.example", "zone-a.example", "", "_acme-challenge.sub", "_acme-challenge.alias", "bücher", "_acme-challenge.bücher"}
	types := []string{"TXT", "txt", "A", "CNAME", "NS", "MX", ""}
	contents := map[string]string{"TXT": "x", "txt": "y", "A": "192.0.2.9", "CNAME": "c.example", "NS": "n.example", "MX": "m.example"}
	did := 0
	for range 600 {
		record := obj{"ttl": 60 + dice.IntN(100)}
		name, typ := names[dice.IntN(len(names))], types[dice.IntN(len(types))]
		if dice.IntN(3) == 0 { // so that enough of them do something
			name, typ = "_acme-challenge", "TXT"
		}
		for _, m := range [][2]string{{"name", name}, {"type", typ}, {"content", contents[typ]}} {
			if m[1] != "" && dice.IntN(5) > 0 {
				record[m[0]] = m[1]
			}
		}
		all := append(h.all("A", ""), h.all("B", "")...)
		id := all[dice.IntN(len(all))].ID
		method, path, body := []string{"PUT", "PATCH", "PATCH", "DELETE", "POST", "POST"}[dice.IntN(6)], h.records("A")+"/"+id, record
		if method == "POST" {
			path = h.records("A")
			if dice.IntN(2) == 0 {
				record["id"] = id
				path, body = path+"/batch", obj{[]string{"posts", "patches", "puts"}[dice.IntN(3)]: []obj{record}}
			}
		}
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		status, answer := h.try(method, path, string(text))
		if status == 200 {
			did++
		}
		if after := h.others(); after != before {
			t.Fatalf("%s %s %s answers %d %s and changes\n%s\nto\n%s", method, path, text, status, answer, before, after)
		}
	}
	if did < 20 {
		t.Errorf("only %d requests did anything", did)
	}
}
