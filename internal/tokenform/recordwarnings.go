package tokenform

import (
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// grant is a resource of a policy that allows something, with one of its groups.
type grant struct {
	level *Level
	res   *policy.Resource
}

// grants yields what a draft allows, without groups that the catalogue lacks.
func (b *Basis) grants(d *authority.Draft) func(yield func(grant) bool) {
	return func(yield func(grant) bool) {
		for i := range d.Policies {
			p := &d.Policies[i]
			for _, id := range p.Groups {
				l := b.Picker.Level(id)
				for k := range p.Resources {
					if l != nil && p.Effect == policy.Allow && !yield(grant{l, &p.Resources[k]}) {
						return
					}
				}
			}
		}
	}
}

// unseenZones reports whether a draft allows something on records and nothing by
// which a client could find their zones by name.
func (b *Basis) unseenZones(d *authority.Draft) bool {
	held := false
	for g := range b.grants(d) {
		records, rest := recordsAmong(g.res.Nested)
		if g.level.Group.Scope == catalog.KindZone && (g.res.Nested == nil || len(rest) > 0) {
			return false
		}
		held = held || len(records) > 0
	}
	return held
}

// outside are the names of records that a draft allows something on and that lie in
// none of the zone's, with the zone's name: "www.example.org (example.com)".
func (b *Basis) outside(d *authority.Draft) []string {
	var out []string
	for g := range b.grants(d) {
		kind, id := splitKey(g.res.Key)
		zone := b.Names[id]
		if kind != catalog.KindZone || zone == "" {
			continue
		}
		records, _ := recordsAmong(g.res.Nested)
		for _, r := range records {
			if text := r.Name + " (" + zone + ")"; !canLie(r.Name, zone) && !slices.Contains(out, text) {
				out = append(out, text)
			}
		}
	}
	return out
}

// canLie reports whether a name, or one that a pattern stands for, can be in a zone.
func canLie(pattern, zone string) bool {
	rest, open := strings.CutPrefix(pattern, "*.")
	switch {
	case pattern == "*" || strings.HasSuffix(pattern, ".*"):
		return true
	case rest == zone || strings.HasSuffix(rest, "."+zone):
		return true
	}
	return open && strings.HasSuffix(zone, "."+rest)
}

// everyAccountsZone reports whether a draft allows something on records in all
// zones of an account.
func (b *Basis) everyAccountsZone(d *authority.Draft) bool {
	for g := range b.grants(d) {
		records, _ := recordsAmong(g.res.Nested)
		if kind, _ := splitKey(g.res.Key); kind == catalog.KindAccount && len(records) > 0 {
			return true
		}
	}
	return false
}

// beyondRecords are the permissions that a template holds to records and the draft
// gives on whole zones, or on records of other types.
func (b *Basis) beyondRecords(d *authority.Draft, t *catalog.Template) []string {
	if t == nil || t.Records.Types == nil {
		return nil
	}
	var out []string
	for g := range b.grants(d) {
		if !g.level.OnRecords() {
			continue
		}
		text := g.level.Name() + " on whole zones"
		if records, rest := recordsAmong(g.res.Nested); g.res.Nested != nil && len(rest) == 0 {
			text = ""
			for _, r := range records {
				if slices.ContainsFunc(r.Types, func(typ string) bool { return !slices.Contains(t.Records.Types, typ) }) {
					text = g.level.Name() + " on " + r.Words()
				}
			}
		}
		if text != "" && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}
