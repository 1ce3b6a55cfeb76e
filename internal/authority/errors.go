package authority

import (
	"errors"
	"fmt"
	"time"

	"github.com/tokenward/tokenward/internal/policy"
)

// Code classes what went wrong, for whoever turns it into an answer.
type Code uint8

// The codes. The zero value is a fault of ours.
const (
	CodeInternal    Code = iota
	CodeInvalid          // what was sent cannot be done; Faults or Message say why
	CodeForbidden        // the caller may not do this
	CodeNotFound         // no such row inside a resource that the caller may read
	CodeConflict         // somebody else changed it at the same time
	CodeExists           // it is there already
	CodeQuota            // as many as there may be
	CodeUnavailable      // the store could not answer

	CodeUnauthenticated // who it is has not been shown, or no longer holds
	CodeTooMany         // wrong too often; RetryAfter says how long to wait
)

// Error is an answer of the authority that is not a result. Message is for the
// caller; Err is the cause, for the log.
type Error struct {
	Code    Code
	Message string
	Faults  []policy.Fault // of what was sent, when Code is CodeInvalid
	Err     error

	RetryAfter time.Duration // when Code is CodeTooMany
	Beyond     *Beyond       // what a token would hold and its maker may not give, when that is why
	Record     *RecordDenial // what was denied of which record, when that is why
}

func (e *Error) Error() string {
	s := e.Message
	for _, f := range e.Faults {
		s += fmt.Sprintf("; %s: %s", f.Pointer, f.Message)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

func invalid(faults []policy.Fault) error {
	return &Error{Code: CodeInvalid, Message: "the request cannot be carried out", Faults: faults}
}

func notFound(what string) error {
	return &Error{Code: CodeNotFound, Message: what + " not found"}
}

func unavailable(doing string, err error) error {
	return &Error{Code: CodeUnavailable, Message: "the store could not answer", Err: fmt.Errorf("%s: %w", doing, err)}
}

// tokenError says "token not found" for a missing row.
func tokenError(doing string, err error) error { return rowError("token", doing, err) }

func rowError(what, doing string, err error) error {
	if errors.Is(err, ErrNotFound) {
		return notFound(what)
	}
	return storeError(doing, err)
}
