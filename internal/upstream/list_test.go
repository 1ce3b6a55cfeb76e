package upstream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/catalogfile"
	"github.com/tokenward/tokenward/internal/gateway"
	"github.com/tokenward/tokenward/internal/policy"
)

// zoneID is the id of a toy zone; every third is the caller's.
func zoneID(n int) string { return fmt.Sprintf("%032x", n) }

func ours(row policy.Path) bool {
	n, err := strconv.ParseInt(row.Leaf().String(), 16, 64)
	return err == nil && n%3 == 0
}

// zoneList is an upstream with total zones.
func zoneList(total int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		per, _ := strconv.Atoi(r.URL.Query().Get("per_page"))
		rows := []map[string]any{}
		for n := (page - 1) * per; n < min(page*per, total); n++ {
			rows = append(rows, map[string]any{"id": zoneID(n), "name": "z", "account": map[string]any{"id": account}})
		}
		json.NewEncoder(w).Encode(map[string]any{
			"result": rows, "success": true, "errors": []any{}, "messages": []any{},
			"result_info": map[string]any{"page": page, "per_page": per, "count": len(rows), "total_count": total, "total_pages": (total + per - 1) / per},
		})
	}
}

type listing struct {
	Result []struct{ ID string }
	Info   struct {
		Page       int
		PerPage    int `json:"per_page"`
		Count      int
		TotalCount int `json:"total_count"`
		TotalPages int `json:"total_pages"`
	} `json:"result_info"`
}

func TestListsShowWhatTheCallerMaySee(t *testing.T) {
	w := newWorld(t, zoneList(120), nil)
	w.sees = ours
	for query, want := range map[string]string{
		"":                    "1/20 20 of 40 in 2",
		"?page=2":             "2/20 20 of 40 in 2",
		"?page=3":             "3/20 0 of 40 in 2",
		"?per_page=7&page=6":  "6/7 5 of 40 in 6",
		"?per_page=5000":      "1/50 40 of 40 in 1",
		"?page=-1&per_page=0": "1/20 20 of 40 in 2",
	} {
		_, body := w.get("/zones" + query)
		var got listing
		if err := json.Unmarshal([]byte(body), &got); err != nil {
			t.Fatalf("%s: %v in %s", query, err, body)
		}
		i := got.Info
		if s := fmt.Sprintf("%d/%d %d of %d in %d", i.Page, i.PerPage, i.Count, i.TotalCount, i.TotalPages); s != want || i.Count != len(got.Result) {
			t.Errorf("%s: %s with %d rows, want %s", query, s, len(got.Result), want)
		}
		for n, row := range got.Result {
			if row.ID != zoneID(3*((i.Page-1)*i.PerPage+n)) {
				t.Errorf("%s: row %d is %s", query, n, row.ID)
			}
		}
	}
}

func TestListsThatCannotBeFilteredAreNotShown(t *testing.T) {
	for name, answer := range map[string]string{
		"no JSON": "<html>theirs", "no list": `{"result":{"id":"theirs"}}`, "nothing": `{}`,
		"two readings": `{"result":[{"id":"theirs","id":"` + zone + `"}]}`, "two ends": `{"result":[]} {"result":["theirs"]}`,
	} {
		w := newWorld(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, answer) }, nil)
		if res, body := w.get("/zones"); res.StatusCode != 502 || strings.Contains(body, "theirs") || !strings.Contains(body, `"success":false`) {
			t.Errorf("%s: %d %s", name, res.StatusCode, body)
		}
	}
	w := newWorld(t, func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, `{"result":[{"name":"theirs"},{"id":"theirs"},{"id":"`+zone+`","account":{"id":"theirs"}},7],"result_info":{"total_pages":1,"total_count":4}}`)
	}, nil)
	if res, body := w.get("/zones"); res.StatusCode != 200 || strings.Contains(body, "theirs") || !strings.Contains(body, `"total_count":0`) {
		t.Errorf("rows that name nothing: %d %s", res.StatusCode, body)
	}
}

func TestListsThatAreTooLongAreRefused(t *testing.T) {
	w := newWorld(t, zoneList(501), func(c *Config) { c.MaxListPages = 10 })
	if res, body := w.get("/zones"); res.StatusCode != 502 || !strings.Contains(body, `"code":7033`) {
		t.Errorf("%d %s", res.StatusCode, body)
	}
	w = newWorld(t, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"result":[%q]}`, strings.Repeat("x", maxListPage))
	}, nil)
	if res, body := w.get("/zones"); res.StatusCode != 502 || len(body) > 1000 {
		t.Errorf("a huge page: %d %d bytes", res.StatusCode, len(body))
	}
}

func TestListsPassOnWhyThereIsNone(t *testing.T) {
	status := 0
	w := newWorld(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(status)
	}, nil)
	for upstream, want := range map[int]int{429: 429, 403: 403, 500: 500, 401: 502, 302: 502, 204: 502} {
		status = upstream
		res, _ := w.get("/zones")
		if res.StatusCode != want || upstream == 429 && res.Header.Get("Retry-After") != "7" || upstream == 403 && res.Header.Get(headerDeniedBy) != "upstream" {
			t.Errorf("%d: %d %v", upstream, res.StatusCode, res.Header)
		}
	}
}

// TestZonesAreLearnt from the upstream: once for all who ask, and for a time.
func TestZonesAreLearnt(t *testing.T) {
	var mu sync.Mutex
	calls, status := 0, 200
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		mu.Lock()
		calls++
		s := status
		mu.Unlock()
		if r.Header.Get("Authorization") != "Bearer "+secret {
			s = 401
		}
		rw.WriteHeader(s)
		fmt.Fprintf(rw, `{"result":{"id":%q,"account":{"id":%q}}}`, r.URL.Path[len("/base/zones/"):], account)
	}, nil)
	z, now := newZones(w.proxy), time.Now()
	z.clock = func() time.Time { return now }
	var group sync.WaitGroup
	for range 16 {
		group.Go(func() {
			if got, err := z.Account(t.Context(), zone); got != account || err != nil {
				t.Errorf("%q %v", got, err)
			}
		})
	}
	group.Wait()
	if calls != 1 {
		t.Errorf("%d calls for one zone", calls)
	}
	now = now.Add(zoneTTL)
	if z.Account(t.Context(), zone); calls != 2 {
		t.Errorf("%d calls after the time is over", calls)
	}
	for _, status = range []int{404, 403, 400} {
		if got, err := z.Account(t.Context(), zoneID(status)); got != "" || err != nil {
			t.Errorf("%d: %q %v", status, got, err)
		}
		before := calls
		if z.Account(t.Context(), zoneID(status)); calls != before {
			t.Errorf("%d was asked for again", status)
		}
	}
	for _, status = range []int{500, 401, 429, 302} {
		if got, err := z.Account(t.Context(), zoneID(status)); got != "" || err == nil {
			t.Errorf("%d: %q, and no error", status, got)
		}
	}
	status = 200
	if got, err := z.Account(t.Context(), zoneID(500)); got != account || err != nil {
		t.Errorf("an error was remembered: %q %v", got, err)
	}
	if got, err := z.Account(t.Context(), "../accounts"); got != "" || err != nil {
		t.Errorf("no id: %q %v", got, err)
	}
	for i := range maxAsking {
		z.slots <- struct{}{}
		_ = i
	}
	if _, err := z.Account(t.Context(), zoneID(1)); err == nil || errors.Is(err, t.Context().Err()) {
		t.Errorf("too many: %v", err)
	}
}

// TestListsOfCustomCataloguesAreReadInTheirLargestPages, and clients get no larger
// ones.
func TestListsOfCustomCataloguesAreReadInTheirLargestPages(t *testing.T) {
	const file = `
version: 1
name: shop
account: caller
kinds: [{name: com.example.store, id: slug}]
products:
  - name: Stores
    groups: [{key: stores_read, name: Stores Read, scope: com.example.store}]
operations:
  - id: list
    method: GET
    path: /stores
    groups: [stores_read]
    list:
      items: /result
      rows: [{kind: com.example.store, id: /id}]
      paging: {page: /result_info/page, per_page: /result_info/per_page, total_count: /result_info/total_count, total_pages: /result_info/total_pages, max_per_page: 30}
`
	spec, faults := catalogfile.Parse([]byte(file), "")
	if spec == nil {
		t.Fatal(faults)
	}
	c, err := catalog.Extend(catalog.V4(), spec)
	if err != nil {
		t.Fatal(err)
	}
	api, _ := c.API("shop")
	match, miss := api.Match("GET", "/stores")
	if miss != catalog.Hit {
		t.Fatal(miss)
	}
	var asked atomic.Int64
	w := newWorld(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		zoneList(100)(w, r)
	}, nil)
	for query, want := range map[string]string{"?per_page=50": "30 100 4", "?per_page=7": "7 100 15", "": "30 100 4"} {
		asked.Store(0)
		x := &exchange{proxy: w.proxy, ctx: t.Context(), pass: &Pass{Match: match, Sees: func(context.Context, *catalog.Operation, policy.Path) (bool, error) { return true, nil }}}
		r := httptest.NewRequest("GET", "/"+query, nil)
		doc, err := w.proxy.filterAll(r, x, w.proxy.filters.of(match.Op), r.URL.Query())
		if err != nil {
			t.Fatal(err)
		}
		size, _ := gateway.At(doc, "/result_info/per_page")
		rows, _ := gateway.At(doc, "/result_info/total_count")
		pages, _ := gateway.At(doc, "/result_info/total_pages")
		if got := fmt.Sprint(size, rows, pages); got != want || asked.Load() != 4 {
			t.Errorf("%s: %s after %d pages", query, got, asked.Load())
		}
	}
	for _, bad := range []string{"0", "1001", "many", "[1]"} {
		if spec, _ := catalogfile.Parse([]byte(strings.Replace(file, "max_per_page: 30", "max_per_page: "+bad, 1)), ""); spec != nil {
			t.Errorf("max_per_page: %s is taken", bad)
		}
	}
}
