package dashboard

import (
	"context"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
)

// compatibilityData is the table of products and whether they take tokens that
// an account owns.
type compatibilityData struct {
	Version  string // in force
	Versions []catalog.CompatibilityVersion
	InForce  string // what the version in force is
	All      bool   // it lets every product take them
	Rows     []compatibilityRow
	Total    int
	Refused  int
	Query    string
	Only     bool // those that refuse
}

type compatibilityRow struct {
	Name    string
	Now     catalog.Support
	Others  []catalog.Support // by the versions, in their order
	Paths   []string
	Changed bool // the versions do not agree
}

// compatibility shows the table in force beside the others.
func (d *Dashboard) compatibility(_ context.Context, in *request) (page, error) {
	table := d.authority.Catalog().Compatibility()
	data := compatibilityData{
		Version: table.Version, Versions: published(table.Versions), All: table.Version == catalog.CompatibleWithAll, Total: len(table.Products),
		Query: strings.TrimSpace(in.query.Get("q")), Only: in.query.Get("only") == "refused",
	}
	for _, v := range table.Versions {
		if v.Name == table.Version {
			data.InForce = v.Description
		}
	}
	for i := range table.Products {
		p := &table.Products[i]
		now := table.In(p)
		if now == catalog.Refuses {
			data.Refused++
		}
		if data.Query != "" && !anyHas(data.Query, append(p.Paths, p.Name)...) || data.Only && now != catalog.Refuses {
			continue
		}
		data.Rows = append(data.Rows, newCompatibilityRow(p, now))
	}
	return show("compatibility", "Compatibility", data), nil
}

func newCompatibilityRow(p *catalog.Product, now catalog.Support) compatibilityRow {
	r := compatibilityRow{Name: p.Name, Now: now, Others: p.Support, Paths: p.Paths}
	for _, s := range p.Support {
		r.Changed = r.Changed || s != p.Support[0]
	}
	return r
}

// published are the versions that are tables, without the one that lets
// everything through.
func published(versions []catalog.CompatibilityVersion) []catalog.CompatibilityVersion {
	return slices.DeleteFunc(slices.Clone(versions), func(v catalog.CompatibilityVersion) bool { return v.Name == catalog.CompatibleWithAll })
}
