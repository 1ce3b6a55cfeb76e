package dns

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// attributes are what a zone file says about a record in the comment behind it:
//
//	; a comment cf_tags=owner:dns,note:"one, two",cf-proxied:true
//
// The form is upstream's (documentation of its import and export). Tags whose
// name begins with cf- are settings. Space around the comment is not kept.
type attributes struct {
	comment string
	tags    []string
	proxied *bool
	flatten bool // of a CNAME
}

const (
	tagsMark   = "cf_tags="
	reserved   = "cf-"
	tagProxied = "cf-proxied"
	tagFlatten = "cf-flatten-cname"
)

var errQuotes = errors.New("a tag's value that begins with a quote must be a JSON string")

// attributesOf gives a record's attributes. Whether it is proxied is said of
// those types only that can be.
func attributesOf(r *Record) attributes {
	a := attributes{comment: r.Comment, tags: r.Tags}
	if r.Type == "A" || r.Type == "AAAA" || r.Type == "CNAME" {
		a.proxied = &r.Proxied
	}
	a.flatten = r.Type == "CNAME" && r.Settings.FlattenCNAME != nil && *r.Settings.FlattenCNAME
	return a
}

// text is what stands behind the semicolon, "" for nothing.
func (a *attributes) text() string {
	var all []string
	for _, tag := range a.tags {
		all = append(all, quoteTag(tag))
	}
	if a.flatten {
		all = append(all, tagFlatten)
	}
	if a.proxied != nil {
		all = append(all, fmt.Sprintf("%s:%t", tagProxied, *a.proxied))
	}
	s := strings.TrimSpace(a.comment)
	if len(all) > 0 || strings.Contains(s, tagsMark) {
		s += " " + tagsMark + strings.Join(all, ",")
	}
	return strings.TrimSpace(s)
}

// quoteTag writes the value of a tag as a JSON string where it could be taken
// for something else. It has no equals sign then: the last tagsMark of a line
// must be the one before the tags.
func quoteTag(tag string) string {
	name, value, _ := strings.Cut(tag, ":")
	if !strings.ContainsAny(value, `"=,\`) && value == strings.TrimSpace(value) {
		return tag
	}
	quoted, _ := json.Marshal(value) // a string always encodes
	return name + ":" + strings.ReplaceAll(string(quoted), "=", `\u003d`)
}

// parseAttributes reads what stands behind the semicolon. A reserved tag that
// is not known is an error: it would mean something elsewhere.
func parseAttributes(s string) (attributes, error) {
	at := strings.LastIndex(s, tagsMark)
	if at < 0 {
		return attributes{comment: strings.TrimSpace(s)}, nil
	}
	a := attributes{comment: strings.TrimSpace(s[:at])}
	tags, err := splitTags(s[at+len(tagsMark):])
	if err != nil {
		return a, err
	}
	for _, tag := range tags {
		name, value, _ := strings.Cut(tag, ":")
		switch name = strings.ToLower(name); {
		case name == tagProxied && (value == "true" || value == "false"):
			proxied := value == "true"
			a.proxied = &proxied
		case name == tagFlatten && (value == "" || value == "true"):
			a.flatten = true
		case strings.HasPrefix(name, reserved):
			return a, fmt.Errorf("tag %q is not known; names that begin with %s are reserved", tag, reserved)
		case !slices.Contains(a.tags, tag):
			a.tags = append(a.tags, tag)
		}
	}
	return a, nil
}

// splitTags gives name:value for each tag, with values unquoted.
func splitTags(s string) ([]string, error) {
	var tags []string
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimSpace(s) {
		end := strings.IndexAny(s, ",:")
		if end < 0 || s[end] == ',' || !strings.HasPrefix(strings.TrimSpace(s[end+1:]), `"`) {
			item, rest, _ := strings.Cut(s, ",")
			if item = strings.TrimSpace(item); item != "" {
				tags = append(tags, item)
			}
			s = rest
			continue
		}
		value, rest, err := cutQuoted(strings.TrimSpace(s[end+1:]))
		if err != nil {
			return nil, err
		}
		tags, s = append(tags, strings.TrimSpace(s[:end])+":"+value), rest
	}
	return tags, nil
}

// cutQuoted reads the JSON string that s begins with, and gives what follows the
// comma behind it.
func cutQuoted(s string) (value, rest string, err error) {
	end := closingQuote(s)
	if end < 0 || json.Unmarshal([]byte(s[:end+1]), &value) != nil {
		return "", "", errQuotes
	}
	rest = strings.TrimSpace(s[end+1:])
	if rest != "" && rest[0] != ',' {
		return "", "", errQuotes
	}
	return value, strings.TrimPrefix(rest, ","), nil
}
