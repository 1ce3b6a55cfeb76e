package dashboard

import (
	"fmt"
	"strings"
)

// field is a form control with its label, hint and error, for the template
// "field".
type field struct {
	Name, Label, Value, Error  string
	Type, Hint, Placeholder    string
	Autocomplete, InputMode    string
	Max, Pattern, Rows         string
	Required, Autofocus, Plain bool
	Options                    []option // of a select
}

// option is a choice of a select.
type option struct {
	Value, Label string
	Chosen       bool
}

// newField makes a field of a form: its name, its label and what else is to be
// said, each as "key=value" or as a word:
//
//	type=password  hint=...  placeholder=...  autocomplete=...  inputmode=...
//	max=120  pattern=...  rows=4 (a text area)  required  autofocus
//	plain (monospaced)  option=value:label (a select, as often as needed)
//
// The value of a password is never given back.
func newField(f *form, name, label string, more ...string) (field, error) {
	out := field{Name: name, Label: label, Value: f.Get(name), Error: f.Error(name), Type: "text"}
	for _, m := range more {
		key, value, _ := strings.Cut(m, "=")
		if err := out.set(key, value); err != nil {
			return field{}, err
		}
	}
	if out.Type == "password" {
		out.Value = ""
	}
	for i := range out.Options {
		out.Options[i].Chosen = out.Options[i].Value == out.Value
	}
	return out, nil
}

func (f *field) set(key, value string) error {
	texts := map[string]*string{
		"type": &f.Type, "hint": &f.Hint, "placeholder": &f.Placeholder, "autocomplete": &f.Autocomplete,
		"inputmode": &f.InputMode, "max": &f.Max, "pattern": &f.Pattern, "rows": &f.Rows,
	}
	switches := map[string]*bool{"required": &f.Required, "autofocus": &f.Autofocus, "plain": &f.Plain}
	switch {
	case texts[key] != nil:
		*texts[key] = value
	case switches[key] != nil:
		*switches[key] = true
	case key == "option":
		v, label, _ := strings.Cut(value, ":")
		f.Options = append(f.Options, option{Value: v, Label: label})
	default:
		return fmt.Errorf("field %s: nothing is called %q", f.Name, key)
	}
	return nil
}

// ID is the control's id, by which its label, hint and error name it.
func (f field) ID() string { return "f-" + f.Name }

// DescribedBy are the ids of its hint and error.
func (f field) DescribedBy() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.ID()+"-hint")
	}
	if f.Error != "" {
		ids = append(ids, f.ID()+"-error")
	}
	return strings.Join(ids, " ")
}
