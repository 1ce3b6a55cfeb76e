package middleware

import (
	"encoding/json"
	"net/http"

	"github.com/tokenward/tokenward/internal/enforcewire"
	"github.com/tokenward/tokenward/v4"
)

// passedOn are the headers of a refusal that clients get. The others are about the
// conversation with the endpoint.
var passedOn = [...]string{"Content-Type", "Cache-Control", "Www-Authenticate", "Allow", "Retry-After", "Cf-Ray", "X-Content-Type-Options"}

func refuse(w http.ResponseWriter, a *enforcewire.Answer) {
	if a.Status < 400 || a.Status > 599 {
		unavailable(w) // no refusal at all, so nobody knows what it is
		return
	}
	for _, name := range passedOn {
		if lines := a.Header[name]; len(lines) > 0 {
			w.Header()[name] = lines
		}
	}
	w.WriteHeader(a.Status)
	w.Write([]byte(a.Body))
}

// unavailable answers a request that could not be judged. It is never said to be
// the credential's fault: a client would throw a good token away.
func unavailable(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "1")
	fail(w, http.StatusServiceUnavailable, v4.CodeUnavailable, "The request could not be authorized now, try again")
}

// misread answers a request whose query asks to have it read as another one: it is
// not cached with what was judged, and a handler may do as it asks.
func misread(w http.ResponseWriter) {
	fail(w, http.StatusBadRequest, v4.CodeInvalidRequest, "The query asks to have the request read as one with another method")
}

func fail(w http.ResponseWriter, status int, code int, message string) {
	body, err := json.Marshal(v4.Failure(v4.Error{Code: code, Message: message}))
	if err != nil {
		panic(err) // strings and numbers encode
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write(append(body, '\n'))
}
