package tokenform

import (
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// Names are the names of accounts and zones by id, as far as they are known.
// Whoever shows tokens looks up what [IDs] says in one go.
type Names map[string]string

// IDs are the accounts and zones that policies name, each once, sorted.
func IDs(policies ...policy.Policy) (accounts, zones []string) {
	add := func(key string) {
		switch kind, id := splitKey(key); {
		case id == catalog.All:
		case kind == catalog.KindAccount:
			accounts = append(accounts, id)
		case kind == catalog.KindZone:
			zones = append(zones, id)
		}
	}
	for i := range policies {
		for _, r := range policies[i].Resources {
			add(r.Key)
			for _, key := range r.Nested {
				add(key)
			}
		}
	}
	slices.Sort(accounts)
	slices.Sort(zones)
	return slices.Compact(accounts), slices.Compact(zones)
}

// splitKey splits a resource key into a kind that has words, and an id; the kind
// is "" for any other key.
func splitKey(key string) (kind, id string) {
	for _, kind := range []string{catalog.KindZone, catalog.KindAccount, catalog.KindUser, catalog.KindBucket} {
		if id, ok := strings.CutPrefix(key, kind+"."); ok && id != "" && (kind == catalog.KindBucket || !strings.Contains(id, ".")) {
			return kind, id
		}
	}
	return "", ""
}

// split is splitKey for the kinds of the picker's catalogue too.
func (p *Picker) split(key string) (kind, id string) {
	if kind, id = splitKey(key); kind != "" {
		return kind, id
	}
	for dot := strings.LastIndexByte(key, '.'); dot > 0; dot = strings.LastIndexByte(key[:dot], '.') {
		if p.kinds[key[:dot]] != nil && dot < len(key)-1 {
			return key[:dot], key[dot+1:]
		}
	}
	return "", ""
}

// of is a resource's name, or else what it is and how its id begins.
func (n Names) of(noun, id string) string {
	if name := n[id]; name != "" {
		return name
	}
	return noun + " " + shortID(id)
}

func shortID(id string) string {
	if len(id) <= 12 {
		return id
	}
	return strings.ToValidUTF8(id[:8], "") + "…"
}

// CustomWords is what a resource of a custom kind is called: "store north"; false
// for any other.
func (p *Picker) CustomWords(key string) (string, bool) {
	kind, id := p.split(key)
	k := p.kinds[kind]
	if k == nil {
		return "", false
	}
	if id == catalog.All {
		return k.words(id, nil), true
	}
	return k.words(id, k.in), true
}
