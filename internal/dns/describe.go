package dns

import (
	"maps"
	"slices"
)

// Component is one part of what a record of some type says, for whoever makes a
// form of it.
type Component struct {
	Name string // of the member of "data"; "content" and "priority" stand beside it
	// Beside says that the part is a member of the record, not of its data.
	Beside   bool
	Number   bool // a number, else text
	Whole    bool // a whole number
	Max      int  // of a whole number
	Long     bool // text that can be long: keys, certificates, TXT
	Optional bool
	// Choices are all that it can be, nil for no such list.
	Choices []string
	// Rule says what it must be: "a hostname".
	Rule string
}

// Types are the record types there are, in alphabetical order.
func Types() []string { return slices.Sorted(maps.Keys(kinds)) }

// CanBeProxied reports whether records of a type can be proxied at all.
func CanBeProxied(recordType string) bool {
	return recordType == "A" || recordType == "AAAA" || recordType == "CNAME"
}

// Components are the parts of a record of a type, in the order of its
// presentation format, nil for a type there is not.
func Components(recordType string) []Component {
	k := kinds[recordType]
	if k == nil {
		return nil
	}
	inData := len(k.fields) - len(k.shownFields())
	var out []Component
	for i, f := range k.fields {
		c := f.component()
		if c.Beside = i < inData; c.Beside && !(k.lead && i == 0) {
			c.Name = "content"
		}
		out = append(out, c)
	}
	return out
}

func (f field) component() Component {
	c := Component{Name: f.name, Number: f.form.isNumber(), Max: f.max, Rule: f.sentence()}
	switch f.form {
	case formNumber:
		c.Whole = true
	case formAlgorithm, formCertType:
		c.Number = false // a mnemonic is as good
		c.Rule += ", or its name"
	case formTXT, formHex, formBase64:
		c.Long = true
	case formParams:
		c.Optional = true
	case formText:
		c.Optional = true
	case formNorthSouth:
		c.Choices = []string{"N", "S"}
	case formEastWest:
		c.Choices = []string{"E", "W"}
	}
	return c
}
