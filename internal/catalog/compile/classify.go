package compile

import (
	"fmt"
	"slices"
	"strings"
)

const (
	accountPrefix = "/accounts/{account_id}"
	zonePrefix    = "/zones/{zone_id}"
	ownPrefix     = "/tokenward" // of operations of our own
	bucketPrefix  = accountPrefix + "/r2/buckets/{bucket_name}"

	userScope   = "com.cloudflare.api.user"
	bucketScope = "com.cloudflare.edge.r2.bucket"
)

// classify sets what follows from the template and the accepted groups.
func (o *operation) classify(served []*group) error {
	var accepted []*group
	for _, label := range o.groups {
		no := slices.IndexFunc(served, func(g *group) bool { return g.label == label })
		if no < 0 {
			return fmt.Errorf("no served group has the label %q", label)
		}
		o.set = append(o.set, no)
		accepted = append(accepted, served[no])
	}
	slices.Sort(o.set)
	o.set = slices.Compact(o.set)
	o.family = familyOf(o.path)
	o.userOnly = under(o.path, "/user") || under(o.path, "/memberships")
	o.target = o.targetOf(accepted)
	if !o.anywhere {
		return nil
	}
	if o.userOnly || under(o.path, zonePrefix) || under(o.path, accountPrefix) {
		return fmt.Errorf("%s %s acts on a resource, not anywhere", o.method, o.path)
	}
	o.target = "anywhere"
	return nil
}

// familyOf is contract 2.2, "Decided".
func familyOf(path string) string {
	switch {
	case strings.HasSuffix(path, "/tokens/verify"):
		return "verify"
	case under(path, zonePrefix):
		return "zone"
	case slices.Contains([]string{"/user", "/accounts", "/zones", accountPrefix}, path):
		return "core"
	}
	for _, p := range []string{"/user/tokens", accountPrefix + "/tokens", accountPrefix + "/members", accountPrefix + "/roles"} {
		if under(path, p) {
			return "core"
		}
	}
	return "product"
}

// targetOf is the resource an operation acts on. A bucket's operations act on
// the bucket only where a bucket-scoped group is accepted; elsewhere the stated
// account groups are judged on the account. Operations outside every resource
// act on the user when user groups are all they accept (Radar, say).
func (o *operation) targetOf(accepted []*group) string {
	scoped := func(scope string) func(*group) bool {
		return func(g *group) bool { return g.scope == scope }
	}
	notUser := func(g *group) bool { return g.scope != userScope }
	switch {
	case under(o.path, bucketPrefix) && slices.ContainsFunc(accepted, scoped(bucketScope)):
		return "bucket"
	case under(o.path, zonePrefix):
		return "zone"
	case under(strings.TrimPrefix(o.path, ownPrefix), accountPrefix):
		return "account"
	case o.userOnly, len(accepted) > 0 && !slices.ContainsFunc(accepted, notUser):
		return "user"
	}
	return "none"
}

func under(path, prefix string) bool {
	return path == prefix || strings.HasPrefix(path, prefix+"/")
}
