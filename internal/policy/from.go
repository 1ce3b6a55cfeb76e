package policy

import "net/netip"

// AllowsFrom judges the set's client-IP condition alone.
func (s *Set) AllowsFrom(addr netip.Addr) bool { return s.cond.allow(addr) }
