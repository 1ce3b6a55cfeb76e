package main

import (
	"context"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/v4"
)

// onRecords reports whether a permission group can be held to records.
func onRecords(groupID string) bool {
	group, ok := catalog.V4().Group(groupID)
	return ok && group.Below == scopeRecord
}

// wrongRecords is what is wrong with the values of --record.
func (g grants) wrongRecords() faults {
	var wrong faults
	for _, id := range g.flags.records {
		if message := catalog.V4().WrongRecord(id); message != "" {
			wrong.addf("--record: %q: %s", id, message)
		}
	}
	return wrong
}

// holders are the accounts in all of whose zones records are named.
func (g grants) holders() []string {
	if g.account != "" {
		return []string{g.account}
	}
	var ids []string
	for _, id := range g.flags.accounts {
		if id != all {
			ids = append(ids, id)
		}
	}
	return ids
}

// inHolders nests keys in each of those accounts.
func (g grants) inHolders(keys ...string) v4.Resources {
	rs := v4.Resources{}
	for _, id := range g.holders() {
		rs[scopeAccount+"."+id] = wireResource(keys)
	}
	return rs
}

// recordResources writes the records in every zone, or in the accounts where all of
// their zones are meant.
func (g grants) recordResources(ctx context.Context) (v4.Resources, error) {
	var keys []string
	for _, id := range g.flags.records {
		keys = append(keys, scopeRecord+"."+id)
	}
	rs := v4.Resources{}
	for _, zone := range g.flags.zones {
		if zone == all {
			return g.inHolders(keys...), nil
		}
		id, err := findZone(ctx, g.client, zone, g.account)
		if err != nil {
			return nil, err
		}
		rs[scopeZone+"."+id] = wireResource(keys)
	}
	return rs, nil
}
