package e2e

import (
	"fmt"
	"slices"
	"testing"

	"github.com/cloudflare/cloudflare-go/v7/cache"
	"github.com/cloudflare/cloudflare-go/v7/zones"
)

func zoneGet(id string) (p zones.ZoneGetParams) {
	set(&p.ZoneID, id)
	return p
}

func zoneNew(account, name string) (p zones.ZoneNewParams) {
	var a zones.ZoneNewParamsAccount
	set(&a.ID, account)
	set(&p.Account, a)
	set(&p.Name, name)
	set(&p.Type, "full")
	return p
}

func TestV7ZoneIsMadeReadListedAndDeleted(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	api := s.rootV7().zones
	made, err := api.New(t.Context(), zoneNew(s.Boot.AccountID, "example.org"))
	if err != nil {
		t.Fatal(err)
	}
	if len(made.ID) != 32 || made.Name != "example.org" || made.Account.ID != s.Boot.AccountID || made.Account.Name == "" ||
		made.Type != "full" || made.Paused || len(made.NameServers) != 2 || made.Owner.ID == "" || made.CreatedOn.IsZero() {
		t.Errorf("created: %s", made.JSON.RawJSON())
	}
	got, err := api.Get(t.Context(), zoneGet(made.ID))
	if err != nil {
		t.Fatal(err)
	}
	if got.JSON.RawJSON() != made.JSON.RawJSON() {
		t.Errorf("read %s\ncreated %s", got.JSON.RawJSON(), made.JSON.RawJSON())
	}
	var p zones.ZoneDeleteParams
	set(&p.ZoneID, made.ID)
	gone, err := api.Delete(t.Context(), p)
	if err != nil || gone.ID != made.ID {
		t.Errorf("delete: %v, error %v", gone, err)
	}
	// At the gate an id that does not exist is one that may not be touched.
	_, err = api.Get(t.Context(), zoneGet(made.ID))
	refusedV7(t, err, 403, 10000, "Authentication error")
	if names := s.zoneNames(t, func(p *zones.ZoneListParams) { set(&p.Name, "example.org") }); len(names) != 0 {
		t.Errorf("a deleted zone is listed: %v", names)
	}
}

// TestV7ZoneThatIsThereIsNotMadeAgain: 400, because the SDK would repeat a 409.
func TestV7ZoneThatIsThereIsNotMadeAgain(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	_, err := s.rootV7().zones.New(t.Context(), zoneNew(s.Boot.AccountID, s.Boot.Zones[0].Name))
	if status, code := codeV7(err); status != 400 || code != 1061 {
		t.Errorf("status %d, code %d; want 400 with 1061", status, code)
	}
}

// zoneNames lists the names of zones with a filter.
func (s *server) zoneNames(t *testing.T, filter func(*zones.ZoneListParams)) []string {
	t.Helper()
	var p zones.ZoneListParams
	filter(&p)
	rows, err := collect(s.rootV7().zones.ListAutoPaging(t.Context(), p))
	if err != nil {
		t.Fatal(err)
	}
	names := make([]string, len(rows))
	for i, z := range rows {
		names[i] = z.Name
	}
	return names
}

func TestV7ZoneFilters(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	if _, err := s.rootV7().zones.New(t.Context(), zoneNew(s.Boot.AccountID, "other.test")); err != nil {
		t.Fatal(err)
	}
	account := func(id string) func(*zones.ZoneListParams) {
		return func(p *zones.ZoneListParams) {
			var a zones.ZoneListParamsAccount
			set(&a.ID, id)
			set(&p.Account, a)
		}
	}
	name := func(v string) func(*zones.ZoneListParams) {
		return func(p *zones.ZoneListParams) { set(&p.Name, v) }
	}
	all := []string{"example.com", "example.net", "other.test"}
	for _, c := range []struct {
		what   string
		filter func(*zones.ZoneListParams)
		want   []string
	}{
		{"no filter", func(*zones.ZoneListParams) {}, all},
		{"name", name("example.net"), []string{"example.net"}},
		{"name in capitals", name("Example.NET"), []string{"example.net"}},
		{"name of none", name("example.invalid"), []string{}},
		{"name begins", name("starts_with:example"), []string{"example.com", "example.net"}},
		{"name ends", name("ends_with:.test"), []string{"other.test"}},
		{"name contains", name("contains:ample.n"), []string{"example.net"}},
		{"name is not", name("not_equal:example.com"), []string{"example.net", "other.test"}},
		{"account", account(s.Boot.AccountID), all},
		{"account of none", account("00000000000000000000000000000000"), []string{}},
		{"status", func(p *zones.ZoneListParams) { set(&p.Status, "moved") }, []string{}},
		{"any match", func(p *zones.ZoneListParams) {
			set(&p.Match, "any")
			set(&p.Name, "other.test")
			account("00000000000000000000000000000000")(p)
		}, []string{"other.test"}},
		{"order", func(p *zones.ZoneListParams) { set(&p.Order, "name"); set(&p.Direction, "asc") }, all},
		{"descending", func(p *zones.ZoneListParams) { set(&p.Order, "name"); set(&p.Direction, "desc") },
			[]string{"other.test", "example.net", "example.com"}},
	} {
		if got := s.zoneNames(t, c.filter); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
}

// manyZones makes zones, 62 with those of the demo, and gives all their names.
func (s *server) manyZones(t *testing.T) []string {
	t.Helper()
	names := []string{s.Boot.Zones[0].Name, s.Boot.Zones[1].Name}
	for i := range 60 {
		name := fmt.Sprintf("zone%02d.test", i)
		if _, err := s.rootV7().zones.New(t.Context(), zoneNew(s.Boot.AccountID, name)); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func TestV7PagerSeesEveryZoneOnce(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	sent := s.manyZones(t)
	for _, c := range []struct {
		perPage float64
		pages   int // with the empty one
	}{{0, 5}, {50, 3}, {31, 3}} {
		s.calls.take()
		got := s.zoneNames(t, func(p *zones.ZoneListParams) {
			if c.perPage != 0 {
				set(&p.PerPage, c.perPage)
			}
		})
		slices.Sort(got)
		if !slices.Equal(got, sent) {
			t.Errorf("%v a page: %d zones, want each of %d once", c.perPage, len(got), len(sent))
		}
		if n := s.calls.count("GET", "/zones"); n != c.pages {
			t.Errorf("%v a page: %d pages, want %d", c.perPage, n, c.pages)
		}
	}
}

func TestV7PurgeTakesAnyOneForm(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	var everything cache.CachePurgeParamsBodyCachePurgeEverything
	set(&everything.PurgeEverything, true)
	var files cache.CachePurgeParamsBodyCachePurgeSingleFile
	set(&files.Files, []string{"https://example.com/a.css"})
	var tags cache.CachePurgeParamsBodyCachePurgeFlexPurgeByTags
	set(&tags.Tags, []string{"a", "b"})
	var hosts cache.CachePurgeParamsBodyCachePurgeFlexPurgeByHostnames
	set(&hosts.Hosts, []string{"www.example.com"})
	var prefixes cache.CachePurgeParamsBodyCachePurgeFlexPurgeByPrefixes
	set(&prefixes.Prefixes, []string{"www.example.com/foo"})
	for _, body := range []cache.CachePurgeParamsBodyUnion{everything, files, tags, hosts, prefixes} {
		res, err := s.rootV7().cache.Purge(t.Context(), purge(s.zone(0), body))
		if err != nil || res.ID == "" {
			t.Errorf("%T: %v, error %v", body, res, err)
		}
	}
	_, err := s.rootV7().cache.Purge(t.Context(), purge(s.zone(0), cache.CachePurgeParamsBody{}))
	if status, code := codeV7(err); status != 400 || code == 0 {
		t.Errorf("nothing to purge: status %d, code %d; want 400", status, code)
	}
}

func purge(zone string, body cache.CachePurgeParamsBodyUnion) cache.CachePurgeParams {
	p := cache.CachePurgeParams{Body: body}
	set(&p.ZoneID, zone)
	return p
}
