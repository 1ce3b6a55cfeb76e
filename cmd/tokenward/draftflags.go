package main

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/tokenward/tokenward/v4"
)

// none removes a limit where a flag would set it.
const none = "none"

// draftFlags say what a token is to be.
type draftFlags struct {
	fromJSON             string
	name, status         string
	permissions          []string
	template             string
	templateURL          string
	zones, accounts      []string
	records              []string
	ipIn, ipNotIn        []string
	notBefore, expiresOn string
	rateLimit            string
}

func (d *draftFlags) addTo(fs *pflag.FlagSet) {
	fs.StringVar(&d.name, "name", "", "`name` of the token")
	fs.StringArrayVar(&d.permissions, "permission", nil, "permission `group` that the token gets, by name, name@scope or id; repeatable")
	fs.StringSliceVar(&d.zones, "zone", nil, "`zone` on which zone permissions hold: a name, an id or all; repeatable")
	fs.StringSliceVar(&d.accounts, "account-resource", nil, "account `ID` on which account permissions hold, or all; repeatable (default with --account: that account)")
	fs.StringSliceVar(&d.records, "record", nil, "`record` in these zones to which permissions on DNS are held: TYPE:NAME, either may be *, and so may the name's first and last label; only the name where a template asks for it; repeatable")
	fs.StringSliceVar(&d.ipIn, "ip-in", nil, "`CIDR` from which alone the token can be used; repeatable, none for no limit")
	fs.StringSliceVar(&d.ipNotIn, "ip-not-in", nil, "`CIDR` from which it cannot be used; repeatable, none for no exception")
	fs.StringVar(&d.notBefore, "not-before", "", "`time` before which it is not valid: RFC 3339, a date (00:00 UTC), from now such as 90d or 720h, or none")
	fs.StringVar(&d.expiresOn, "expires-on", "", "`time` from which it is no longer valid, in the same forms")
	fs.StringVar(&d.rateLimit, "rate-limit", "", "`requests/time` that it may make beside the limit of its owner, such as 100/60s, or none")
	fs.StringVar(&d.status, "status", "", "active or disabled")
	fs.StringVar(&d.fromJSON, "from-json", "", "`file` with the API's JSON document, - for standard input; other flags win over it")
}

// addTemplateTo adds the flags that only a new token has.
func (d *draftFlags) addTemplateTo(fs *pflag.FlagSet) {
	fs.StringVar(&d.template, "template", "", "`key` of a template that says which permissions the token gets")
	fs.StringVar(&d.templateURL, "template-url", "", "`URL` that says which permissions the token gets, as dashboards link to their form")
}

// hasGrants reports whether the flags say what the token may do.
func (d *draftFlags) hasGrants() bool {
	return len(d.permissions)+len(d.zones)+len(d.accounts)+len(d.records) > 0
}

// edit is one change of a definition.
type edit func(*v4.TokenRequest)

// edits are what the flags change, grants apart: those need the API.
func (d *draftFlags) edits(given func(flag string) bool, now time.Time) ([]edit, error) {
	var edits []edit
	var wrong faults
	for _, row := range []struct {
		flag string
		make func() (edit, error)
	}{
		{"name", d.editName},
		{"status", d.editStatus},
		{"not-before", func() (edit, error) {
			return editTime(d.notBefore, now, func(r *v4.TokenRequest) *v4.Field[v4.Time] { return &r.NotBefore })
		}},
		{"expires-on", func() (edit, error) {
			return editTime(d.expiresOn, now, func(r *v4.TokenRequest) *v4.Field[v4.Time] { return &r.ExpiresOn })
		}},
		{"ip-in", func() (edit, error) {
			return editAddresses(d.ipIn, func(ip *v4.RequestIP) *[]string { return &ip.In })
		}},
		{"ip-not-in", func() (edit, error) {
			return editAddresses(d.ipNotIn, func(ip *v4.RequestIP) *[]string { return &ip.NotIn })
		}},
		{"rate-limit", d.editRateLimit},
	} {
		if !given(row.flag) {
			continue
		}
		e, err := row.make()
		if err != nil {
			wrong.addf("--%s: %s", row.flag, err)
		}
		edits = append(edits, e)
	}
	wrong = append(wrong, d.grantFaults()...)
	return edits, wrong.err()
}

func (d *draftFlags) editName() (edit, error) {
	name, err := notEmpty(strings.TrimSpace(d.name))
	return func(r *v4.TokenRequest) { r.Name = name }, err
}

func (d *draftFlags) editStatus() (edit, error) {
	status, err := oneOf(v4.StatusActive, v4.StatusDisabled)(d.status)
	return func(r *v4.TokenRequest) { r.Status = v4.Set(status) }, err
}

func editTime(s string, now time.Time, member func(*v4.TokenRequest) *v4.Field[v4.Time]) (edit, error) {
	if s == none {
		return func(r *v4.TokenRequest) { *member(r) = v4.Field[v4.Time]{} }, nil
	}
	t, err := parseWhen(s, now)
	return func(r *v4.TokenRequest) { *member(r) = v4.Set(v4.At(t)) }, err
}

func (d *draftFlags) editRateLimit() (edit, error) {
	if d.rateLimit == none {
		return func(r *v4.TokenRequest) { r.RateLimit = v4.Field[v4.RateLimit]{} }, nil
	}
	limit, err := parseRateLimit(d.rateLimit)
	return func(r *v4.TokenRequest) { r.RateLimit = v4.Set(limit) }, err
}

func editAddresses(list []string, member func(*v4.RequestIP) *[]string) (edit, error) {
	cidrs, err := parseAddresses(list)
	return func(r *v4.TokenRequest) {
		ip := v4.RequestIP{}
		if c := r.Condition.Ptr(); c != nil && c.RequestIP != nil {
			ip = *c.RequestIP
		}
		*member(&ip) = cidrs
		if ip.In == nil && ip.NotIn == nil {
			r.Condition = v4.Field[v4.Condition]{}
			return
		}
		r.Condition = v4.Set(v4.Condition{RequestIP: &ip})
	}, err
}

// parseAddresses writes single addresses as the API wants them, and is nil for
// none.
func parseAddresses(list []string) ([]string, error) {
	if len(list) == 1 && list[0] == none {
		return nil, nil
	}
	cidrs := []string{}
	for _, s := range list {
		s = strings.TrimSpace(s)
		if addr, err := netip.ParseAddr(s); err == nil && addr.Zone() == "" {
			s = netip.PrefixFrom(addr, addr.BitLen()).String()
		}
		if _, err := netip.ParsePrefix(s); err != nil {
			return nil, fmt.Errorf("%q is not an address or CIDR such as 198.51.100.0/24", s)
		}
		cidrs = append(cidrs, s)
	}
	if len(cidrs) == 0 {
		return nil, fmt.Errorf("must not be empty: write none for no limit")
	}
	return cidrs, nil
}

// grantFaults is what can be seen without asking the API.
func (d *draftFlags) grantFaults() faults {
	var wrong faults
	if len(d.permissions) == 0 && d.hasGrants() && !d.fromTemplate() {
		wrong.addf("--permission is missing: --zone, --record and --account-resource say only where permissions hold")
	}
	for _, id := range d.accounts {
		if id != all && !isHexID(id) {
			wrong.addf("--account-resource: %q is neither an account id (32 hexadecimal digits) nor all", id)
		}
	}
	return wrong
}
