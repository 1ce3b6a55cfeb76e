package dashboard

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tokenward/tokenward/internal/authority"
)

// Bounds of the values that a list shows. The page of an event has all of them.
const (
	maxListedChanges = 6
	maxListedValue   = 160 // characters
)

// auditChange is a member that an event changed, with what it was and is. An
// event that made or removed something has one side only.
type auditChange struct {
	Name        string
	Before, Now string // "" for not there
}

// changes compares what a resource was and is, member by member. Members
// that stayed the same are left out. cut says that something was shortened.
func (w *auditWords) changes(before, now json.RawMessage) (list []auditChange, cut bool) {
	was, is := membersOf(before), membersOf(now)
	names := slices.Sorted(maps.Keys(was))
	for name := range is {
		if _, both := was[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		if bytes.Equal(was[name], is[name]) {
			continue
		}
		if !w.whole && len(list) == maxListedChanges {
			return list, true
		}
		c := auditChange{Name: name, Before: w.named(readable(was[name])), Now: w.named(readable(is[name]))}
		if !w.whole {
			cut = shorten(&c.Before) || cut
			cut = shorten(&c.Now) || cut
		}
		list = append(list, c)
	}
	return list, cut
}

// membersOf are the members of an object, compact; another value is one member
// called "value".
func membersOf(raw json.RawMessage) map[string]json.RawMessage {
	if len(raw) == 0 {
		return nil
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil {
		return map[string]json.RawMessage{"value": raw}
	}
	for name, v := range members {
		var out bytes.Buffer
		if json.Compact(&out, v) == nil {
			members[name] = out.Bytes()
		}
	}
	return members
}

// readable is a value for people: a string without quotes, the rest indented.
func readable(raw json.RawMessage) string {
	var s string
	if len(raw) == 0 {
		return ""
	}
	if json.Unmarshal(raw, &s) == nil && s != "" {
		return s
	}
	var out bytes.Buffer
	if json.Indent(&out, raw, "", "  ") != nil {
		return string(raw)
	}
	return out.String()
}

// named adds to the ids of permission groups what they are called.
func (w *auditWords) named(value string) string {
	return w.ids.ReplaceAllStringFunc(value, func(member string) string {
		g, ok := w.catalog.Group(w.ids.FindStringSubmatch(member)[1])
		if !ok {
			return member
		}
		return member + `, "name": ` + strconv.Quote(g.Name)
	})
}

// shorten bounds a value and reports whether it was longer.
func shorten(s *string) bool {
	if utf8.RuneCountInString(*s) <= maxListedValue {
		return false
	}
	*s = strings.TrimSpace(string([]rune(*s)[:maxListedValue])) + " …"
	return true
}

// facts are what else is known of an event.
func (w *auditWords) facts(e *authority.Event) []fact {
	var out []fact
	add := func(label, value string, mono bool) {
		if value != "" {
			out = append(out, fact{label, value, mono})
		}
	}
	add("Action", e.Action, true)
	add("Time", e.At.UTC().Format(time.RFC3339Nano), true)
	add("Credential", credentialWords(e.Actor.Context), false)
	add("Token", strings.TrimSpace(e.Actor.TokenName+" "+e.Actor.TokenID), false)
	add("Address", e.Actor.IP, true)
	if e.Resource.ID != "" {
		add("Resource", e.Resource.Type+" "+e.Resource.ID, true)
	}
	add("Zone", e.ZoneName, false)
	for _, name := range slices.Sorted(maps.Keys(e.Metadata)) {
		if name != "token_name" && name != "token_tag" {
			add(strings.ToUpper(name[:1])+strings.ReplaceAll(name[1:], "_", " "), e.Metadata[name], name == "operation")
		}
	}
	add("Request", strings.TrimSpace(e.Request.Method+" "+e.Request.URI), true)
	add("Program", e.Request.UserAgent, false)
	add("Request id", e.Request.ID, true)
	add("Entry", e.ID, true)
	return out
}

// credentialWords is a kind of credential in words.
func credentialWords(context string) string {
	switch context {
	case authority.ByToken.String():
		return "API token"
	case authority.ByKey.String():
		return "API key"
	case authority.BySession.String():
		return "dashboard"
	}
	return context
}
