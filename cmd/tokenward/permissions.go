package main

import (
	"fmt"
	"strings"

	"github.com/tokenward/tokenward/v4"
)

// Scopes of permission groups.
const (
	scopeAccount = "com.cloudflare.api.account"
	scopeZone    = "com.cloudflare.api.account.zone"
	scopeUser    = "com.cloudflare.api.user"
	scopeBucket  = "com.cloudflare.edge.r2.bucket"
	scopeRecord  = "com.tokenward.dns.record"
)

// scopeNames are the short names that --permission takes behind an @.
func scopeNames() map[string]string {
	return map[string]string{"account": scopeAccount, "zone": scopeZone, "user": scopeUser, "bucket": scopeBucket}
}

// findGroup finds the one permission group that the user means by "Name",
// "Name@scope" or an id.
func findGroup(groups []v4.PermissionGroup, want string) (v4.PermissionGroup, error) {
	name, scope := splitScope(want)
	var found []v4.PermissionGroup
	for _, g := range groups {
		if (g.ID == want || strings.EqualFold(g.Name, name)) && (scope == "" || scopeOf(g) == scope) {
			found = append(found, g)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return v4.PermissionGroup{}, fmt.Errorf("--permission: there is no group %q here%s", want, nearNames(groups, name))
	}
	return v4.PermissionGroup{}, fmt.Errorf("--permission: there are %d groups %q: write one of %s", len(found), want, scopedNames(found))
}

// splitScope splits "Logs Read@zone" into the name and the full scope.
func splitScope(s string) (name, scope string) {
	i := strings.LastIndexByte(s, '@')
	if i < 0 {
		return s, ""
	}
	scope = s[i+1:]
	if full, ok := scopeNames()[scope]; ok {
		scope = full
	}
	return s[:i], scope
}

// scopeOf is a group's scope; every group has one.
func scopeOf(g v4.PermissionGroup) string {
	if len(g.Scopes) == 0 {
		return ""
	}
	return g.Scopes[0]
}

func scopedNames(groups []v4.PermissionGroup) string {
	var names []string
	for _, g := range groups {
		scope := scopeOf(g)
		for short, full := range scopeNames() {
			if full == scope {
				scope = short
			}
		}
		names = append(names, fmt.Sprintf("%q", g.Name+"@"+scope))
	}
	return strings.Join(names, ", ")
}

// maxNear bounds what an error proposes.
const maxNear = 6

// nearNames proposes groups that begin with the same word.
func nearNames(groups []v4.PermissionGroup, name string) string {
	first, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(name)), " ")
	var near []string
	for _, g := range groups {
		if first != "" && strings.HasPrefix(strings.ToLower(g.Name), first) && len(near) < maxNear {
			near = append(near, fmt.Sprintf("%q", g.Name))
		}
	}
	if len(near) == 0 {
		return ""
	}
	return "; near it: " + strings.Join(near, ", ")
}
