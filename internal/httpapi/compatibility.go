package httpapi

import (
	"net/http"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/v4"
)

// listCompatibility lists which products take tokens that an account owns.
func (a *API) listCompatibility(*http.Request, *Call) (reply[v4.Compatibility], error) {
	table := a.authority.Catalog().Compatibility()
	out := v4.Compatibility{Version: table.Version}
	for _, v := range table.Versions {
		out.Versions = append(out.Versions, v4.CompatibilityVersion{Name: v.Name, Description: v.Description})
	}
	for i := range table.Products {
		p := &table.Products[i]
		row := v4.Product{Name: p.Name, Paths: p.Paths}
		if in := table.In(p); in != catalog.Unlisted {
			row.Compatible = new(in == catalog.Accepts)
			row.Enforced = in == catalog.Refuses && len(p.Paths) > 0
		}
		out.Products = append(out.Products, row)
	}
	return reply[v4.Compatibility]{result: out}, nil
}
