package dashboard

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/tokenform"
)

// How much of a token's use its page shows.
const (
	shownAddresses = 10
	shownDenials   = 10
	shownUses      = 10
)

// tokenUse is how a token was used.
type tokenUse struct {
	Chart      usageChart
	Addresses  []authority.AddressCount
	MoreAddrs  int
	Denials    []denialRow
	Done       []doneRow
	MoreDone   int
	Incomplete bool
}

// denialRow is a denial, with what would have allowed it.
type denialRow struct {
	At             time.Time
	What, On       string
	Reason         string
	Address        string
	Missing        []missingGroup
	MissingButMany bool // there are more
}

// missingGroup is a permission of which any one was needed.
type missingGroup struct{ ID, Name string }

// doneRow is what a token did.
type doneRow struct {
	What, On string
	Count    int64
	LastOn   time.Time
}

// useOf is a token's use in words.
func (d *Dashboard) useOf(in *request, a *authority.Activity, names tokenform.Names) tokenUse {
	out := tokenUse{Chart: newUsageChart(a.Days), Incomplete: a.Incomplete}
	out.Addresses = a.Addresses[:min(len(a.Addresses), shownAddresses)]
	out.MoreAddrs = len(a.Addresses) - len(out.Addresses)
	for _, seen := range a.Denials[:min(len(a.Denials), shownDenials)] {
		out.Denials = append(out.Denials, d.denial(&seen, names))
	}
	for _, use := range a.Uses {
		if use.Use.Denied {
			continue
		}
		row := doneRow{d.operation(use.Use.Operation), d.placeName(use.Use.Resource, names), use.Count, use.LastOn}
		at := slices.IndexFunc(out.Done, func(r doneRow) bool { return r.What == row.What && r.On == row.On })
		switch {
		case at >= 0: // by another permission
			out.Done[at].Count += row.Count
			if row.LastOn.After(out.Done[at].LastOn) {
				out.Done[at].LastOn = row.LastOn
			}
		case len(out.Done) == shownUses:
			out.MoreDone++
		default:
			out.Done = append(out.Done, row)
		}
	}
	return out
}

// maxMissing is how many permissions a denial names; the groups of one operation
// are alike.
const maxMissing = 4

func (d *Dashboard) denial(seen *authority.SeenDenial, names tokenform.Names) denialRow {
	row := denialRow{
		At: seen.At, What: d.operation(seen.Operation), On: d.placeName(seen.Resource, names),
		Reason: sentence(seen.Reason), Address: seen.Address, MissingButMany: len(seen.Missing) > maxMissing,
	}
	for _, id := range seen.Missing[:min(len(seen.Missing), maxMissing)] {
		if l := d.picker().Level(id); l != nil {
			row.Missing = append(row.Missing, missingGroup{id, l.Name()})
		}
	}
	return row
}

// operation is an operation as it is called: "GET /zones", or "GET /stores (Shop
// API)" of a custom catalogue.
func (d *Dashboard) operation(id string) string {
	if op, ok := d.authority.Catalog().Operation(id); ok {
		name := op.Method + " " + op.Template
		if api := op.API(); api != nil {
			name += " (" + cmp.Or(api.Title, api.Name) + ")"
		}
		return name
	}
	if id == "" {
		return "No operation that there is"
	}
	return id
}

// placeName is a resource's name, or its key where it has none; one of a custom
// catalogue is called by its kind and id, a DNS record by its type and name.
func (d *Dashboard) placeName(key string, names tokenform.Names) string {
	if isRecordKey(key) {
		typ, name, _ := strings.Cut(key[len(catalog.KindRecord)+1:], ":")
		return typ + " " + name
	}
	if words, ok := d.picker().CustomWords(key); ok {
		return words
	}
	if name := names[key[strings.LastIndexByte(key, '.')+1:]]; name != "" {
		return name
	}
	return key
}

// placesUsed is the resources of what a page shows of a token's use, as policies,
// for their names.
func placesUsed(a *authority.Activity) []policy.Policy {
	var p policy.Policy
	for _, seen := range a.Denials {
		p.Resources = append(p.Resources, policy.Resource{Key: seen.Resource})
	}
	for _, use := range a.Uses[:min(len(a.Uses), 2*shownUses)] {
		p.Resources = append(p.Resources, policy.Resource{Key: use.Use.Resource})
	}
	return []policy.Policy{p}
}
