package tokenform

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

func TestFaultsOfADocumentStandBesideTheirLines(t *testing.T) {
	b := forUser(t)
	good := `{
  "name": "bot",
  "policies": [
    {
      "effect": "allow",
      "permission_groups": [{ "id": "` + id(b, "dns edit") + `" }],
      "resources": { "com.cloudflare.api.account.zone.` + shop + `": "*" }
    }
  ],
  "condition": { "request.ip": { "in": ["203.0.113.0/24"] } }
}`
	for _, row := range []struct{ old, new, want string }{
		{"", "", ""},
		{`"name": "bot"`, `"name": ""`, "2:3 Name must have a length"},
		{`"name": "bot"`, `"name": 7`, "2:3 It must be a string"},
		{`"name": "bot",`, `"name": "bot"`, "3:3 This is not JSON"},
		{`"name": "bot",`, `"name": "bot", "name": "bot",`, "2:3 It must be given only once"},
		{`"allow"`, `"maybe"`, `5:7 Effect must be "allow" or "deny"`},
		{id(b, "dns edit"), spelled("ee"), "6:31 Permission group"},
		{`zone.` + shop, `moon.` + shop, "7:22 com.cloudflare.api.account.moon"},
		{`203.0.113.0/24`, `203.0.113.0`, `10:41 "203.0.113.0" is a single address`},
		{`"condition"`, `"é": 1, "expire_on": "2027", "condition"`, "10:3 The API has no such member; 10:11 The API has no such member"},
		{good, ``, "1:1 This is not JSON"},
		{good, `[]`, "1:1 The document must be an object"},
		{good, `{"policies": []} x`, "1:18 This is not JSON"},
		{`"policies": [`, `"policies": null, "id": [`, "3:3 Policies must be given"},
	} {
		text := strings.Replace(good, row.old, row.new, 1)
		if row.old == good {
			text = row.new
		}
		_, _, faults := ReadDocument(b, text)
		var got []string
		for _, f := range faults {
			got = append(got, fmt.Sprintf("%d:%d %s", f.Line, f.Column, f.Message))
		}
		want := strings.Split(row.want, "; ")
		ok := len(got) == len(want) || row.want == "" && len(got) == 0
		for i := 0; ok && i < len(got); i++ {
			ok = strings.HasPrefix(got[i], want[i])
		}
		if !ok {
			t.Errorf("%s\n%q\nwant\n%q", text, got, want)
		}
	}
}

func TestDocumentIsBounded(t *testing.T) {
	doc, _, faults := ReadDocument(forUser(t), strings.Repeat(" ", MaxDocument+1))
	if len(faults) != 1 || len(doc.Text) != MaxDocument {
		t.Errorf("%d bytes, %v", len(doc.Text), faults)
	}
}

// TestDocumentOfATokenIsReadBack: what the editor starts with has no faults, and
// for a token that is edited policies keep their ids.
func TestDocumentOfATokenIsReadBack(t *testing.T) {
	b := forUser(t)
	d := authority.Draft{Name: "bot", Condition: policy.Condition{In: []string{}}, RateLimit: &authority.RateLimit{Requests: 1, Period: 2}, ExpiresOn: now.AddDate(0, 1, 0),
		Policies: []policy.Policy{{ID: spelled("e1"), Effect: policy.Deny, Groups: []string{id(b, "dns read")},
			Resources: []policy.Resource{{Key: catalog.KindAccount + "." + acme, Nested: []string{catalog.KindZone + ".*"}}}}}}
	text, err := b.Picker.Document(&d)
	if err != nil {
		t.Fatal(err)
	}
	for before, want := range map[*authority.Token]string{nil: "", {}: spelled("e1")} {
		b.Before = before
		_, back, faults := ReadDocument(b, text)
		if len(faults) > 0 || back.Condition.In == nil || *back.RateLimit != *d.RateLimit || !back.ExpiresOn.Equal(d.ExpiresOn) ||
			back.Policies[0].ID != want || back.Policies[0].Resources[0].Nested[0] != catalog.KindZone+".*" {
			t.Errorf("%+v became %+v, %v", d, back, faults)
		}
	}
}

func TestFaultsFoundLaterFindTheirLines(t *testing.T) {
	b := forUser(t)
	doc, _, _ := ReadDocument(b, "{\n\"name\": \"x\",\n\"policies\": [\n{}]}")
	got := doc.Locate([]policy.Fault{{Pointer: "/policies/0/permission_groups/3/id", Message: "over the ceiling"}, {Pointer: "/nowhere", Message: "m"}, {Pointer: "", Message: "m"}})
	if len(got) != 3 || got[2].Line != 4 || got[2].Message != "Over the ceiling." || got[0].Line != 1 {
		t.Errorf("%+v", got)
	}
}

func FuzzDocument(f *testing.F) {
	for _, s := range []string{`{"name":"x","policies":[{"effect":"allow","resources":{"a~/":{"b":"*"}}}]}`, `{"a":[1,{"b":null}]}`, "[", `{"":{"":1}}`} {
		f.Add(s)
	}
	b := forUser(f)
	f.Fuzz(func(t *testing.T, text string) {
		doc, _, faults := ReadDocument(b, text)
		lines := strings.Count(doc.Text, "\n") + 1
		for _, fault := range faults {
			if fault.Line < 1 || fault.Line > lines || fault.Column < 1 || fault.Message == "" {
				t.Fatalf("%+v in a text of %d lines", fault, lines)
			}
		}
	})
}
