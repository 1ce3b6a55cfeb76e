package client

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
)

const (
	perPage  = 50   // the most that every collection takes
	maxPages = 2000 // a server that never ends is one that is wrong
)

// pages reads a collection until a page is empty, which is how one ends on every
// server; the totals are not on every one. A row that moved to a later page
// while we read is taken once.
func pages[T any](ctx context.Context, c *Client, path string, query url.Values, id func(T) string) ([]T, error) {
	var all []T
	seen := map[string]bool{}
	for page := 1; page <= maxPages; page++ {
		query.Set("page", strconv.Itoa(page))
		query.Set("per_page", strconv.Itoa(perPage))
		items, err := call[[]T](ctx, c, request{method: http.MethodGet, path: path, query: query})
		if err != nil {
			return nil, err
		}
		if len(items) == 0 {
			return all, nil
		}
		before := len(all)
		for _, item := range items {
			if !seen[id(item)] {
				seen[id(item)] = true
				all = append(all, item)
			}
		}
		if len(all) == before {
			return nil, fmt.Errorf("GET %s: the server answers page %d with what it had answered before", path, page)
		}
	}
	return nil, fmt.Errorf("GET %s: more than %d pages", path, maxPages)
}
