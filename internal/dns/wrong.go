package dns

import (
	"errors"
	"slices"

	"github.com/tokenward/tokenward/internal/authority"
)

// wrong is what is wrong with several changes by themselves.
type wrong struct {
	faults    []Fault
	forbidden []ForbiddenChange
}

// take keeps what err says of one change of several, and reports whether it says
// anything of the kind.
func (w *wrong) take(c *Change, err error) bool {
	if c.At == "" {
		return false
	}
	faults := c.faults(err)
	w.faults = append(w.faults, faults...)
	return len(faults) > 0 || w.forbids(err)
}

// forbids keeps that something may not be done, if err says so.
func (w *wrong) forbids(err error) bool {
	var no *Forbidden
	if errors.As(err, &no) {
		w.forbidden = append(w.forbidden, no.Changes...)
	}
	return no != nil
}

// enough: more would not be told.
func (w *wrong) enough() bool { return len(w.faults)+len(w.forbidden) >= maxFaults }

// err is what is to be told. What may not be done comes before what cannot be
// done.
func (w *wrong) err() error {
	switch {
	case len(w.forbidden) > 0:
		return &Forbidden{w.forbidden}
	case len(w.faults) > 0:
		return refused(w.faults[:min(len(w.faults), maxFaults)])
	}
	return nil
}

// faults are what is wrong with one change of several, below its place in the
// request, nil when err says nothing of the kind.
func (c *Change) faults(err error) []Fault {
	var wrong *Error
	switch {
	case errors.As(err, &wrong):
		faults := slices.Clone(wrong.Chain)
		for i := range faults {
			faults[i].Pointer = c.At + faults[i].Pointer
		}
		return faults
	case errors.Is(err, authority.ErrNotFound):
		return []Fault{{numNotFound, c.At + "/id", messageNotFound}}
	}
	return nil
}
