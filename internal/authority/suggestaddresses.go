package authority

import (
	"net/netip"
	"slices"

	"github.com/tokenward/tokenward/internal/policy"
)

// SuggestedAddresses is a client-IP condition made of the addresses that a token
// was used from. It is suggested apart from the policies: where requests come from
// changes for other reasons than what they do.
type SuggestedAddresses struct {
	Condition policy.Condition
	Requests  int64 // from these addresses, allowed or not, since each was seen first
	More      bool  // there were more addresses than are kept
}

// addresses suggests those of the days that the token's condition allows now. An
// address is counted whatever came of the request.
func (s *suggester) addresses(u *Usage) error {
	t := &s.out.Token
	set, err := policy.Compile(s.w.vocabulary, nil, t.Condition)
	if err != nil {
		return unavailable("compile the condition of token "+t.ID, err)
	}
	out := SuggestedAddresses{Condition: policy.Condition{In: []string{}, NotIn: t.Condition.NotIn}, More: len(u.Addresses) >= MaxUseAddresses}
	var seen []netip.Addr
	for _, c := range u.Addresses {
		addr, err := netip.ParseAddr(c.Address)
		if err != nil || c.LastOn.Before(s.out.Basis.Since) || !set.AllowsFrom(addr) {
			continue
		}
		seen = append(seen, addr.Unmap())
		out.Requests += c.Count
	}
	slices.SortFunc(seen, netip.Addr.Compare)
	for _, addr := range slices.Compact(seen) {
		out.Condition.In = append(out.Condition.In, netip.PrefixFrom(addr, addr.BitLen()).String())
	}
	if len(seen) > 0 && !slices.Equal(slices.Sorted(slices.Values(out.Condition.In)), slices.Sorted(slices.Values(t.Condition.In))) {
		s.out.Addresses = &out
	}
	return nil
}
