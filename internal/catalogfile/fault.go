package catalogfile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Pos is a place in a file, counted from 1. The zero Pos is the file as a whole.
type Pos struct{ Line, Column int }

// Fault is one thing wrong with a file.
type Fault struct {
	Pos
	Warning bool   // the file can be used as it is
	Rule    string // what was broken, in one word: "unknown-group"
	Message string
}

// String is the fault behind its place: "12:5: error: ... (unknown-group)".
func (f *Fault) String() string {
	level := "error"
	if f.Warning {
		level = "warning"
	}
	at := ""
	if f.Line > 0 {
		at = fmt.Sprintf("%d:%d: ", f.Line, f.Column)
	}
	return fmt.Sprintf("%s%s: %s (%s)", at, level, f.Message, f.Rule)
}

// MaxFaults is the number of faults after which no more are noted.
const MaxFaults = 100

// Faults are what is wrong with a file, in the order of its lines.
type Faults []Fault

// Errors reports whether one of them is not a warning.
func (fs Faults) Errors() bool {
	return slices.ContainsFunc(fs, func(f Fault) bool { return !f.Warning })
}

// Error lists the errors, one a line; it makes Faults an error.
func (fs Faults) Error() string {
	var lines []string
	for i := range fs {
		if !fs[i].Warning {
			lines = append(lines, fs[i].String())
		}
	}
	return strings.Join(lines, "\n")
}

// sorted puts the faults into the order of the file and leaves out what is said
// twice.
func (fs Faults) sorted() Faults {
	slices.SortStableFunc(fs, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.Compact(fs)
}

// noter collects faults.
type noter struct{ faults Faults }

func (n *noter) error(at Pos, rule, format string, args ...any) {
	n.note(at, false, rule, format, args)
}

func (n *noter) warn(at Pos, rule, format string, args ...any) { n.note(at, true, rule, format, args) }

func (n *noter) note(at Pos, warning bool, rule, format string, args []any) {
	switch {
	case len(n.faults) < MaxFaults:
	case warning:
		return
	default: // an error takes the place of a warning, or a file with many warnings would pass
		i := slices.IndexFunc(n.faults, func(f Fault) bool { return f.Warning })
		if i < 0 {
			return
		}
		n.faults = slices.Delete(n.faults, i, i+1)
	}
	n.faults = append(n.faults, Fault{at, warning, rule, fmt.Sprintf(format, args...)})
}
