package client

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/tokenward/tokenward/v4"
)

// Error is an answer that says no.
type Error struct {
	Status    int        // HTTP status
	Errors    []v4.Error // what the server gave as reasons; empty when the answer had none
	RequestID string     // the server's name for the request, "" when it gave none
}

// Error lists every reason with its pointer and chain.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "HTTP %d", e.Status)
	if text := http.StatusText(e.Status); text != "" {
		b.WriteString(" " + text)
	}
	if len(e.Errors) == 0 {
		b.WriteString(": the answer gives no reason in the form of the v4 API")
	}
	for i, reason := range e.Errors {
		b.WriteString([]string{": ", "; "}[min(i, 1)])
		writeReason(&b, reason)
	}
	if e.RequestID != "" {
		fmt.Fprintf(&b, " (request %s)", e.RequestID)
	}
	return b.String()
}

func writeReason(b *strings.Builder, e v4.Error) {
	fmt.Fprintf(b, "%d %s", e.Code, e.Message)
	if e.Source != nil && e.Source.Pointer != "" {
		fmt.Fprintf(b, " (at %s)", e.Source.Pointer)
	}
	for _, c := range e.ErrorChain {
		fmt.Fprintf(b, " <- %d %s", c.Code, c.Message)
	}
}

// Has reports whether one of the reasons, or of what lies behind them, has this
// number.
func (e *Error) Has(code int) bool {
	for _, reason := range e.Errors {
		if reason.Code == code {
			return true
		}
		for _, c := range reason.ErrorChain {
			if c.Code == code {
				return true
			}
		}
	}
	return false
}

// IsNotFound reports whether err is the answer that there is no such object.
func IsNotFound(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Status == http.StatusNotFound
}
