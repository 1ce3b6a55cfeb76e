package policy

import (
	"encoding/binary"
	"net/netip"
)

// rangeWords is a range in a Set: the address in its IPv6 form, two words, and
// the number of bits that count in it, plus isIPv4 for an IPv4 range.
const (
	rangeWords = 3
	isIPv4     = 1 << 8
)

func appendRange(words []uint64, p netip.Prefix) []uint64 {
	hi, lo := addrWords(p.Addr())
	if p.Addr().Is4() {
		return append(words, hi, lo, uint64(p.Bits()+96)|isIPv4)
	}
	return append(words, hi, lo, uint64(p.Bits()))
}

func addrWords(a netip.Addr) (hi, lo uint64) {
	b := a.As16()
	return binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])
}

// AllowsFrom judges the set's client-IP condition alone: not_in wins, then in
// (contract 3.2). With a condition of any kind an unknown address may not pass.
func (s *Set) AllowsFrom(addr netip.Addr) bool {
	if !s.within && s.notIn == 0 {
		return true
	}
	addr = addr.Unmap()
	if !addr.IsValid() {
		return false
	}
	family := uint64(0)
	if addr.Is4() {
		family = isIPv4
	}
	hi, lo := addrWords(addr)
	in := s.lists - rangeWords*uint32(s.in)
	if inRanges(s.words[in-rangeWords*uint32(s.notIn):in], family, hi, lo) {
		return false
	}
	return !s.within || inRanges(s.words[in:s.lists], family, hi, lo)
}

// inRanges reports whether an address, of the family isIPv4 or 0, is in one of the
// ranges. An IPv4 address is in IPv4 ranges only, although ::/0 would hold its IPv6
// form.
func inRanges(words []uint64, family, hi, lo uint64) bool {
	for ; len(words) >= rangeWords; words = words[rangeWords:] {
		bits := words[2] &^ isIPv4
		if words[2]&isIPv4 != family {
			continue
		}
		// Shifting by 64 and more leaves nothing, as it should.
		if bits <= 64 && (hi^words[0])>>(64-bits) == 0 ||
			bits > 64 && hi == words[0] && (lo^words[1])>>(128-bits) == 0 {
			return true
		}
	}
	return false
}
