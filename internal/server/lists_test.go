package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// byCursor is where lists are that go on by a cursor.
const byCursor = "/logs/audit"

// TestEveryListSaysWhereItIsAndEndsWithAnEmptyPage: classic clients stop at 50
// zones without total_pages, newer ones ask until a page is empty.
func TestEveryListSaysWhereItIsAndEndsWithAnEmptyPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	lists := map[string]bool{}
	for _, r := range w.record(t) {
		rows, ok := r.rows()
		if !ok || r.op.Method != http.MethodGet || strings.Contains(r.op.Template, byCursor) {
			continue
		}
		lists[r.op.Template] = true
		for _, member := range []string{"page", "per_page", "count", "total_count", "total_pages"} {
			if _, there := r.envelope.ResultInfo[member]; !there {
				t.Errorf("%s: result_info has no %s", r.op.Template, member)
			}
		}
		if n := r.envelope.ResultInfo["count"]; n != rows {
			t.Errorf("%s: count is %d, there are %d rows", r.op.Template, n, rows)
		}
	}
	if len(lists) < 12 {
		t.Errorf("only %d lists were looked at", len(lists))
	}
	for template := range lists {
		path := strings.NewReplacer("{account_id}", w.ids["account/1"], "{zone_id}", w.ids["zone/A"]).Replace(template)
		a := w.call(t, call{as: w.key("alice"), method: "GET", path: path + "?page=99"})
		if a.status != http.StatusOK || string(a.envelope.Result) != "[]" || a.envelope.ResultInfo["page"] != 99 || a.envelope.ResultInfo["count"] != 0 {
			t.Errorf("%s: page 99 is %d %s", template, a.status, clip(a.raw))
		}
	}
}

// rows counts the rows of a list; ok is false when the answer is none.
func (r *recorded) rows() (n int, ok bool) {
	var list []json.RawMessage
	if r.status != http.StatusOK || json.Unmarshal(r.raw, &r.envelope) != nil || json.Unmarshal(r.envelope.Result, &list) != nil {
		return 0, false
	}
	return len(list), true
}

// TestAListIsGivenOnceWhateverThePage: no row is on two pages, and none on none.
func TestAListIsGivenOnceWhateverThePage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	for i := range 12 {
		w.ok(t, w.key("alice"), "POST", "/user/tokens", obj{"name": fmt.Sprintf("t%d", i), "policies": []obj{}})
	}
	seen := map[string]int{}
	for page := 1; page <= 4; page++ {
		for _, id := range rowIDs(t, w.ok(t, w.key("alice"), "GET", fmt.Sprintf("/user/tokens?per_page=5&page=%d", page), nil)) {
			seen[id]++
		}
	}
	if len(seen) != 12 {
		t.Errorf("%d different tokens, want 12", len(seen))
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("%s is on %d pages", id, n)
		}
	}
}
