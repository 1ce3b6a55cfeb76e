package dns

import "github.com/tokenward/tokenward/internal/authority"

// checkName judges whether the records at one name may stand next to each
// other, as far as changed ones are concerned: what was there before is not
// questioned. Upstream keeps fewer types apart than RFC 1034, 3.6.2 does: a
// CNAME excludes addresses and other CNAMEs only, and may stand at the apex.
func checkName(zone authority.Zone, all []Record, changed map[string]bool) error {
	count := map[string]int{}
	for _, r := range all {
		count[r.Type]++
	}
	for _, r := range all {
		if !changed[r.ID] {
			continue
		}
		if err := checkAliases(r, count); err != nil {
			return err
		}
		if err := checkDelegation(zone, r, count); err != nil {
			return err
		}
	}
	return checkIdentical(all, changed)
}

func checkAliases(r Record, count map[string]int) error {
	switch {
	case r.Type == "CNAME" && count["A"]+count["AAAA"]+count["CNAME"] > 1:
		return exists(numAddressOrAlias, messageAddrOrAlias)
	case (r.Type == "A" || r.Type == "AAAA") && count["CNAME"] > 0:
		return exists(numAliasExists, messageAliasExists)
	}
	return nil
}

// checkDelegation: below the apex, NS records hand the name to other servers,
// so that nothing but their DS records can be answered from here.
func checkDelegation(zone authority.Zone, r Record, count map[string]int) error {
	if r.Name == zone.Name || r.Type == "DS" {
		return nil
	}
	if r.Type != "NS" && count["NS"] > 0 {
		return exists(numDelegation, messageDelegation)
	}
	if r.Type == "NS" {
		for other := range count {
			if other != "NS" && other != "DS" {
				return exists(numDelegation, messageNotAlone)
			}
		}
	}
	return nil
}

// checkIdentical compares what records publish, not how they are written.
func checkIdentical(all []Record, changed map[string]bool) error {
	seen := make(map[string]bool, len(all)) // type and rdata -> one of them changed
	for _, r := range all {
		wire, err := r.Rdata()
		if err != nil {
			continue // kept from before it was refused
		}
		key := r.Type + " " + string(wire)
		was, found := seen[key]
		if found && (was || changed[r.ID]) {
			return exists(numIdentical, messageIdentical)
		}
		seen[key] = changed[r.ID]
	}
	return nil
}
