package upstream

import (
	"fmt"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/gateway"
	"github.com/tokenward/tokenward/internal/policy"
)

// filter says what of a list is for its caller only.
type filter struct {
	items  string // JSON pointer to the array
	paging catalog.Paging
	size   int // rows of a page when the client does not say, 0 for as many as the upstream sends
	most   int // rows of a page at most, and of the upstream's pages when they are read, 0 for as the client asks
	sees   *catalog.Operation
	row    func(x *exchange, item any) policy.Path
	shows  func(item any) bool // in the place of sees and row, where it is set
}

// filters are those of the built-in catalogue's lists, by operation. Custom
// catalogues say theirs themselves.
type filters map[*catalog.Operation]*filter

// of is an operation's filter, nil where nothing is to be filtered.
func (f filters) of(op *catalog.Operation) *filter {
	l := op.List()
	if l == nil {
		return f[op]
	}
	return &filter{items: l.Items, paging: l.Paging, most: l.Paging.MaxPerPage, sees: op, row: func(x *exchange, item any) policy.Path {
		return x.pass.Match.Row(func(p catalog.Place) (string, bool) { return gateway.Scalar(item, p.Name) }, x.pass.Find)
	}}
}

// The lists of the v4 API whose rows lie in many accounts (contract 1.8): a row is
// shown to who may read what it is about.
var v4Lists = [...]struct{ list, sees, kind, id, account string }{
	{"zones-get", "zones-0-get", catalog.KindZone, "/id", "/account/id"},
	{"accounts-list-accounts", "accounts-account-details", catalog.KindAccount, "/id", ""},
	{"user'-s-account-memberships-list-memberships", "accounts-account-details", catalog.KindAccount, "/account/id", ""},
}

func builtInFilters(c *catalog.Catalog) (filters, error) {
	out := filters{}
	account := c.Vocabulary().Kind(catalog.KindAccount)
	for _, l := range v4Lists {
		op, ok := c.Operation(l.list)
		sees, ok2 := c.Operation(l.sees)
		kind := c.Vocabulary().Kind(l.kind)
		if !ok || !ok2 || kind == 0 {
			return nil, fmt.Errorf("upstream: the catalogue has no operation %q", l.list)
		}
		out[op] = &filter{
			items: "/result", size: 20, most: 50, sees: sees,
			paging: catalog.Paging{
				Count: "/result_info/count", TotalCount: "/result_info/total_count", TotalPages: "/result_info/total_pages",
				Page: "/result_info/page", PerPage: "/result_info/per_page",
			},
			row: func(_ *exchange, item any) policy.Path {
				path := refAt(kind, item, l.id)
				if l.account != "" && path.Len() > 0 {
					in, ok := idAt(item, l.account)
					if !ok {
						return policy.Path{}
					}
					path = path.In(policy.MakeRef(account, in))
				}
				return path
			},
		}
	}
	return out, nil
}

func refAt(kind policy.KindNo, item any, pointer string) policy.Path {
	id, ok := idAt(item, pointer)
	if !ok {
		return policy.Path{}
	}
	return policy.NewPath(policy.MakeRef(kind, id))
}

// idAt is an id of 32 hex digits that stands in a row.
func idAt(item any, pointer string) (string, bool) {
	id, ok := gateway.Scalar(item, pointer)
	if !ok {
		return "", false
	}
	_, ok = policy.ParseID(id)
	return id, ok
}

// parameter is the query parameter that asks for what stands at a pointer:
// "per_page" for "/result_info/per_page".
func parameter(pointer, otherwise string) string {
	if pointer == "" {
		return otherwise
	}
	return pointer[strings.LastIndexByte(pointer, '/')+1:]
}
