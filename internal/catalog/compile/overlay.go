package compile

import (
	"fmt"
	"slices"
	"strings"
)

type kind struct{ name, parent, ids string }

// typesOf begins the description of ids that are made of a type and a name.
const typesOf = "types:"

// flags are what the embedded form says of a kind's ids: N for names, A where
// all of them can be named only inside one parent; or the types that they begin
// with.
func (k *kind) flags() string {
	switch {
	case k.ids == "named":
		return "NA"
	case strings.HasPrefix(k.ids, typesOf):
		return k.ids
	}
	return ""
}

// overlay holds the project's own decisions. Every line must change something:
// one that does not is stale and an error.
type overlay struct {
	kinds      []kind
	operations []*operation // that are not published
	below      []below
	decisions  []decision
}

// below says that groups can be given on a kind below their scope too.
type below struct {
	line         int
	labels, kind string
}

type decision struct {
	line int
	verb string
	args []string
}

func parseOverlay(text string) (*overlay, error) {
	v := &overlay{}
	arity := map[string]int{"kind": 3, "operation": 3, "rule": 3, "accept": 3, "anywhere": 3, "shape": 2, "below": 2, "records": 1}
	for no, line := range lines(text) {
		line, reason, _ := strings.Cut(line, " # ")
		f := strings.Fields(line)
		switch {
		case strings.TrimSpace(reason) == "":
			return nil, fmt.Errorf("line %d: no reason", no)
		case len(f) == 0 || arity[f[0]] == 0 || len(f)-1 != arity[f[0]]:
			return nil, fmt.Errorf("line %d: not a decision: %s", no, line)
		case f[0] == "kind":
			v.kinds = append(v.kinds, kind{f[1], f[2], f[3]})
		case f[0] == "below":
			v.below = append(v.below, below{no, f[1], f[2]})
		case f[0] == "operation":
			v.operations = append(v.operations, newOperation(f[1:], reason))
		default:
			v.decisions = append(v.decisions, decision{no, f[0], f[1:]})
		}
	}
	return v, nil
}

func (v *overlay) apply(ops []*operation) error {
	for _, d := range v.decisions {
		apply := map[string]func([]string, []*operation) error{
			"rule": applyRule, "accept": applyAccept, "anywhere": applyAnywhere, "shape": applyShape, "records": applyRecords,
		}[d.verb]
		if err := apply(d.args, ops); err != nil {
			return fmt.Errorf("line %d: %w", d.line, err)
		}
	}
	return nil
}

func applyRule(args []string, ops []*operation) error {
	o, err := find(ops, args[0], args[1])
	if err != nil {
		return err
	}
	if !slices.Contains([]string{"live", "known", "person", "public"}, args[2]) {
		return fmt.Errorf("no rule %q", args[2])
	}
	o.rule = args[2]
	return nil
}

func applyAccept(args []string, ops []*operation) error {
	o, err := find(ops, args[0], args[1])
	if err != nil {
		return err
	}
	return o.accept(args[2])
}

// applyAnywhere is accept for every operation below a path, and says that they
// act on what belongs to nobody.
func applyAnywhere(args []string, ops []*operation) error {
	found := false
	for _, o := range ops {
		if o.method != args[0] || !under(o.path, args[1]) {
			continue
		}
		if err := o.accept(args[2]); err != nil {
			return err
		}
		o.anywhere, found = true, true
	}
	if !found {
		return fmt.Errorf("no operation %s below %s", args[0], args[1])
	}
	return nil
}

// applyRecords says of every operation below a path that it acts on records, each
// of which may be judged by itself.
func applyRecords(args []string, ops []*operation) error {
	found := false
	for _, o := range ops {
		if under(o.path, args[0]) {
			o.records, found = true, true
		}
	}
	if !found {
		return fmt.Errorf("no operation below %s", args[0])
	}
	return nil
}

// extendGroups marks the groups that can be given on a further kind.
func (v *overlay) extendGroups(groups []*group) error {
	for _, b := range v.below {
		if !slices.ContainsFunc(v.kinds, func(k kind) bool { return k.name == b.kind }) {
			return fmt.Errorf("line %d: no kind %s", b.line, b.kind)
		}
		for label := range strings.SplitSeq(b.labels, ",") {
			i := slices.IndexFunc(groups, func(g *group) bool { return g.label == label && g.service == "served" })
			if i < 0 || groups[i].below != "" {
				return fmt.Errorf("line %d: no served group %s, or it is there twice", b.line, label)
			}
			groups[i].below = b.kind
		}
	}
	return nil
}

func (o *operation) accept(labels string) error {
	for label := range strings.SplitSeq(labels, ",") {
		if slices.Contains(o.groups, label) {
			return fmt.Errorf("%s already accepts %s", o.id, label)
		}
		o.groups = append(o.groups, label)
	}
	if o.rule == "unstated" {
		o.rule = "groups"
	}
	return nil
}

// applyShape gives a shape to the last parameter of a prefix in every template
// that begins with it, or to a parameter of that name in every template.
func applyShape(args []string, ops []*operation) error {
	shape, prefix := args[0], args[1]
	if !slices.Contains([]string{"id", "opaque", "rest"}, shape) {
		return fmt.Errorf("no shape %q", shape)
	}
	names, found := paramsOf(prefix), false
	for _, o := range ops {
		for i, name := range o.params {
			anywhere := "{"+name+"}" == prefix
			here := i == len(names)-1 && (o.path == prefix || strings.HasPrefix(o.path, prefix+"/"))
			if !anywhere && !here {
				continue
			}
			if shape == "rest" && !strings.HasSuffix(o.path, "/{"+name+"}") {
				return fmt.Errorf("%s: a rest parameter must come last", o.path)
			}
			o.shapes[i], found = shape, true
		}
	}
	if !found {
		return fmt.Errorf("no template has %s", prefix)
	}
	return nil
}

func find(ops []*operation, method, path string) (*operation, error) {
	i := slices.IndexFunc(ops, func(o *operation) bool { return o.method == method && o.path == path })
	if i < 0 {
		return nil, fmt.Errorf("no operation %s %s", method, path)
	}
	return ops[i], nil
}
