package dashboard

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// What a member is given is, in the form, either roles of the whole account or
// domain roles on all of its zones or some. Its fields: "on" is "account" or
// "domains"; "role" and "domain_role" are ids; "zones" is "all" or "some", and
// those are in "zone", or as names in "zone_names" where there are too many to
// choose from.

// maxZoneChoices is how many zones the form offers to tick.
const maxZoneChoices = 100

// grantChoices is what the form offers.
type grantChoices struct {
	Roles, DomainRoles []authority.Role
	Zones              []authority.Zone // none when there are too many
	ManyZones          bool
}

func (d *Dashboard) grantChoices(ctx context.Context, in *request) (grantChoices, error) {
	var out grantChoices
	for _, r := range d.authority.Roles() {
		if r.Domain {
			out.DomainRoles = append(out.DomainRoles, r)
		} else {
			out.Roles = append(out.Roles, r)
		}
	}
	zones, total, err := d.zonesOf(ctx, in, "", 0, maxZoneChoices)
	if out.ManyZones = total > maxZoneChoices; !out.ManyZones {
		out.Zones = zones
	}
	return out, err
}

// grantsOf fills a form with what a member has. It is false, and the form empty,
// for what the form cannot say.
func grantsOf(f *form, m *authority.Member) bool {
	f.Set("on", "account")
	if len(m.Policies) == 0 {
		f.Set("role", m.Roles...)
		return true
	}
	zones, all, ok := zonesGiven(m)
	if !ok {
		return false
	}
	f.Set("on", "domains")
	f.Set("domain_role", m.Policies[0].Groups...)
	f.Set("zones", "some")
	if all {
		f.Set("zones", "all")
	}
	f.Set("zone", zones...)
	f.Set("zone_names", strings.Join(zones, "\n"))
	return true
}

// zonesGiven are the zones of a member's one policy that allows, or all of them.
// ok is false for policies of any other form.
func zonesGiven(m *authority.Member) (zones []string, all, ok bool) {
	if len(m.Roles) > 0 || len(m.Policies) != 1 || m.Policies[0].Effect != policy.Allow {
		return nil, false, false
	}
	for _, id := range m.Policies[0].ResourceGroups {
		if id == m.AccountID {
			all = true
			continue
		}
		at := slices.IndexFunc(m.Groups, func(g authority.ResourceGroup) bool { return g.ID == id })
		if at < 0 {
			return nil, false, false
		}
		for _, key := range m.Groups[at].Objects {
			zone, is := strings.CutPrefix(key, catalog.KindZone+".")
			if !is || !isID(zone) {
				return nil, false, false
			}
			zones = append(zones, zone)
		}
	}
	return zones, all, !all || len(zones) == 0
}

// readGrants makes a draft of the form; what is missing fails its field. Zones
// that no resource group stands for yet get one each.
func (d *Dashboard) readGrants(ctx context.Context, in *request) (authority.MemberDraft, error) {
	f := in.form
	if f.Get("on") != "domains" {
		if len(f.All("role")) == 0 {
			f.fail("role", "Choose at least one role.")
		}
		return authority.MemberDraft{Roles: f.All("role")}, nil
	}
	if err := d.onlyDomainRoles(f); err != nil {
		return authority.MemberDraft{}, err
	}
	places := []string{in.account.ID}
	if f.Get("zones") != "all" {
		zones, err := d.chosenZones(ctx, in)
		if err != nil || f.Failed() {
			return authority.MemberDraft{}, err
		}
		if places, err = d.groupsFor(ctx, in, zones); err != nil {
			return authority.MemberDraft{}, err
		}
	}
	return authority.MemberDraft{Policies: []authority.MemberPolicy{{
		Effect: policy.Allow, Groups: f.All("domain_role"), ResourceGroups: places,
	}}}, nil
}

// onlyDomainRoles refuses a role of the whole account here: on all domains it
// would be given on everything else too.
func (d *Dashboard) onlyDomainRoles(f *form) error {
	if len(f.All("domain_role")) == 0 {
		f.fail("domain_role", "Choose at least one role.")
	}
	for _, id := range f.All("domain_role") {
		if r, ok := d.authority.Role(id); !ok || !r.Domain {
			return errNoForm
		}
	}
	return nil
}

// chosenZones finds the zones that the form names, by id or by name.
func (d *Dashboard) chosenZones(ctx context.Context, in *request) ([]authority.Zone, error) {
	f, field := in.form, "zone"
	wanted := f.All("zone")
	if f.Has("zone_names") {
		field, wanted = "zone_names", strings.FieldsFunc(f.Get("zone_names"), func(r rune) bool { return r <= ' ' || r == ',' })
	}
	if len(wanted) == 0 {
		f.fail(field, "Choose at least one domain.")
		return nil, nil
	}
	if len(wanted) > authority.MaxPolicyScopes {
		f.fail(field, fmt.Sprintf("At most %d domains are possible. Choose all of them, or give a role on the whole account.", authority.MaxPolicyScopes))
		return nil, nil
	}
	found, _, err := d.authority.Zones(ctx, in.caller, authority.ZoneQuery{Limit: len(wanted), Match: func(z *authority.Zone) bool {
		return z.AccountID == in.account.ID && (slices.Contains(wanted, z.ID) || slices.Contains(wanted, z.Name))
	}})
	if err != nil {
		return nil, err
	}
	for _, w := range wanted {
		if !slices.ContainsFunc(found, func(z authority.Zone) bool { return z.ID == w || z.Name == w }) {
			f.fail(field, fmt.Sprintf("%.100s is not a zone of this account.", w))
		}
	}
	return found, nil
}

// groupsFor finds the resource group of each zone alone, and makes those that
// are missing: policies name zones by resource groups only.
func (d *Dashboard) groupsFor(ctx context.Context, in *request, zones []authority.Zone) ([]string, error) {
	groups, err := d.authority.ResourceGroups(ctx, in.caller, authority.OpResGroupList, in.account.ID)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, z := range zones {
		only := []string{catalog.KindZone + "." + z.ID}
		at := slices.IndexFunc(groups, func(g authority.ResourceGroup) bool { return slices.Equal(g.Objects, only) })
		if at >= 0 {
			out = append(out, groups[at].ID)
			continue
		}
		g, err := d.authority.CreateResourceGroup(ctx, in.caller, in.account.ID, authority.ResourceGroupDraft{
			Name: "zone " + z.Name, ScopeKey: catalog.KindAccount + "." + in.account.ID, Objects: only,
		})
		if err != nil {
			return nil, fmt.Errorf("make a resource group of %s: %w", z.Name, err)
		}
		out = append(out, g.ID)
	}
	return out, nil
}
