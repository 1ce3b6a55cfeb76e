package dns_test

import (
	"fmt"
	"net/url"
	"slices"
	"testing"

	"github.com/tokenward/tokenward/internal/dns"
)

func parseQuery(t *testing.T, query string) dns.Query {
	t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	q, err := dns.ParseQuery(values)
	if err != nil {
		t.Fatalf("query %q: %v", query, err)
	}
	return q
}

func TestFiltersSelectRecords(t *testing.T) {
	w := newWorld(t)
	for _, d := range []dns.Draft{
		{Name: "www", Type: "A", Content: "192.0.2.1", Proxied: ptr(true), Tags: ptr([]string{"team:DNS", "important"})},
		{Name: "api", Type: "A", Content: "192.0.2.2", TTL: ptr(300), Comment: ptr("Hello, World")},
		{Name: "shop", Type: "CNAME", Content: "Shops.Example.NET", TTL: ptr(60), Tags: ptr([]string{"team:web"})},
		{Name: "@", Type: "TXT", Content: `"v=spf1 -all"`, TTL: ptr(120)},
		{Name: "_acme-challenge", Type: "TXT", Content: "token", TTL: ptr(120)},
	} {
		w.create(d)
	}
	const (
		www  = "A www.example.com 192.0.2.1"
		api  = "A api.example.com 192.0.2.2"
		shop = "CNAME shop.example.com Shops.Example.NET"
		spf  = `TXT example.com "v=spf1 -all"`
		acme = "TXT _acme-challenge.example.com token"
	)
	for _, tt := range []struct {
		query string
		want  []string
	}{
		{"", []string{api, www, shop, acme, spf}},
		{"name=WWW.example.com.", []string{www}},
		{"name.exact=www.example.com", []string{www}},
		{"name=www", nil},
		{"name.contains=P", []string{api, www, shop, acme, spf}},
		{"name[startswith]=S", []string{shop}},
		{"name.endswith=i.example.com", []string{api}},
		{"type=txt", []string{acme, spf}},
		{"content=192.0.2.2", []string{api}},
		{"content.startswith=192.0.2.", []string{api, www}},
		{"content=shops.example.net.", []string{shop}},
		{"content=v%3Dspf1+-all", []string{spf}},
		{"content=%22v%3Dspf1+-all%22", []string{spf}},
		{"type=TXT&name=_acme-challenge.example.com&content=%22token%22&per_page=1", []string{acme}},
		{"content.contains=SPF1", []string{spf}},
		{"proxied=true", []string{www}},
		{"proxied=false&type=A", []string{api}},
		{"comment=hello, world", []string{api}},
		{"comment.contains=llo", []string{api}},
		{"comment.present", []string{api}},
		{"comment.absent=&type=A", []string{www}},
		{"tag=important", []string{www}},
		{"tag=TEAM:dns", []string{www}},
		{"tag.present=team", []string{www, shop}},
		{"tag.absent=team&type=A", []string{api}},
		{"tag.startswith=team:w", []string{shop}},
		{"tag.contains=team:N", []string{www}},
		{"tag=important&tag.exact=team:web", nil},
		{"tag=important&tag.exact=team:web&tag_match=any", []string{www, shop}},
		{"name=www.example.com&type=CNAME", nil},
		{"name=www.example.com&type=CNAME&match=any", []string{www, shop}},
		{"search=HELLO", []string{api}},
		{"search=important", []string{www}},
		{"order=name", []string{acme, api, spf, shop, www}},
		{"order=content", []string{spf, www, api, shop, acme}},
		{"order=ttl&direction=desc", []string{api, acme, spf, shop, www}},
		{"order=proxied&direction=desc&per_page=1", []string{www}},
		{"per_page=2&page=3", []string{spf}},
		{"per_page=2&page=4", nil},
		{"unknown=1&name.like=x&type.contains=x", []string{api, www, shop, acme, spf}},
	} {
		if got := w.list(tt.query); !slices.Equal(got, tt.want) {
			t.Errorf("%s\n got %q\nwant %q", tt.query, got, tt.want)
		}
	}
}

func TestAListCountsAllThatMatch(t *testing.T) {
	w := newWorld(t)
	for i := range 5 {
		w.create(dns.Draft{Name: fmt.Sprintf("host%d", i), Type: "A", Content: "192.0.2.1"})
	}
	for _, tt := range []struct {
		query       string
		page, total int
	}{{"per_page=2", 2, 5}, {"per_page=2&page=3", 1, 5}, {"per_page=2&page=4", 0, 5}, {"page=5000000&per_page=5000000", 0, 5}} {
		page, total, err := w.List(t.Context(), w.all(w.zone), parseQuery(t, tt.query))
		if err != nil {
			t.Fatal(err)
		}
		if len(page) != tt.page || total != tt.total || page == nil {
			t.Errorf("%s: %d of %d records, want %d of %d", tt.query, len(page), total, tt.page, tt.total)
		}
	}
}

func TestAWrongParameterIsNamed(t *testing.T) {
	for query, want := range map[string]string{
		"per_page=0":       "Parameter per_page must be a whole number between 1 and 5000000. (9205)",
		"per_page=5000001": "Parameter per_page must be a whole number between 1 and 5000000. (9205)",
		"page=x":           "Parameter page must be a whole number between 1 and 2147483647. (9205)",
		"proxied=maybe":    "Parameter proxied must be one of true, false. (9205)",
		"order=age":        "Parameter order must be one of type, name, content, ttl, proxied. (9205)",
		"direction=up":     "Parameter direction must be one of asc, desc. (9205)",
		"match=some":       "Parameter match must be one of all, any. (9205)",
		"tag_match=some":   "Parameter tag_match must be one of all, any. (9205)",
	} {
		values, _ := url.ParseQuery(query)
		if _, err := dns.ParseQuery(values); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %q", query, err, want)
		}
	}
}
