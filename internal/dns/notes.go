package dns

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of what people write beside a record. Upstream's depend on the plan;
// these are the largest it documents.
const (
	maxComment  = 500 // characters
	maxTags     = 20
	maxTagName  = 32
	maxTagValue = 100
)

func checkComment(s string) []Fault {
	if utf8.RuneCountInString(s) > maxComment {
		return []Fault{{numComment, "/comment", fmt.Sprintf("Comment must have at most %d characters.", maxComment)}}
	}
	if !isGraphic(s) {
		return []Fault{{numComment, "/comment", "Comment must be one line of printable characters."}}
	}
	return nil
}

func checkTags(tags []string) (faults []Fault) {
	if len(tags) > maxTags {
		return []Fault{{numTags, "/tags", fmt.Sprintf("A record has at most %d tags.", maxTags)}}
	}
	for i, tag := range tags {
		if message := wrongTag(tag); message != "" {
			faults = append(faults, Fault{numTags, fmt.Sprintf("/tags/%d", i), message})
		}
	}
	return faults
}

// wrongTag says what is wrong with a tag, name:value or name alone.
func wrongTag(tag string) string {
	name, value, _ := strings.Cut(tag, ":")
	switch {
	case name == "" || strings.IndexFunc(name, func(c rune) bool { return c >= 0x80 || !isNameChar(byte(c), false) }) >= 0:
		return fmt.Sprintf("Tag %q: the name must be letters, digits, hyphens and underscores.", tag)
	case strings.HasPrefix(strings.ToLower(name), reserved):
		return fmt.Sprintf("Tag %q: names that begin with %s are reserved.", tag, reserved)
	case len(name) > maxTagName:
		return fmt.Sprintf("Tag %q: the name must have at most %d characters.", tag, maxTagName)
	case utf8.RuneCountInString(value) > maxTagValue:
		return fmt.Sprintf("Tag %q: the value must have at most %d characters.", tag, maxTagValue)
	case !isGraphic(value):
		return fmt.Sprintf("Tag %q: the value must be one line of printable characters.", tag)
	}
	return ""
}

func isGraphic(s string) bool {
	return utf8.ValidString(s) && strings.IndexFunc(s, func(c rune) bool { return !unicode.IsGraphic(c) }) < 0
}

// distinct keeps the first of equal tags.
func distinct(tags []string) []string {
	var all []string
	for _, tag := range tags {
		if !slices.Contains(all, tag) {
			all = append(all, tag)
		}
	}
	return all
}
