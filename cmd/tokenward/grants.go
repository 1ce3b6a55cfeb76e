package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/client"
	"github.com/tokenward/tokenward/v4"
)

// all stands for every zone or account.
const all = "all"

// grants turns --permission, --zone, --record and --account-resource into policies.
type grants struct {
	api
	account string // owner of the token, "" for the user
	flags   *draftFlags
}

// policies has one policy for each scope, for a group acts only on resources of
// its own scope.
func (g grants) policies(ctx context.Context) ([]v4.PolicyRequest, error) {
	known, err := g.owner.PermissionGroups(ctx, "", "")
	if err != nil {
		return nil, err
	}
	byScope := map[string][]v4.GroupRefRequest{}
	var wrong faults
	for _, want := range g.flags.permissions {
		group, err := findGroup(known, want)
		if err != nil {
			wrong.addf("%s", err)
			continue
		}
		scope := g.scopeFor(group)
		byScope[scope] = append(byScope[scope], v4.GroupRefRequest{ID: group.ID})
	}
	if err := append(wrong, g.misplaced(byScope, len(wrong) > 0)...).err(); err != nil {
		return nil, err
	}
	var policies []v4.PolicyRequest
	for _, scope := range sortedKeys(byScope) {
		resources, err := g.resources(ctx, scope)
		if err != nil {
			return nil, err
		}
		policies = append(policies, v4.PolicyRequest{
			Effect: v4.EffectAllow, PermissionGroups: byScope[scope], Resources: resources,
		})
	}
	return policies, nil
}

// scopeFor is the kind of resource that a group is given on.
func (g grants) scopeFor(group v4.PermissionGroup) string {
	if len(g.flags.records) > 0 && onRecords(group.ID) {
		return scopeRecord
	}
	return scopeOf(group)
}

// misplaced reports scopes without resources, and resources that no permission
// acts on unless some permissions are unknown.
func (g grants) misplaced(byScope map[string][]v4.GroupRefRequest, partial bool) faults {
	var wrong faults
	for _, scope := range sortedKeys(byScope) {
		switch {
		case (scope == scopeZone || scope == scopeRecord) && len(g.flags.zones) == 0:
			wrong.addf("a permission on zones needs --zone: a name, an id or all")
		case scope == scopeRecord && slices.Contains(g.flags.zones, all) && len(g.holders()) == 0:
			wrong.addf("--record with --zone all needs --account-resource with an id: records are those of a zone or of an account")
		case scope == scopeAccount && len(g.flags.accounts) == 0 && g.account == "":
			wrong.addf("a permission on accounts needs --account-resource: an id or all")
		case scope != scopeZone && scope != scopeAccount && scope != scopeUser && scope != scopeRecord:
			wrong.addf("a permission on %s needs its resources written out: use --from-json", scope)
		}
	}
	wrong = append(wrong, g.wrongRecords()...)
	if partial {
		return wrong
	}
	held := byScope[scopeRecord] != nil
	if len(g.flags.records) > 0 && !held {
		wrong.addf("--record is given, but no permission can be held to records: DNS Read and DNS Write can")
	}
	if len(g.flags.zones) > 0 && byScope[scopeZone] == nil && !held {
		wrong.addf("--zone is given, but no permission acts on zones")
	}
	if len(g.flags.accounts) > 0 && byScope[scopeAccount] == nil && !(held && slices.Contains(g.flags.zones, all)) {
		wrong.addf("--account-resource is given, but no permission acts on accounts")
	}
	return wrong
}

func (g grants) resources(ctx context.Context, scope string) (v4.Resources, error) {
	switch scope {
	case scopeZone:
		return g.zoneResources(ctx)
	case scopeRecord:
		return g.recordResources(ctx)
	case scopeUser:
		me, err := g.client.Me(ctx)
		if err != nil {
			return nil, fmt.Errorf("look up the user on whom a permission holds: %w", err)
		}
		return v4.Resources{scopeUser + "." + me.ID: {Value: "*"}}, nil
	}
	return g.accountResources(), nil
}

func (g grants) accountResources() v4.Resources {
	ids := g.flags.accounts
	if len(ids) == 0 {
		ids = []string{g.account}
	}
	if slices.Contains(ids, all) {
		return v4.Resources{scopeAccount + ".*": {Value: "*"}}
	}
	rs := v4.Resources{}
	for _, id := range ids {
		rs[scopeAccount+"."+id] = v4.Resource{Value: "*"}
	}
	return rs
}

// zoneResources writes every zone as the API wants it: a token of an account has
// to say whose.
func (g grants) zoneResources(ctx context.Context) (v4.Resources, error) {
	every := scopeZone + ".*"
	switch {
	case slices.Contains(g.flags.zones, all) && len(g.flags.records) > 0:
		return g.inHolders(every), nil
	case slices.Contains(g.flags.zones, all) && g.account != "":
		return v4.Resources{scopeAccount + "." + g.account: {Nested: map[string]string{every: "*"}}}, nil
	case slices.Contains(g.flags.zones, all):
		return v4.Resources{every: {Value: "*"}}, nil
	}
	rs := v4.Resources{}
	for _, zone := range g.flags.zones {
		id, err := findZone(ctx, g.client, zone, g.account)
		if err != nil {
			return nil, err
		}
		rs[scopeZone+"."+id] = v4.Resource{Value: "*"}
	}
	return rs, nil
}

// findZone is the id of a zone that is given by name or id.
func findZone(ctx context.Context, c *client.Client, zone, account string) (string, error) {
	if isHexID(zone) {
		return zone, nil
	}
	zones, err := c.Zones(ctx, zone)
	if err != nil {
		return "", fmt.Errorf("look up zone %q: %w", zone, err)
	}
	var ids []string
	for _, z := range zones {
		if strings.EqualFold(z.Name, zone) && (account == "" || z.Account.ID == account) {
			ids = append(ids, z.ID)
		}
	}
	switch len(ids) {
	case 1:
		return ids[0], nil
	case 0:
		return "", usagef("--zone: the credential sees no zone %q; give its id", zone)
	}
	return "", usagef("--zone: there are %d zones %q; give the id of one: %s", len(ids), zone, strings.Join(ids, ", "))
}

// isHexID reports whether s has the form of an id: 32 hexadecimal digits.
func isHexID(s string) bool {
	return len(s) == 32 && strings.Trim(s, "0123456789abcdef") == ""
}

func sortedKeys[V any](m map[string]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
