package authority_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// limit is a draft at every limit: policies, groups, resources, ranges, name.
// Its zones are those of manyZones.
func limit() authority.Draft {
	d := authority.Draft{Name: strings.Repeat("é", authority.MaxTokenName)}
	groups := zoneGroups()
	n := 0
	for i := range policy.MaxPolicies {
		p := policy.Policy{Effect: policy.Allow, Groups: groups}
		if i%2 == 1 {
			p.Effect, p.Groups = policy.Deny, groups[i%len(groups):]
		}
		for range policy.MaxRules / policy.MaxPolicies {
			p.Resources = append(p.Resources, zone(manyZone(n)))
			n++
		}
		d.Policies = append(d.Policies, p)
	}
	for i := range policy.MaxCIDRs {
		d.Condition.In = append(d.Condition.In, fmt.Sprintf("198.51.%d.0/24", i))
		d.Condition.NotIn = append(d.Condition.NotIn, fmt.Sprintf("2001:db8:%x::/48", i))
	}
	return d
}

func zoneGroups() []string {
	var ids []string
	for _, g := range catalog.V4().Groups() {
		if g.Scope == catalog.KindZone {
			ids = append(ids, g.ID)
		}
	}
	return ids
}

func manyZone(n int) string { return fmt.Sprintf("%08xfeedfacefeedfacefeedface", n+1) }

// manyZones makes as many zones of acme as a token can name.
func (w *world) manyZones() {
	w.t.Helper()
	w.elsewhere(func(ctx context.Context, tx authority.Tx) error {
		var errs []error
		for n := range policy.MaxRules {
			errs = append(errs, tx.InsertZone(ctx, zoneRow(manyZone(n), acme, fmt.Sprintf("zone%d.example", n))))
		}
		return errors.Join(errs...)
	})
}

// TestDraftAtEveryLimitIsIssuedAndJudgedInReasonableTime: a request that takes
// many seconds of work is an attack. The time allowed is for a slow machine with
// the race detector.
func TestDraftAtEveryLimitIsIssuedAndJudgedInReasonableTime(t *testing.T) {
	w := newWorld(t)
	w.manyZones()
	o := accountOwner(acme)
	every := policy.Policy{Effect: policy.Allow, Groups: zoneGroups(), Resources: []policy.Resource{within(acme, allZones)}}
	_, parent := w.issue(o, allow(mayIssue, account(acme)), every, deny("DNS Write", zone(blog)))
	c := w.as(parent)
	begin := time.Now()
	_, secret, err := w.Issue(t.Context(), c, o, limit())
	if err != nil {
		t.Fatal(err)
	}
	last := policy.MaxRules - policy.MaxRules/policy.MaxPolicies - 1
	w.allowed(bearer(secret), authority.OpDNSCreate, inZone(manyZone(last)))
	w.denied(bearer(secret), authority.OpDNSCreate, inZone(shop), policy.NoGrant)
	if took := time.Since(begin); took > time.Minute {
		t.Errorf("it took %v", took)
	}
}

func TestBeyondALimitIsAFaultThatSaysWhich(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	many := func(n int) []policy.Resource {
		var list []policy.Resource
		for i := range n {
			list = append(list, zone(manyZone(i)))
		}
		return list
	}
	for name, c := range map[string]struct {
		spoil func(*authority.Draft)
		at    string
		says  string
	}{
		"policies": {func(d *authority.Draft) {
			for len(d.Policies) <= policy.MaxPolicies {
				d.Policies = append(d.Policies, allow("DNS Write", zone(shop)))
			}
		}, "/policies", "100"},
		"resources of a policy": {func(d *authority.Draft) {
			d.Policies = []policy.Policy{allow("DNS Write", many(policy.MaxPolicyResources+1)...)}
		}, "/policies/0/resources", "1000"},
		"resources in all": {func(d *authority.Draft) {
			d.Policies = nil
			for range policy.MaxRules/policy.MaxPolicyResources + 1 {
				d.Policies = append(d.Policies, allow("DNS Write", many(policy.MaxPolicyResources)...))
			}
		}, "/policies", "5000"},
		"groups of a policy": {func(d *authority.Draft) {
			for len(d.Policies[0].Groups) <= policy.MaxPolicyGroups {
				d.Policies[0].Groups = append(d.Policies[0].Groups, d.Policies[0].Groups[0])
			}
		}, "/policies/0/permission_groups", "512"},
		"ranges": {func(d *authority.Draft) {
			for len(d.Condition.NotIn) <= policy.MaxCIDRs {
				d.Condition.NotIn = append(d.Condition.NotIn, "198.51.100.0/24")
			}
		}, "/condition/request_ip/not_in", "200"},
		"a key": {func(d *authority.Draft) {
			d.Policies = []policy.Policy{allow("Workers R2 Storage Bucket Item Read", bucket(strings.Repeat("a", policy.MaxResourceKey)))}
		}, "/policies/0/resources/" + catalog.KindBucket + "." + strings.Repeat("a", policy.MaxResourceKey), "256"},
		"the name": {func(d *authority.Draft) { d.Name = strings.Repeat("a", authority.MaxTokenName+1) }, "/name", "120"},
	} {
		d := ordinary()
		c.spoil(&d)
		_, _, err := w.Issue(t.Context(), w.system(), accountOwner(acme), d)
		wantCode(t, err, authority.CodeInvalid)
		if points := faultsOf(err); len(points) != 1 || points[0] != c.at || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %.300v, want one fault at %.80s that says %s", name, err, c.at, c.says)
		}
	}
}
