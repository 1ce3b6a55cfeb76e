package dashboard

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/tokenward/tokenward/internal/dns"
)

// recordForm is what the page shows on which a record is made or changed.
type recordForm struct {
	zoneHead
	Action      string
	New         bool
	MayEdit     bool // else it is only shown
	Type        field
	Name        field
	Parts       []field // of what the record says
	TTL         field
	Notes       []field
	NotesOpen   bool
	CanProxy    bool
	Record      dns.Record // zero for a new one
	Explanation string     // what the type is for
}

// partName is the form's field of a component: its own name beside the record,
// else one that cannot be taken for the record's members.
func partName(c *dns.Component) string {
	if c.Beside {
		return c.Name
	}
	return "data." + c.Name
}

// fill puts a record into a form.
func fillRecord(f *form, r *dns.Record, zone string) {
	f.Set("type", r.Type)
	f.Set("name", hostOf(r.Name, zone))
	f.Set("content", r.Content)
	if r.Priority != nil {
		f.Set("priority", strconv.Itoa(int(*r.Priority)))
	}
	var data map[string]json.RawMessage
	if json.Unmarshal(r.Data, &data) == nil { // else there is none
		for name, raw := range data {
			text := string(raw)
			var s string
			if json.Unmarshal(raw, &s) == nil {
				text = s
			}
			f.Set("data."+name, text)
		}
	}
	f.Set("ttl", strconv.Itoa(r.TTL))
	if r.Proxied {
		f.Set("proxied", "on")
	}
	f.Set("comment", r.Comment)
	f.Set("tags", strings.Join(r.Tags, ", "))
}

// readRecord makes a draft of a form. Everything that the form shows is sent, so
// that what was emptied is empty. What is missing fails its field.
func readRecord(f *form) dns.Draft {
	t := f.Get("type")
	comment, tags := f.Trimmed("comment"), splitList(f.Get("tags"))
	d := dns.Draft{Name: f.Trimmed("name"), Type: t, Comment: &comment, Tags: &tags}
	if d.Name == "" {
		f.fail("name", "Enter a name, or @ for the domain itself.")
	}
	data := make(map[string]string)
	for _, c := range dns.Components(t) {
		name := partName(&c)
		value := f.Get(name)
		if !c.Long {
			value = strings.TrimSpace(value)
		}
		switch {
		case value == "" && c.Optional:
			if c.Rule != "" && !c.Beside {
				data[c.Name] = ""
			}
		case strings.TrimSpace(value) == "":
			f.fail(name, "This is needed: "+c.Rule+".")
		case c.Beside && c.Whole:
			d.Priority = readPriority(f, name, value)
		case c.Beside:
			d.Content = value
		default:
			data[c.Name] = value
		}
	}
	if len(data) > 0 {
		d.Data, _ = json.Marshal(data) // strings always encode
	}
	ttl, err := strconv.Atoi(f.Get("ttl"))
	if err != nil {
		ttl = ttlAutomatic
	}
	d.TTL = &ttl
	proxied := f.Has("proxied") && dns.CanBeProxied(t)
	d.Proxied = &proxied
	return d
}

func readPriority(f *form, name, value string) *uint16 {
	n, err := strconv.ParseUint(value, 10, 16)
	if err != nil {
		f.fail(name, "This must be a whole number between 0 and 65535.")
		return nil
	}
	priority := uint16(n)
	return &priority
}

// splitList are the parts of a list that people write with commas or lines.
func splitList(s string) []string {
	out := []string{}
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == '\n' || r == '\r' }) {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// takeRecord puts what package dns finds wrong beside the fields, or that the
// record is not the reader's to make above them, and returns nil; any other
// error it returns.
func takeRecord(f *form, err error) error {
	var wrong *dns.Error
	var no *dns.Forbidden
	switch {
	case errors.As(err, &no):
		f.problem(barred(&no.Changes[0]))
		return nil
	case !errors.As(err, &wrong):
		return f.take(err, nil)
	}
	if code, _ := codeOf(err); code != codeInvalid && code != codeExists {
		return err
	}
	if len(wrong.Chain) == 0 {
		f.problem(wrong.Message)
	}
	for _, fault := range wrong.Chain {
		if name := faultField(f, fault.Pointer); name != "" {
			f.fail(name, sentence(fault.Message))
		} else {
			f.problem(fault.Message)
		}
	}
	return nil
}

// barred says that a record is not the reader's to make or change.
func barred(c *dns.ForbiddenChange) string {
	return "your roles do not let you make or change the " + c.Type + " record of " + c.Name
}

// faultField is the field that a pointer into a record means, "" for none that
// the form has.
func faultField(f *form, pointer string) string {
	first, rest, _ := strings.Cut(strings.TrimPrefix(pointer, "/"), "/")
	switch first {
	case "name", "type", "ttl", "proxied", "comment", "tags":
		return first
	case "content", "priority", "data":
		for _, c := range dns.Components(f.Get("type")) {
			if c.Beside && c.Name == first || !c.Beside && first == "data" && c.Name == rest {
				return partName(&c)
			}
		}
	}
	return ""
}
