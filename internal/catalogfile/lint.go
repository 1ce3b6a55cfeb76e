package catalogfile

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// Values of account that are no id.
const (
	AccountOfCaller   = "caller"     // the account that owns the token
	AccountConfigured = "configured" // whoever loads the file says which
)

// Lint finds what is wrong between the parts of a file that Read could read.
func (f *File) Lint() Faults {
	l := linter{f: f, x: f.index()}
	l.head()
	l.kinds()
	l.groups()
	for i := range f.Operations {
		l.operation(&f.Operations[i])
	}
	l.operationIDs()
	l.overlaps()
	l.templates()
	l.unused()
	return l.faults.sorted()
}

type linter struct {
	noter
	f *File
	x *index
}

var (
	wordForm = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	keyForm  = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	kindForm = regexp.MustCompile(`^[a-z][a-z0-9-]*(\.[a-z][a-z0-9_-]*){2,}$`)
	opForm   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)
)

func (l *linter) form(t Text, what string, form *regexp.Regexp, like string) {
	if t.Value != "" && !form.MatchString(t.Value) {
		l.error(t.At, "bad-value", "%s is %s, not %s", what, like, quote(t.Value))
	}
}

func (l *linter) oneOf(t Text, what string, values ...string) {
	if t.Value != "" && !slices.Contains(values, t.Value) {
		l.error(t.At, "bad-value", "%s is one of %s, not %s", what, strings.Join(values, ", "), quote(t.Value))
	}
}

func (l *linter) head() {
	l.form(l.f.Name, "name", wordForm, "a word of lowercase letters, digits and hyphens")
	l.oneOf(l.f.Errors, "errors", "product", "core")
	switch a := l.f.Account; a.Value {
	case "", AccountOfCaller, AccountConfigured:
	default:
		if id, ok := policy.ParseID(a.Value); !ok || id == (policy.ID{}) {
			l.error(a.At, "bad-value", "account is an id of 32 lowercase hex digits, caller or configured, not %s", quote(a.Value))
		}
	}
}

func (l *linter) kinds() {
	seen := map[string]bool{}
	for i := range l.f.Kinds {
		k := &l.f.Kinds[i]
		name := k.Name.Value
		l.form(k.Name, "the name of a kind", kindForm, "three or more words with dots between them, such as com.example.shop.store")
		switch {
		case name == "":
			continue
		case seen[name]:
			l.error(k.Name.At, "duplicate", "the kind %s is there twice", name)
		case strings.HasPrefix(name, "com.cloudflare."):
			l.error(k.Name.At, "bad-value", "names that begin with com.cloudflare. are those of the built-in catalogue")
		}
		seen[name] = true
		parent, ok := l.x.kind(fullKind(k.In.Value))
		switch chain := l.x.chain(name); {
		case !ok:
			l.error(k.In.At, "unknown-kind", "there is no kind %s", quote(k.In.Value))
		case l.x.kinds[parent] != nil && !seen[parent]:
			l.error(k.In.At, "unknown-kind", "%s must be listed before what lies in it", parent)
		case len(chain) > policy.MaxDepth:
			l.error(k.At, "limit", "%s lies more than %d deep, the account included", name, policy.MaxDepth)
		}
	}
}

func (l *linter) groups() {
	keys, ids := map[string]bool{}, map[string]bool{}
	for i := range l.f.Products {
		for j := range l.f.Products[i].Groups {
			g := &l.f.Products[i].Groups[j]
			l.form(g.Key, "the key of a group", keyForm, "lowercase letters, digits and underscores")
			l.oneOf(g.Level, "level", catalog.LevelRead, catalog.LevelEdit, catalog.LevelOther)
			if keys[g.Key.Value] && g.Key.Value != "" {
				l.error(g.Key.At, "duplicate", "the group %s is there twice", g.Key.Value)
			}
			keys[g.Key.Value] = true
			if id, ok := policy.ParseID(g.ID.Value); g.ID.Value != "" && (!ok || id == policy.ID{}) {
				l.error(g.ID.At, "bad-value", "the id of a group is 32 lowercase hex digits, not %s", quote(g.ID.Value))
			} else if g.ID.Value != "" && ids[g.ID.Value] {
				l.error(g.ID.At, "duplicate", "another group has the id %s", g.ID.Value)
			}
			ids[g.ID.Value] = true
			if _, ok := l.x.kind(g.Scope.Value); !ok && g.Scope.Value != "" {
				l.error(g.Scope.At, "unknown-kind", "there is no kind %s", quote(g.Scope.Value))
			}
		}
	}
}

func (l *linter) templates() {
	seen := map[string]bool{}
	for i := range l.f.Templates {
		t := &l.f.Templates[i]
		l.form(t.Key, "the key of a template", regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`), "lowercase words with hyphens between them")
		if t.Key.Value != "" && seen[t.Key.Value] {
			l.error(t.Key.At, "duplicate", "the template %s is there twice", t.Key.Value)
		}
		seen[t.Key.Value] = true
		l.oneOf(t.For, "for", "user", "account", "both")
		l.oneOf(t.Accounts, "accounts", "choose", "all")
		if len(t.Groups) == 0 {
			l.error(t.At, "missing", "a template needs groups")
		}
		l.knownGroups(t.Groups)
	}
}

func (l *linter) knownGroups(keys []Text) {
	for _, key := range keys {
		if l.x.groups[key.Value] == nil && key.Value != "" {
			l.error(key.At, "unknown-group", "there is no group %s%s", quote(key.Value), near(key.Value, slices.Collect(maps.Keys(l.x.groups))))
		}
	}
}

// near proposes the name that begins like a wrong one.
func near(name string, names []string) string {
	slices.Sort(names)
	word, _, _ := strings.Cut(name, "_")
	for _, n := range names {
		if word != "" && strings.HasPrefix(n, word) {
			return "; near it is " + n
		}
	}
	return ""
}

// unused warns of what nothing names.
func (l *linter) unused() {
	used := map[string]bool{}
	for i := range l.f.Operations {
		for _, g := range l.f.Operations[i].Groups {
			used[g.Value] = true
		}
	}
	for i := range l.f.Products {
		for j := range l.f.Products[i].Groups {
			if g := &l.f.Products[i].Groups[j]; !used[g.Key.Value] {
				l.warn(g.At, "unused-group", "no operation accepts the group %s", g.Key.Value)
			}
		}
	}
	for i := range l.f.Kinds {
		if k := &l.f.Kinds[i]; !l.x.used[k.Name.Value] {
			l.warn(k.At, "unused-kind", "nothing names the kind %s", k.Name.Value)
		}
	}
}
