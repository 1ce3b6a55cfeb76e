package catalog

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tokenward/tokenward/internal/policy"
)

// loader reads the compiled form that package compile writes. What it keeps are
// substrings of the text, so loading copies almost nothing.
type loader struct {
	c     *Catalog
	kinds []policy.Kind
	sets  []*policy.GroupSet
	ops   []Operation // one block for all, and params likewise
	param []param
	refs  targetRefs
	done  bool
}

// Sizes to start from; more is no error.
const (
	likelyOperations = 3300
	likelyParams     = 7000
)

func load(text string) (*Catalog, error) {
	l := loader{
		c: &Catalog{
			operations: make([]*Operation, 0, likelyOperations),
			byID:       make(map[string]*Operation, likelyOperations),
		},
		ops:   make([]Operation, 0, likelyOperations),
		param: make([]param, 0, likelyParams),
	}
	no := 0
	for line := range strings.SplitSeq(text, "\n") {
		no++
		if err := l.line(line); err != nil {
			return nil, fmt.Errorf("catalog: line %d: %w", no, err)
		}
	}
	if !l.done {
		return nil, errors.New("catalog: the text has no end line")
	}
	return l.c, nil
}

func (l *loader) line(line string) error {
	if line == "" || line[0] == '#' {
		return nil
	}
	var columns [12]string
	n := split(&columns, line)
	switch what := columns[0]; {
	case l.done:
		return errors.New("text after the end line")
	case what == "op" && n == 12:
		return l.operation(columns[1:12])
	case what == "set" && n == 2:
		return l.set(columns[1])
	case what == "group" && n == 9:
		l.group(columns[1:9])
		return nil
	case what == "kind" && n == 4:
		l.kind(columns[1:4])
		return nil
	case what == "below" && n == 3:
		return l.below(columns[1], columns[2])
	case what == "end" && n == 3:
		return l.end(columns[1], columns[2])
	}
	return fmt.Errorf("%d columns of %q", n, columns[0])
}

// split cuts line at its tabs and returns the number of columns, which is more
// than len(columns) if they did not fit.
func split(columns *[12]string, line string) int {
	for i := range columns {
		column, rest, more := strings.Cut(line, "\t")
		columns[i] = column
		if !more {
			return i + 1
		}
		line = rest
	}
	return len(columns) + 1
}

func (l *loader) kind(f []string) {
	k := policy.Kind{Name: f[0], Parent: f[1]}
	if types, ok := strings.CutPrefix(f[2], "types:"); ok {
		k.Types = strings.Split(types, ",")
	} else {
		k.Named, k.NestAll = strings.Contains(f[2], "N"), strings.Contains(f[2], "A")
	}
	l.kinds = append(l.kinds, k)
}

func (l *loader) below(group, kind string) error {
	i := slices.IndexFunc(l.c.groups, func(g Group) bool { return g.ID == group })
	if i < 0 {
		return fmt.Errorf("no group %q", group)
	}
	l.c.groups[i].Below = kind
	return nil
}

func (l *loader) group(f []string) {
	l.c.groups = append(l.c.groups, Group{
		Group:       policy.Group{ID: f[0], Name: f[1], Scope: f[2]},
		Category:    f[3],
		Level:       f[4],
		Label:       f[5],
		Public:      f[6] == "public",
		Description: f[7],
	})
}

func (l *loader) set(numbers string) error {
	s := new(policy.GroupSet)
	l.sets = append(l.sets, s)
	if numbers == "" {
		return nil
	}
	for text := range strings.SplitSeq(numbers, ",") {
		no, err := strconv.Atoi(text)
		if err != nil || no < 0 || no >= len(l.c.groups) {
			return fmt.Errorf("no group %q", text)
		}
		s.Add(policy.GroupNo(no))
	}
	return nil
}

func (l *loader) operation(f []string) error {
	rule := slices.Index(ruleNames[:], f[6])
	family := slices.Index(familyNames[:], f[7])
	target := slices.Index(targetNames[:], f[8])
	set, err := strconv.Atoi(f[9])
	if rule < 0 || family < 0 || target < 0 || err != nil || set < 0 || set >= len(l.sets) {
		return fmt.Errorf("operation %s: unknown rule, family, target or set", f[2])
	}
	if len(l.ops) == cap(l.ops) {
		l.ops = make([]Operation, 0, likelyOperations) // a full block keeps its place in memory
	}
	l.ops = append(l.ops, Operation{
		Method: f[0], Template: f[1], ID: f[2], Product: f[3], Summary: f[4], Permission: f[5],
		Rule: Rule(rule), Family: Family(family), Target: Target(target),
		Accepted: l.sets[set],
	})
	op := &l.ops[len(l.ops)-1]
	if err := l.flags(op, f[10]); err != nil {
		return fmt.Errorf("operation %s: %w", op.ID, err)
	}
	if err := l.vocabulary(); err != nil {
		return err
	}
	if op.refs, err = l.refs.of(op); err != nil {
		return fmt.Errorf("operation %s: %w", op.ID, err)
	}
	if strings.Contains(f[10], "R") {
		if op.Records, err = l.records(op); err != nil {
			return fmt.Errorf("operation %s: %w", op.ID, err)
		}
	}
	return l.c.add(op)
}

// flags reads one letter for each parameter's shape, then the marks.
func (l *loader) flags(op *Operation, flags string) error {
	start := len(l.param)
	for rest := op.Template; ; {
		_, after, ok := strings.Cut(rest, "{")
		if !ok {
			break
		}
		name, tail, _ := strings.Cut(after, "}")
		if flags == "" || strings.IndexByte(shapeLetters, flags[0]) < 0 {
			return fmt.Errorf("parameter %s has no shape", name)
		}
		l.param = append(l.param, param{name, shape(strings.IndexByte(shapeLetters, flags[0]))})
		flags, rest = flags[1:], tail
	}
	op.params = l.param[start:len(l.param):len(l.param)]
	op.UserOnly = strings.Contains(flags, "U")
	op.Deprecated = strings.Contains(flags, "D")
	op.slash = !strings.HasSuffix(op.Template, "}") && !strings.Contains(lastSegment(op.Template), "{")
	return nil
}

// records is the kind of the records that an operation acts on: the one with types
// whose resources lie in the operation's.
func (l *loader) records(op *Operation) (policy.KindNo, error) {
	for i := range l.kinds {
		no := policy.KindNo(i + 1)
		if len(l.kinds[i].Types) > 0 && len(op.refs) > 0 && l.c.vocabulary.Parent(no) == op.refs[0].kind {
			return no, nil
		}
	}
	return 0, errors.New("there are no records in what it acts on")
}

// vocabulary is built when the first operation shows that the groups are
// complete.
func (l *loader) vocabulary() error {
	if l.c.vocabulary != nil {
		return nil
	}
	groups := make([]policy.Group, len(l.c.groups))
	for i := range groups {
		groups[i] = l.c.groups[i].Group
	}
	var err error
	l.c.vocabulary, err = policy.NewVocabulary(l.kinds, groups)
	if err == nil {
		l.refs = refsByTarget(l.c.vocabulary)
	}
	return err
}

func (l *loader) end(groups, operations string) error {
	l.done = true
	if groups != strconv.Itoa(len(l.c.groups)) || operations != strconv.Itoa(len(l.c.operations)) {
		return fmt.Errorf("%d groups and %d operations, want %s and %s",
			len(l.c.groups), len(l.c.operations), groups, operations)
	}
	return l.vocabulary()
}

func lastSegment(template string) string {
	return template[strings.LastIndexByte(template, '/')+1:]
}
