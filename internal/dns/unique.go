package dns

import (
	"fmt"
	"unicode/utf8"

	"github.com/tokenward/tokenward/internal/authority"
)

// maxContent is how many characters the contents of all records of one name and
// type may have together. It is upstream's documented limit.
const maxContent = 8192

// conflict is a rule between records of one name that a changed one breaks.
type conflict struct {
	number  int
	message string
	record  Record // the changed one
	at      string // where it comes from in the request
}

// checkName judges whether the records at one name may stand next to each
// other, as far as changed ones are concerned: what was there before is not
// questioned. Upstream keeps fewer types apart than RFC 1034, 3.6.2 does: a
// CNAME excludes addresses and other CNAMEs only, and may stand at the apex.
func checkName(zone authority.Zone, all []Record, changed map[string]string) *conflict {
	count, size := map[string]int{}, map[string]int{}
	for _, r := range all {
		count[r.Type]++
		size[r.Type] += utf8.RuneCountInString(r.Content)
	}
	for _, r := range all {
		if _, ok := changed[r.ID]; !ok {
			continue
		}
		if c := checkAliases(r, count); c != nil {
			return c
		}
		if c := checkDelegation(zone, r, count); c != nil {
			return c
		}
		if size[r.Type] > maxContent {
			return &conflict{number: numValue, record: r, message: fmt.Sprintf(
				"The contents of all %s records of one name must have at most %d characters together.", r.Type, maxContent)}
		}
	}
	return checkIdentical(all, changed)
}

func checkAliases(r Record, count map[string]int) *conflict {
	switch {
	case r.Type == "CNAME" && count["A"]+count["AAAA"]+count["CNAME"] > 1:
		return &conflict{number: numAddressOrAlias, message: messageAddrOrAlias, record: r}
	case (r.Type == "A" || r.Type == "AAAA") && count["CNAME"] > 0:
		return &conflict{number: numAliasExists, message: messageAliasExists, record: r}
	}
	return nil
}

// checkDelegation: below the apex, NS records hand the name to other servers,
// so that nothing but their DS records can be answered from here.
func checkDelegation(zone authority.Zone, r Record, count map[string]int) *conflict {
	if r.Name == zone.Name || r.Type == "DS" {
		return nil
	}
	if r.Type != "NS" && count["NS"] > 0 {
		return &conflict{number: numDelegation, message: messageDelegation, record: r}
	}
	if r.Type == "NS" {
		for other := range count {
			if other != "NS" && other != "DS" {
				return &conflict{number: numDelegation, message: messageNotAlone, record: r}
			}
		}
	}
	return nil
}

// checkIdentical compares what records publish, not how they are written.
func checkIdentical(all []Record, changed map[string]string) *conflict {
	seen := make(map[string]Record, len(all)) // by what they publish
	for _, r := range all {
		key, ok := r.publishes()
		if !ok {
			continue // kept from before it was refused
		}
		other, found := seen[key]
		if !found {
			seen[key] = r
			continue
		}
		for _, one := range []Record{r, other} {
			if _, ok := changed[one.ID]; ok {
				return &conflict{number: numIdentical, message: messageIdentical, record: one}
			}
		}
	}
	return nil
}

// publishes is the record's type and rdata: what makes it the same as another
// at its name.
func (r Record) publishes() (string, bool) {
	wire, err := r.Rdata()
	return r.Type + " " + string(wire), err == nil
}
