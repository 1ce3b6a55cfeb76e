package catalogfile

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// index finds the parts of a file by name.
type index struct {
	kinds  map[string]*Kind  // by full name
	short  map[string]string // full name by the last part, "" where two have it
	groups map[string]*Group
	used   map[string]bool // groups and kinds that something names
}

func (f *File) index() *index {
	x := &index{map[string]*Kind{}, map[string]string{}, map[string]*Group{}, map[string]bool{}}
	for i := range f.Kinds {
		k := &f.Kinds[i]
		x.kinds[k.Name.Value] = k
		last := k.Name.Value[strings.LastIndexByte(k.Name.Value, '.')+1:]
		if _, twice := x.short[last]; twice {
			x.short[last] = ""
			continue
		}
		x.short[last] = k.Name.Value
	}
	for i := range f.Products {
		for j := range f.Products[i].Groups {
			g := &f.Products[i].Groups[j]
			x.groups[g.Key.Value] = g
		}
	}
	return x
}

// kind is the full name of the kind that a file means, by its full name or its
// last part. "account" is that of accounts. It is false for no kind.
func (x *index) kind(name string) (string, bool) {
	if name == accountKind || name == catalog.KindAccount {
		return catalog.KindAccount, true
	}
	if x.kinds[name] == nil {
		name = x.short[name]
	}
	if name == "" {
		return "", false
	}
	x.used[name] = true
	return name, true
}

// parent is the kind that a kind lies in, "" for accounts and what is unknown.
func (x *index) parent(full string) string {
	k := x.kinds[full]
	if k == nil {
		return ""
	}
	parent, ok := x.kind(fullKind(k.In.Value))
	if !ok {
		return ""
	}
	return parent
}

// chain is a kind and what it lies in, up to the account. It ends early where a
// file is faulty.
func (x *index) chain(full string) []string {
	var out []string
	for full != "" && !slices.Contains(out, full) && len(out) <= policy.MaxDepth {
		out = append(out, full)
		full = x.parent(full)
	}
	return out
}

// groupID is the id of a group that has none of its own: made of the catalogue's
// name and the key, so that it stays the same wherever the file is loaded.
func groupID(catalogue, key string) string {
	sum := sha256.Sum256([]byte("tokenward permission group\x00" + catalogue + "\x00" + key))
	return hex.EncodeToString(sum[:16])
}

// levelOf is a group's level: as it says, or by the end of its key.
func levelOf(g *Group) string {
	switch {
	case g.Level.Value != "":
		return g.Level.Value
	case strings.HasSuffix(g.Key.Value, "_read"):
		return catalog.LevelRead
	case strings.HasSuffix(g.Key.Value, "_write"), strings.HasSuffix(g.Key.Value, "_edit"):
		return catalog.LevelEdit
	}
	return catalog.LevelOther
}
