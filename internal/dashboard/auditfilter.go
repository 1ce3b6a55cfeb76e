package dashboard

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
)

// maxFilter is how long a filter may be.
const maxFilter = 200

// auditFilter says which events of a log are shown. Its members are those of the
// page's address; what does not parse is said in form.
type auditFilter struct {
	Action, Who, Resource, Result, Address string
	Range                                  string // "", a preset, or "days" for since and until
	Since, Until                           string // days in UTC, both included

	form    *form
	since   time.Time
	before  time.Time // excluded
	network netip.Prefix
}

// auditPresets are the times that can be asked for by name.
func auditPresets() []option {
	return []option{
		{Value: "all", Label: "All time"}, {Value: "hour", Label: "Last hour"}, {Value: "day", Label: "Last 24 hours"},
		{Value: "week", Label: "Last 7 days"}, {Value: "month", Label: "Last 30 days"}, {Value: "days", Label: "The days below"},
	}
}

func presetLength(name string) (time.Duration, bool) {
	d, ok := map[string]time.Duration{"hour": time.Hour, "day": 24 * time.Hour, "week": 7 * 24 * time.Hour, "month": 30 * 24 * time.Hour}[name]
	return d, ok
}

// readAuditFilter reads the filter from the address.
func readAuditFilter(in *request) auditFilter {
	f := auditFilter{form: newForm()}
	for name, to := range f.members() {
		*to = strings.TrimSpace(in.query.Get(name))
		if len(*to) > maxFilter {
			*to = ""
			f.form.fail(name, "This is too long to search for.")
		}
		f.form.Set(name, *to)
	}
	f.readTimes(in.now())
	f.readAddress()
	if f.Result != "" && f.Result != "allowed" && f.Result != "denied" {
		f.form.fail("result", "Choose one of these.")
	}
	return f
}

func (f *auditFilter) members() map[string]*string {
	return map[string]*string{
		"action": &f.Action, "who": &f.Who, "resource": &f.Resource, "result": &f.Result, "address": &f.Address,
		"range": &f.Range, "since": &f.Since, "until": &f.Until,
	}
}

// readTimes finds the bounds. Days count only when no preset does.
func (f *auditFilter) readTimes(now time.Time) {
	if length, ok := presetLength(f.Range); ok {
		f.since = now.Add(-length)
		f.Since, f.Until = "", ""
	} else if f.Range == "all" && f.Since+f.Until != "" || f.Range == "days" || f.Range == "" {
		// Whoever fills in a day means it, also where the menu was left as it was.
		f.since, f.before = f.day("since"), f.day("until")
		if !f.before.IsZero() {
			f.before = f.before.AddDate(0, 0, 1)
		}
		f.Range = "all"
		if f.Since+f.Until != "" {
			f.Range = "days"
		}
	} else if f.Range != "all" {
		f.form.fail("range", "Choose one of these.")
	}
	f.form.Set("since", f.Since)
	f.form.Set("until", f.Until)
	f.form.Set("range", f.Range)
	if !f.since.IsZero() && !f.before.IsZero() && !f.since.Before(f.before) {
		f.form.fail("until", "This is before the first day.")
	}
}

// day reads a day of a field, the zero time for none.
func (f *auditFilter) day(name string) time.Time {
	s := f.form.Get(name)
	if s == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1 {
		f.form.fail(name, "Write a day as 2026-04-30.")
		return time.Time{}
	}
	return t
}

// readAddress takes an address or a range of them.
func (f *auditFilter) readAddress() {
	if f.Address == "" {
		return
	}
	if p, err := netip.ParsePrefix(f.Address); err == nil {
		f.network = p.Masked()
		return
	}
	a, err := netip.ParseAddr(f.Address)
	if err != nil || a.Zone() != "" {
		f.form.fail("address", "Write an address such as 203.0.113.7, or a range such as 203.0.113.0/24.")
		return
	}
	a = a.Unmap()
	f.network = netip.PrefixFrom(a, a.BitLen())
}

// query is what the authority is asked for.
func (f *auditFilter) query(in *request) authority.AuditQuery {
	q := authority.AuditQuery{Op: auditOp(in), AccountID: in.accountID(), Since: f.since, Before: f.before, Descending: true}
	if f.Action+f.Who+f.Resource+f.Result+f.Address != "" {
		q.Match = f.match
	}
	return q
}

// match reports whether an event passes every filter that is set.
func (f *auditFilter) match(e *authority.Event) bool {
	return (f.Action == "" || e.Action == f.Action) &&
		(f.Result == "" || (f.Result == "allowed") == e.Success) &&
		(f.Address == "" || f.from(e.Actor.IP)) &&
		(f.Who == "" || anyHas(f.Who, e.Actor.Email, e.Actor.TokenName, e.Actor.TokenID, e.Actor.ID)) &&
		(f.Resource == "" || anyHas(f.Resource, e.Resource.Type, e.Resource.ID, e.ZoneID, e.ZoneName, e.Metadata["token_name"], nameIn(e.New), nameIn(e.Old)))
}

func (f *auditFilter) from(ip string) bool {
	a, err := netip.ParseAddr(ip)
	return err == nil && f.network.Contains(a.Unmap())
}

// anyHas reports whether one of the texts contains part, without regard to case.
func anyHas(part string, texts ...string) bool {
	part = strings.ToLower(part)
	return slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(strings.ToLower(t), part) })
}

// address is the path with the filter and one more member.
func (f *auditFilter) address(path, name, value string) string {
	q := url.Values{name: {value}}
	for name, v := range f.members() {
		if *v != "" && (name != "range" || *v != "all") {
			q.Set(name, *v)
		}
	}
	return path + "?" + q.Encode()
}

// Set reports whether anything is filtered.
func (f auditFilter) Set() bool {
	return f.Action+f.Who+f.Resource+f.Result+f.Address+f.Since+f.Until != "" || f.Range != "all"
}

// Ranges and Actions are what there is to choose from.
func (f auditFilter) Ranges() []option { return chosen(auditPresets(), f.Range) }

func (f auditFilter) Results() []option {
	return chosen([]option{{Label: "Allowed and denied"}, {Value: "allowed", Label: "Allowed"}, {Value: "denied", Label: "Denied"}}, f.Result)
}

// Actions are the known actions, and the one that is asked for.
func (f auditFilter) Actions() []option {
	list := []option{{Label: "All actions"}}
	known := false
	for _, a := range auditActions() {
		list = append(list, option{Value: a.name, Label: a.label})
		known = known || a.name == f.Action
	}
	if f.Action != "" && !known {
		list = append(list, option{Value: f.Action, Label: f.Action})
	}
	return chosen(list, f.Action)
}

func chosen(list []option, value string) []option {
	for i := range list {
		list[i].Chosen = list[i].Value == value
	}
	return list
}
