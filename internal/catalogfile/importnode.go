package catalogfile

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// keyOrder is the order in which keys are written; others follow by name.
var keyOrder = []string{
	"version", "key", "kind", "id", "name", "title", "description", "method", "path", "query", "body", "new", "account", "errors",
	"in", "pattern", "max", "scope", "level", "summary", "product", "access", "groups", "resource", "parameters", "list",
	"items", "rows", "paging", "max_per_page", "for", "accounts", "kinds", "products", "operations", "templates",
}

// nodeOf writes a value as YAML that people can read: mappings in a fixed order,
// and those of scalars deep inside on one line.
func nodeOf(v any, depth int) *yaml.Node {
	switch v := v.(type) {
	case map[string]any:
		node := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
		plain := true
		for _, key := range ordered(v) {
			value := nodeOf(v[key], depth+1)
			plain = plain && value.Kind == yaml.ScalarNode
			node.Content = append(node.Content, nodeOf(key, depth+1), value)
		}
		if plain && depth > 3 {
			node.Style = yaml.FlowStyle
		}
		return node
	case []any:
		node := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
		plain := true
		for _, item := range v {
			value := nodeOf(item, depth+1)
			plain = plain && value.Kind == yaml.ScalarNode
			node.Content = append(node.Content, value)
		}
		if plain {
			node.Style = yaml.FlowStyle
		}
		return node
	}
	var node yaml.Node
	if err := node.Encode(v); err != nil {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: fmt.Sprint(v)}
	}
	return &node
}

func ordered(m map[string]any) []string {
	rank := func(key string) int {
		if i := slices.Index(keyOrder, key); i >= 0 {
			return i
		}
		return len(keyOrder)
	}
	keys := slices.Sorted(maps.Keys(m))
	slices.SortStableFunc(keys, func(a, b string) int { return rank(a) - rank(b) })
	return keys
}

// listOf is a list, or the list of one thing; nil for nothing.
func listOf(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}

func keysOf[V any](m map[string]V) iter.Seq[string] { return maps.Keys(m) }

// wordOf writes a name in lowercase letters and digits, joined.
func wordOf(name, joint string) string {
	parts := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	if len(parts) > 0 && parts[0][0] <= '9' {
		parts = append([]string{"n"}, parts...)
	}
	word := strings.Join(parts, joint)
	return strings.Trim(word[:min(len(word), 32)], joint)
}

func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > maxName {
		s = string(r[:maxName])
	}
	return s
}
