package gateway

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/v4"
)

func hasBody(r *http.Request) bool { return r.Body != nil && r.Body != http.NoBody }

// readBody reads a request's body into memory, up to the largest that there may
// be, and answers the request if it cannot. An operation that nothing serves has
// no use for one.
func (g *Gate[C]) readBody(a *answer, r *http.Request, op *catalog.Operation) bool {
	if g.handlers[op] == nil && g.forward == nil {
		a.fail(http.StatusNotFound, notServed)
		return false
	}
	if !a.accepts(r, g.maxBody) {
		return false
	}
	body, err := io.ReadAll(http.MaxBytesReader(a.ResponseWriter, r.Body, g.maxBody))
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		a.tooLarge(g.maxBody)
		return false
	case err != nil:
		a.fail(http.StatusBadRequest, v4.Error{Code: v4.CodeInvalidRequest, Message: "The request body could not be read"})
		return false
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return true
}

// accepts reports whether a request's body may be read, and answers it if not.
// A Content-Type is never a reason: official clients send JSON as text/plain,
// as application/merge-patch+json and as nothing at all.
//
// An encoded body would be judged as bytes and acted on as something else.
func (a *answer) accepts(r *http.Request, max int64) bool {
	if r.ContentLength == 0 {
		return true
	}
	for _, coding := range r.Header["Content-Encoding"] {
		if !strings.EqualFold(coding, "identity") {
			a.Header().Set("Accept-Encoding", "identity") // RFC 9110, 15.5.16
			a.fail(http.StatusUnsupportedMediaType, v4.Error{
				Code: v4.CodeInvalidHeaders, Message: "Invalid request headers: a request body cannot have a Content-Encoding"})
			return false
		}
	}
	if r.ContentLength > max {
		a.tooLarge(max)
		return false
	}
	return true
}

func (a *answer) tooLarge(max int64) {
	a.fail(http.StatusRequestEntityTooLarge, v4.Error{
		Code: v4.CodeInvalidRequest, Message: fmt.Sprintf("The request body is larger than %d bytes", max)})
}
