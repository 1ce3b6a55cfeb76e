package store

import (
	"context"
	"slices"
)

// idsAtOnce is how many ids a statement takes that reads rows by id. The number is
// fixed because the databases write lists of any length differently, and so that a
// statement is prepared once.
const idsAtOnce = 32

// someByID runs a statement that takes idsAtOnce ids until all were asked for, each
// once. An id without a row is left out.
func someByID[T any](ctx context.Context, db *statements, scan func(row) (T, error), ids []string, query string) ([]T, error) {
	var list []T
	for some := range slices.Chunk(unique(ids), idsAtOnce) {
		args := make([]any, idsAtOnce)
		for i := range args {
			args[i] = "" // no row has this id
			if i < len(some) {
				args[i] = some[i]
			}
		}
		rows, err := all(ctx, db, scan, query, args...)
		if err != nil {
			return nil, err
		}
		list = append(list, rows...)
	}
	return list, nil
}
