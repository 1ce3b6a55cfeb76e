package gateway

import (
	"bytes"
	"encoding/json"
	"net/http"

	"github.com/tokenward/tokenward/v4"
)

// answer is the response to one request. It sees to it that every answer has
// the headers that clients rely on, and knows whether one has begun.
type answer struct {
	http.ResponseWriter
	id    string
	ray   [1]string // id, as the header holds it
	begun bool      // the status is on its way

	gateway   bool // there is something behind us that may refuse too
	forwarded bool // what is behind us answers: its content type is its own
}

func newAnswer(w http.ResponseWriter, gateway bool) *answer {
	id := newRequestID()
	return &answer{ResponseWriter: w, id: id, ray: [1]string{id}, gateway: gateway}
}

// Values of headers that every answer has. Answers share them: nobody writes to
// the values of a header, and who adds one to a full slice gets a new slice.
var (
	isJSON  = [...]string{"application/json"}
	noStore = [...]string{"no-store"}
	noSniff = [...]string{"nosniff"}
)

// stamp sets what every answer has: cf-ray (contract 2.1), a JSON content type
// unless it is something else (contract 0, rule 2), and that nobody may keep
// it. RFC 9111 says that by itself for answers to Authorization, not to
// X-Auth-Key. A 204 has no body that could be of a type.
func (a *answer) stamp(status int) {
	if a.begun {
		return
	}
	h := a.Header()
	h["Cf-Ray"] = a.ray[:]
	if len(h["Cache-Control"]) == 0 {
		h["Cache-Control"] = noStore[:]
	}
	if status == http.StatusNoContent && !a.forwarded {
		return
	}
	if len(h["Content-Type"]) == 0 && !a.forwarded {
		h["Content-Type"] = isJSON[:]
	}
	h["X-Content-Type-Options"] = noSniff[:] // answers repeat what clients sent
}

// WriteHeader stamps the answer and sends the status.
func (a *answer) WriteHeader(status int) {
	a.stamp(status)
	if status >= 200 || status == http.StatusSwitchingProtocols { // other 1xx come before an answer
		a.begun = true
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write writes to the body, after a 200 if there is no status yet.
func (a *answer) Write(b []byte) (int, error) {
	if !a.begun {
		a.WriteHeader(http.StatusOK)
	}
	return a.ResponseWriter.Write(b)
}

// FlushError is for http.ResponseController, which would otherwise unwrap the
// answer and send a status that was never stamped.
func (a *answer) FlushError() error {
	if !a.begun {
		a.WriteHeader(http.StatusOK)
	}
	return http.NewResponseController(a.ResponseWriter).Flush()
}

// Unwrap is for the rest of what http.ResponseController can do.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// fail answers with an error envelope. The body is complete before the status
// is sent.
func (a *answer) fail(status int, first v4.Error, more ...v4.Error) {
	var body bytes.Buffer
	e := json.NewEncoder(&body)
	e.SetEscapeHTML(false)
	if err := e.Encode(v4.Failure(first, more...)); err != nil {
		panic(err) // strings and numbers encode
	}
	a.WriteHeader(status)
	a.ResponseWriter.Write(body.Bytes()) // a client that went away is told nothing
}
