package tokenform

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// positions says where in a JSON text each member and element stands, by JSON
// pointer.
type positions struct {
	text    string
	offsets map[string]int
	unknown []string // pointers of members that a token's definition does not have
}

// known are the members of an object; a nil value may be anything. "" stands for
// each element of a list.
type known map[string]known

// definition is what a token's document may have: what can be set, and what the
// API's answers have besides, so that one can be pasted.
func definition() known {
	ranges := known{"in": nil, "not_in": nil}
	k := known{
		"policies":   {"": {"id": nil, "effect": nil, "permission_groups": nil, "resources": nil}},
		"condition":  {"request_ip": ranges, "request.ip": ranges},
		"rate_limit": {"requests": nil, "period": nil},
	}
	for _, name := range []string{
		"name", "status", "not_before", "expires_on",
		"id", "issued_on", "modified_on", "last_used_on", "creator_email_at_creation", "exposed_on",
	} {
		k[name] = nil
	}
	return k
}

// positionsOf walks through a text that is valid JSON, nested no deeper than the
// API takes.
func positionsOf(text string) *positions {
	p := &positions{text: text, offsets: map[string]int{"": p0(text, 0)}}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	p.value(d, "", definition())
	return p
}

// value walks through one value. Errors cannot be: the text is valid.
func (p *positions) value(d *json.Decoder, at string, k known) {
	t, err := d.Token()
	delim, ok := t.(json.Delim)
	if err != nil || !ok {
		return
	}
	for i := 0; d.More(); i++ {
		start := p0(p.text, int(d.InputOffset()))
		name := strconv.Itoa(i)
		below, listed := k[""]
		if delim == '{' {
			key, _ := d.Token()
			name, _ = key.(string)
			below, listed = k[name]
		}
		member := at + "/" + escape(name)
		if _, twice := p.offsets[member]; !twice {
			p.offsets[member] = start
		}
		if delim == '{' && k != nil && !listed {
			p.unknown = append(p.unknown, member)
		}
		p.value(d, member, below)
	}
	_, _ = d.Token()
}

func escape(s string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(s) }

// p0 is where the next key or value begins.
func p0(text string, offset int) int {
	rest := strings.TrimLeft(text[offset:], " \t\r\n,:")
	return len(text) - len(rest)
}

// find is where a pointer leads, or else the nearest that there is above it.
func (p *positions) find(pointer string) int {
	for {
		if at, ok := p.offsets[pointer]; ok {
			return at
		}
		dotted := strings.Replace(pointer, "/request_ip", "/request.ip", 1)
		if at, ok := p.offsets[dotted]; ok {
			return at
		}
		pointer = pointer[:max(0, strings.LastIndexByte(pointer, '/'))]
	}
}

// lineAndColumn count from 1; a column is a character.
func lineAndColumn(text string, offset int) (line, column int) {
	before := text[:min(max(offset, 0), len(text))]
	line = 1 + bytes.Count([]byte(before), []byte("\n"))
	return line, 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
}
