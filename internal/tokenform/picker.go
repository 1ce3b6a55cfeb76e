package tokenform

import (
	"cmp"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// Picker is a catalogue's permission groups, ordered for picking. It is made
// once, immutable and safe for concurrent use.
type Picker struct {
	catalog    *catalog.Catalog
	categories []Category
	families   map[string]*Family
	levels     []*Level          // by policy.GroupNo
	kinds      map[string]*kind  // of custom catalogues, by name
	titles     map[string]string // of APIs of custom catalogues, by name
}

// Category is a product category with its families.
type Category struct {
	Key      string // as on the wire (contract 1.7); groups without one are in "other", custom ones in "shop/Stores"
	Title    string
	Families []*Family
}

// Family is permission groups that differ in level only: DNS Read and DNS Write.
type Family struct {
	Key      string // the groups' label without the level: "dns"
	Name     string // "DNS"
	Scope    string // "account", "zone", "user", "bucket" or the word for a custom kind
	Category string
	Levels   []Level

	text string // what a search looks at
}

// Level is one permission group of a family.
type Level struct {
	Key        string // "read", "edit", "purge", ...
	Title      string // "Read", "Edit", "Purge", ...
	Group      catalog.Group
	Operations int    // how many operations it opens
	Example    string // one of them, "GET /zones/{zone_id}/dns_records"; "" without any
	Reads      bool   // one of them only reads

	family *Family
	best   exampleRank
}

// Name is what people are shown of the group: "DNS Edit", "Cache Purge".
func (l *Level) Name() string {
	if l.Group.Level == catalog.LevelOther || l.Group.API != "" && !strings.HasPrefix(l.Group.Name, l.family.Name+" ") {
		return l.Group.Name
	}
	return l.family.Name + " " + l.Title
}

// NewPicker orders a catalogue's groups.
func NewPicker(c *catalog.Catalog) *Picker {
	p := &Picker{catalog: c, families: map[string]*Family{}, kinds: kindsOf(c), titles: map[string]string{}}
	for _, api := range c.APIs() {
		p.titles[api.Name] = cmp.Or(api.Title, api.Name)
	}
	groups := c.Groups()
	for _, g := range groups {
		p.add(g)
	}
	p.levels = make([]*Level, c.Vocabulary().Groups())
	for _, f := range p.families {
		f.settle(p.categoryTitle(f.Category))
		for i := range f.Levels {
			l := &f.Levels[i]
			l.family = f
			if no, ok := c.Vocabulary().Group(l.Group.ID); ok {
				p.levels[no] = l
			}
		}
	}
	p.count()
	p.sort()
	return p
}

// Catalog is the catalogue whose groups these are.
func (p *Picker) Catalog() *catalog.Catalog { return p.catalog }

// add files a group under its family.
func (p *Picker) add(g catalog.Group) {
	stem, suffix := g.Label, ""
	if i := strings.LastIndexByte(g.Label, '_'); i > len(g.API) {
		stem, suffix = g.Label[:i], g.Label[i+1:]
	}
	scope, category := p.word(g.Scope), categoryOf(&g)
	level := Level{Key: suffix, Title: capital(suffix), Group: g}
	if suffix == "write" {
		level.Key, level.Title = "edit", "Edit"
	}
	if level.Title == "" {
		level.Title = g.Name
	}
	f := p.families[stem]
	other := f != nil && (f.Scope != scope || g.API != "" && f.Category != category || f.Levels[0].Group.API != g.API)
	if other || f != nil && slices.ContainsFunc(f.Levels, func(l Level) bool { return l.Key == level.Key }) || stem == "" {
		stem, f = g.ID, nil // labels of custom catalogues are their own affair
	}
	if f == nil {
		f = &Family{Key: stem, Scope: scope, Category: category}
		p.families[stem] = f
	}
	f.Levels = append(f.Levels, level)
}

// settle names the family after its most telling group.
func (f *Family) settle(category string) {
	slices.SortStableFunc(f.Levels, func(a, b Level) int {
		return cmp.Or(cmp.Compare(levelRank(a.Key), levelRank(b.Key)), cmp.Compare(a.Key, b.Key))
	})
	first := &f.Levels[0].Group
	f.Name = first.Name
	for _, suffix := range []string{" Read", " Write", " " + f.Levels[0].Title} {
		if short, ok := strings.CutSuffix(first.Name, suffix); ok && short != "" {
			f.Name = short
			break
		}
	}
	f.Name = strings.TrimSuffix(f.Name, ":")
	text := []string{f.Name, f.Key, f.Scope, category}
	for i := range f.Levels {
		l := &f.Levels[i]
		text = append(text, l.Title, l.Group.Name, l.Group.Description)
	}
	f.text = strings.ToLower(strings.Join(text, "\n"))
}

func levelRank(key string) int {
	if i := slices.Index([]string{"read", "edit"}, key); i >= 0 {
		return i
	}
	return 2
}

// sort orders categories by title, those of custom catalogues first, and families
// by name.
func (p *Picker) sort() {
	at := map[string]int{}
	for _, f := range p.families {
		i, ok := at[f.Category]
		if !ok {
			i = len(p.categories)
			at[f.Category] = i
			p.categories = append(p.categories, Category{Key: f.Category, Title: p.categoryTitle(f.Category)})
		}
		p.categories[i].Families = append(p.categories[i].Families, f)
	}
	slices.SortFunc(p.categories, func(a, b Category) int {
		return cmp.Or(cmp.Compare(categoryRank(a.Key), categoryRank(b.Key)), strings.Compare(a.Title, b.Title))
	})
	for _, c := range p.categories {
		slices.SortFunc(c.Families, compareFamilies)
	}
}

func compareFamilies(a, b *Family) int {
	return cmp.Or(strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), strings.Compare(a.Key, b.Key))
}

func (p *Picker) level(no policy.GroupNo) *Level {
	if int(no) >= len(p.levels) {
		return nil
	}
	return p.levels[no]
}

// Level finds the level that a group id is, nil if there is none.
func (p *Picker) Level(groupID string) *Level {
	no, ok := p.catalog.Vocabulary().Group(groupID)
	if !ok {
		return nil
	}
	return p.level(no)
}

// Family is whose level it is.
func (l *Level) Family() *Family { return l.family }

// Family finds a family by key.
func (p *Picker) Family(key string) (*Family, bool) {
	f, ok := p.families[key]
	return f, ok
}

// Level finds a level of the family by key.
func (f *Family) Level(key string) (*Level, bool) {
	for i := range f.Levels {
		if f.Levels[i].Key == key {
			return &f.Levels[i], true
		}
	}
	return nil, false
}

// Several is what resources of the family's scope are called: "zones".
func (f *Family) Several() string { return plural(f.Scope) }

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
