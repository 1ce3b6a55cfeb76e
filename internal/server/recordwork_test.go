package server_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// TestATokenForSomeRecordsDoesItsWork: everything that a client for certificates
// does, with the zone found by its name.
func TestATokenForSomeRecordsDoesItsWork(t *testing.T) {
	t.Parallel()
	h := newHeld(t, acme)
	others := h.others()
	if got := rowIDs(t, h.ok(t, h.as, "GET", "/zones?name=zone-a.example", nil)); !slices.Equal(got, []string{h.zone}) {
		t.Fatalf("the zone is found as %v", got)
	}
	var made, now row
	a := h.ok(t, h.as, "POST", h.records("A"), obj{"type": "txt", "name": "_ACME-challenge.Shop.", "content": "token", "ttl": 60})
	a.decode(t, &made)
	if made.Name != "_acme-challenge.shop.zone-a.example" || made.Type != "TXT" {
		t.Errorf("made %+v", made)
	}
	one := h.records("A") + "/" + made.ID
	for _, c := range []struct {
		method string
		body   any
		want   string
	}{
		{"GET", nil, "token"},
		{"PATCH", obj{"content": "changed"}, "changed"},
		{"PUT", obj{"type": "TXT", "name": "_acme-challenge.shop.zone-a.example", "content": "replaced"}, "replaced"},
		{"PATCH", obj{"name": "_acme-challenge.other"}, "replaced"}, // from scope to scope
	} {
		a := h.ok(t, h.as, c.method, one, c.body)
		if a.decode(t, &now); now.Content != c.want {
			t.Errorf("%s: %+v", c.method, now)
		}
	}
	var batch map[string][]row
	a = h.ok(t, h.as, "POST", h.records("A")+"/batch", obj{
		"deletes": []obj{{"id": made.ID}}, "patches": []obj{{"id": h.ids["TXT _acme-challenge"], "ttl": 60}},
		"puts":  []obj{{"id": h.ids["TXT _acme-challenge'"], "type": "TXT", "name": "_acme-challenge", "content": "put"}},
		"posts": []obj{{"type": "TXT", "name": "_acme-challenge.batch", "content": "posted"}}})
	if a.decode(t, &batch); len(batch["deletes"]) != 1 || len(batch["patches"]) != 1 || len(batch["puts"]) != 1 || len(batch["posts"]) != 1 {
		t.Errorf("the batch answers %v", batch)
	}
	h.ok(t, h.as, "DELETE", h.records("A")+"/"+batch["posts"][0].ID, nil)
	body, header := form("_acme-challenge.file 60 IN TXT \"from a file\"\n_ACME-CHALLENGE.zone-a.example. 60 IN TXT \"put\"\n")
	if status, text := h.try("POST", h.records("A")+"/import", body, header...); status != 200 || !strings.Contains(text, `"recs_added":1,"total_records_parsed":2`) {
		t.Errorf("the import answers %d %s", status, text)
	}
	if got := h.others(); got != others {
		t.Errorf("other records are changed:\n%s\nwere\n%s", got, others)
	}
}

// TestWhatIsExportedCanBeImportedAgain by the same token: the file has the zone's
// own records at its head, and no others that are out of scope.
func TestWhatIsExportedCanBeImportedAgain(t *testing.T) {
	t.Parallel()
	h := newHeld(t, acme)
	status, file := h.try("GET", h.records("A")+"/export", "")
	if status != 200 {
		t.Fatalf("%d %s", status, file)
	}
	var lines []string
	for _, l := range strings.Split(file, "\n") {
		if l != "" && l[0] != ';' {
			lines = append(lines, l)
		}
	}
	if len(lines) != 2+3 || !strings.Contains(lines[0], "SOA") || !strings.Contains(lines[1], "NS\tns1.example.com.") {
		t.Errorf("the file has\n%s", strings.Join(lines, "\n"))
	}
	for _, l := range lines[2:] {
		if !strings.HasPrefix(l, "_acme-challenge.") || !strings.Contains(l, "\tTXT\t") {
			t.Errorf("the file has %s", l)
		}
	}
	body, header := form(file)
	if status, text := h.try("POST", h.records("A")+"/import", body, header...); status != 200 || !strings.Contains(text, `"recs_added":0,"total_records_parsed":3`) {
		t.Errorf("the import answers %d %s", status, text)
	}
}

// TestAListIsThatOfTheRecordsInScope: whatever is asked for, the rows and the
// totals are those that a zone without the other records would have.
func TestAListIsThatOfTheRecordsInScope(t *testing.T) {
	t.Parallel()
	h := newHeld(t, acme)
	for _, q := range []string{
		"", "&order=name", "&order=content&direction=desc", "&order=ttl", "&order=proxied", "&type=TXT", "&type=A", "&type=CNAME",
		"&name=zone-a.example", "&name=_acme-challenge.zone-a.example", "&name.contains=acme", "&name.startswith=x", "&name.endswith=.example",
		"&content=v=secret1", "&content.contains=hidden", "&content.contains=mine", "&content.startswith=192", "&search=hidden", "&search=mine", "&search=a",
		"&comment.present=true", "&comment.absent=true", "&comment.contains=note", "&tag=owner", "&tag=owner:hidden", "&tag.absent=owner", "&tag.contains=owner:c",
		"&match=any&name=www.zone-a.example&content=mine-1", "&match=any&type=A&type=MX", "&proxied=false", "&proxied=true",
		"&match=any&tag=owner:hidden&name.contains=alias", "&tag_match=any&tag=owner:hidden",
	} {
		var want, got []row
		for _, r := range h.all("A", q) {
			if isChallenge(&r) {
				want = append(want, r)
			}
		}
		for page := 1; page <= 1+len(want); page++ { // the last is past the end
			status, text := h.try("GET", h.records("A")+"?per_page=1&page="+itoa(page)+q, "")
			var a struct {
				Result []row
				Info   numbers `json:"result_info"`
			}
			if err := json.Unmarshal([]byte(text), &a); status != 200 || err != nil {
				t.Fatalf("%s: %d %s", q, status, text)
			}
			if a.Info["total_count"] != len(want) || a.Info["total_pages"] != len(want) {
				t.Errorf("%s: page %d says %v, want %d in all", q, page, a.Info, len(want))
			}
			got = append(got, a.Result...)
		}
		if !equalJSON(got, want) {
			t.Errorf("%s\n got %v\nwant %v", q, got, want)
		}
	}
}

func equalJSON(a, b any) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return string(x) == string(y)
}
