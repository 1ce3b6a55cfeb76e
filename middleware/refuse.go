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
	body, err := json.Marshal(v4.Failure(v4.Error{Code: v4.CodeUnavailable, Message: "The request could not be authorized now, try again"}))
	if err != nil {
		panic(err) // strings and numbers encode
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("Retry-After", "1")
	w.WriteHeader(http.StatusServiceUnavailable)
	w.Write(append(body, '\n'))
}
