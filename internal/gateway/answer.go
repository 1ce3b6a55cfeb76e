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
	begun bool // the status is on its way

	gateway   bool // there is something behind us that may refuse too
	forwarded bool // what is behind us answers: its content type is its own
}

// stamp sets what every answer has: cf-ray (contract 2.1), a JSON content type
// unless it is something else (contract 0, rule 2), and that nobody may keep
// it. RFC 9111 says that by itself for answers to Authorization, not to
// X-Auth-Key.
func (a *answer) stamp() {
	if a.begun {
		return
	}
	h := a.Header()
	h.Set("Cf-Ray", a.id)
	if len(h["Content-Type"]) == 0 && !a.forwarded {
		h.Set("Content-Type", "application/json")
	}
	if len(h["Cache-Control"]) == 0 {
		h.Set("Cache-Control", "no-store")
	}
	h.Set("X-Content-Type-Options", "nosniff") // answers repeat what clients sent
}

// WriteHeader stamps the answer and sends the status.
func (a *answer) WriteHeader(status int) {
	a.stamp()
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
