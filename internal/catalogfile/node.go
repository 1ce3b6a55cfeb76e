package catalogfile

import (
	"errors"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// document parses data and gives its root mapping, nil when there is none.
func (n *noter) document(data []byte) *yaml.Node {
	if len(data) > MaxSize {
		n.error(Pos{}, "limit", "the file has %d bytes, at most %d are possible", len(data), MaxSize)
		return nil
	}
	if !utf8.Valid(data) {
		n.error(Pos{}, "syntax", "the file is not UTF-8")
		return nil
	}
	var doc yaml.Node
	if err := yaml.Load(data, &doc); err != nil {
		var load *yaml.LoadError
		if errors.As(err, &load) {
			n.error(Pos{load.Mark.Line, load.Mark.Column}, "syntax", "%s", strings.TrimSpace(load.ContextMsg+" "+load.Message))
		} else {
			n.error(Pos{}, "syntax", "%s", err)
		}
		return nil
	}
	root := &doc
	if root.Kind == yaml.DocumentNode && len(root.Content) == 1 {
		root = root.Content[0]
	}
	if !n.plain(root, 0) {
		return nil
	}
	return root
}

// plain refuses what a catalogue has no need of: anchors and aliases, with which a
// small file can be made a huge one, tags, and deep nesting.
func (n *noter) plain(node *yaml.Node, depth int) bool {
	switch {
	case depth > maxDepth:
		n.error(at(node), "limit", "the nesting is more than %d deep", maxDepth)
		return false
	case node.Kind == yaml.AliasNode || node.Anchor != "":
		n.error(at(node), "syntax", "anchors and aliases are not read")
		return false
	case node.Style&yaml.TaggedStyle != 0:
		n.error(at(node), "syntax", "tags are not read")
		return false
	}
	for _, child := range node.Content {
		if !n.plain(child, depth+1) {
			return false
		}
	}
	return true
}

func at(node *yaml.Node) Pos { return Pos{node.Line, node.Column} }

// mapping reads a mapping of the keys that are known. It is empty, and a fault
// is noted, for anything else.
func (n *noter) mapping(node *yaml.Node, what string, known ...string) fields {
	f := fields{noter: n, at: at(node), what: what, values: map[string]*yaml.Node{}}
	if node.Kind != yaml.MappingNode {
		n.error(f.at, "bad-value", "%s is a mapping of %s", what, strings.Join(known, ", "))
		return f
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		switch {
		case f.values[key.Value] != nil:
			n.error(at(key), "duplicate", "%s stands twice", quote(key.Value))
		case !contains(known, key.Value):
			n.error(at(key), "unknown-key", "%s has no %s; it has %s", what, quote(key.Value), strings.Join(known, ", "))
		default:
			f.values[key.Value] = value
		}
	}
	return f
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// fields are the values of a mapping.
type fields struct {
	*noter
	at     Pos
	what   string
	values map[string]*yaml.Node
}

// text reads an optional scalar of at most max characters.
func (f *fields) text(key string, max int) Text {
	node := f.values[key]
	if node == nil {
		return Text{}
	}
	return f.scalar(node, key, max)
}

// must reads a scalar that has to be there.
func (f *fields) must(key string, max int) Text {
	if f.values[key] == nil {
		f.error(f.at, "missing", "%s needs %s", f.what, key)
		return Text{At: f.at}
	}
	t := f.text(key, max)
	if t.Value == "" {
		f.error(t.At, "missing", "%s needs a %s that is not empty", f.what, key)
	}
	return t
}

func (n *noter) scalar(node *yaml.Node, what string, max int) Text {
	t := Text{At: at(node)}
	switch {
	case node.Kind != yaml.ScalarNode || node.Tag == "!!null":
		n.error(t.At, "bad-value", "%s is a text", what)
	case utf8.RuneCountInString(node.Value) > max:
		n.error(t.At, "limit", "%s has at most %d characters", what, max)
	case strings.ContainsFunc(node.Value, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }):
		n.error(t.At, "bad-value", "%s has a control character", what)
	default:
		t.Value = strings.TrimSpace(node.Value)
	}
	return t
}

// number reads an optional number from 1 to max, 0 if there is none.
func (f *fields) number(key string, max int) int {
	node := f.values[key]
	if node == nil {
		return 0
	}
	v, err := strconv.Atoi(node.Value)
	if err != nil || v < 1 || v > max {
		f.error(at(node), "bad-value", "%s is a number from 1 to %d", key, max)
		return 0
	}
	return v
}

// items are those of an optional sequence, at most max.
func (f *fields) items(key string, max int) []*yaml.Node {
	node := f.values[key]
	switch {
	case node == nil:
		return nil
	case node.Kind != yaml.SequenceNode:
		f.error(at(node), "bad-value", "%s is a list", key)
		return nil
	case len(node.Content) > max:
		f.error(at(node), "limit", "%s has %d entries, at most %d are possible", key, len(node.Content), max)
		return nil
	}
	return node.Content
}

func (f *fields) texts(key string, max int) []Text {
	var out []Text
	for _, node := range f.items(key, max) {
		out = append(out, f.scalar(node, key, maxName))
	}
	return out
}

// quote writes what a file says on one line.
func quote(s string) string {
	if len(s) > 80 {
		s = s[:80] + "..."
	}
	return strconv.Quote(s)
}
