package main

import "github.com/spf13/pflag"

// text is a flag that takes whatever is written and is checked later.
type text string

func (t *text) Set(s string) error { *t = text(s); return nil }
func (t *text) String() string     { return string(*t) }
func (t *text) Type() string       { return "text" }

// toggle is a text for true or false; the bare flag is true.
type toggle string

func (t *toggle) Set(s string) error { *t = toggle(s); return nil }
func (t *toggle) String() string     { return string(*t) }
func (t *toggle) Type() string       { return "bool" }

func addText(fs *pflag.FlagSet, v pflag.Value, name, value, usage string) {
	_ = v.Set(value) // takes everything
	f := fs.VarPF(v, name, "", usage)
	if _, ok := v.(*toggle); ok {
		f.NoOptDefVal = "true"
	}
}
