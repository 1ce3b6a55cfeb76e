package gateway

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/tokenward/tokenward/v4"
)

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
		a.fail(http.StatusRequestEntityTooLarge, v4.Error{
			Code: v4.CodeInvalidRequest, Message: fmt.Sprintf("The request body is larger than %d bytes", max)})
		return false
	}
	return true
}
