package dns

import (
	"slices"
	"strings"
)

// Filter is one condition on a record. Texts are compared without regard to
// case.
type Filter struct {
	Field Field
	Op    Op
	Value string // "true" or "false" for OnProxied
}

// Field is what a Filter looks at.
type Field string

// The fields.
const (
	OnName    Field = "name"
	OnType    Field = "type"
	OnContent Field = "content"
	OnProxied Field = "proxied"
	OnComment Field = "comment"
	// OnTag looks at tags: name:value, or a name for Present and Absent.
	OnTag Field = "tag"
)

// Op is how a Filter compares.
type Op string

// The operators. Present and Absent are for comments and tags.
const (
	Exact      Op = "exact"
	Contains   Op = "contains"
	StartsWith Op = "startswith"
	EndsWith   Op = "endswith"
	Present    Op = "present"
	Absent     Op = "absent"
)

// match gives the function that judges records.
func (f Filter) match() func(Record) bool {
	want := fold(f.Value)
	switch f.Field {
	case OnName:
		want = strings.TrimSuffix(want, ".")
		if ascii, ok := toASCII(want); ok {
			want = ascii
		}
		return func(r Record) bool { return f.Op.compare(r.Name, want) }
	case OnType:
		return func(r Record) bool { return fold(r.Type) == want }
	case OnContent:
		return f.content(want)
	case OnProxied:
		return func(r Record) bool { return r.Proxied == (want == "true") }
	case OnComment:
		return func(r Record) bool { return f.comment(r, want) }
	case OnTag:
		return func(r Record) bool { return f.tags(r, want) }
	}
	return func(Record) bool { return false }
}

// content compares what is written and what is published, so that quotes around
// a TXT record and a dot behind a name make no difference to what is found.
func (f Filter) content(want string) func(Record) bool {
	plain, host := want, want
	if f.Op == Exact {
		plain, host = fold(plainText(f.Value)), strings.TrimSuffix(want, ".")
	}
	return func(r Record) bool {
		switch got := fold(r.Content); {
		case f.Op.compare(got, want):
			return true
		case r.Type == "TXT":
			return f.Op.compare(fold(plainText(r.Content)), plain)
		default:
			return f.Op.compare(got, host)
		}
	}
}

func (f Filter) comment(r Record, want string) bool {
	switch f.Op {
	case Present:
		return r.Comment != ""
	case Absent:
		return r.Comment == ""
	}
	return r.Comment != "" && f.Op.compare(fold(r.Comment), want)
}

func (f Filter) tags(r Record, want string) bool {
	wantName, wantValue, _ := strings.Cut(want, ":")
	has := slices.ContainsFunc(r.Tags, func(tag string) bool {
		name, value, _ := strings.Cut(fold(tag), ":")
		return name == wantName && (f.Op == Present || f.Op == Absent || f.Op.compare(value, wantValue))
	})
	return has != (f.Op == Absent)
}

// compare compares folded texts.
func (o Op) compare(got, want string) bool {
	switch o {
	case Contains:
		return strings.Contains(got, want)
	case StartsWith:
		return strings.HasPrefix(got, want)
	case EndsWith:
		return strings.HasSuffix(got, want)
	}
	return got == want
}

// fold makes texts comparable without regard to case.
func fold(s string) string { return strings.ToLower(s) }
