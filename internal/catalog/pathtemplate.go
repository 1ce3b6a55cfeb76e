package catalog

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// CheckTemplate looks through a path template of a custom catalogue and gives the
// names of its parameters in order. A segment is a literal, a parameter, or one
// parameter with literals around it; a literal is what a path may hold unescaped.
func CheckTemplate(t string) ([]string, error) {
	switch {
	case !strings.HasPrefix(t, "/"):
		return nil, errors.New("a path begins with a slash")
	case len(t) > maxPath/8:
		return nil, fmt.Errorf("a path has at most %d characters", maxPath/8)
	case strings.Count(t, "/") > maxSegments:
		return nil, fmt.Errorf("a path has at most %d segments", maxSegments)
	case t == "/":
		return nil, nil
	}
	var names []string
	for segment := range strings.SplitSeq(t[1:], "/") {
		name, err := checkSegment(segment)
		switch {
		case err != nil:
			return nil, err
		case name == "":
		case slices.Contains(names, name):
			return nil, fmt.Errorf("the parameter %s stands twice", name)
		default:
			names = append(names, name)
		}
	}
	if len(names) > maxParams {
		return nil, fmt.Errorf("a path has at most %d parameters", maxParams)
	}
	return names, nil
}

// checkSegment gives the segment's parameter, "" if it has none.
func checkSegment(s string) (string, error) {
	literal, after, ok := strings.Cut(s, "{")
	if !ok {
		if dots(s) {
			return "", fmt.Errorf("the segment %q names nothing", s)
		}
		return "", checkLiteral(s)
	}
	name, rest, closed := strings.Cut(after, "}")
	switch {
	case !closed || strings.ContainsAny(rest, "{"):
		return "", fmt.Errorf("the segment %q is neither a literal nor one parameter in braces", s)
	case name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") != "":
		return "", fmt.Errorf("the parameter %q is not of letters, digits, _ and -", name)
	}
	return name, checkLiteral(literal + rest)
}

func checkLiteral(s string) error {
	for i := range len(s) {
		if c := s[i]; !isUnreserved(c) && strings.IndexByte(":@!$&'()*+,=", c) < 0 {
			return fmt.Errorf("%q cannot stand in a path", c)
		}
	}
	return nil
}
