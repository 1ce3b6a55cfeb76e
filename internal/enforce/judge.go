package enforce

import (
	"context"
	"net/http"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/gateway"
	"github.com/tokenward/tokenward/v4"
)

// Question is a request that a proxy asks about, in whatever way it asks.
type Question struct {
	API            string // the catalogue's name
	Prefix         string // taken off paths; "" is the built-in catalogue's own, and none of another's
	Lists          bool   // the API filters the lists that the catalogue marks
	Method, Target string // as the request line has them
	Header         http.Header
	Shown          []string // lines of what should be the endpoint's secret
	Peer           string   // who sent it to the proxy, as http.Request.RemoteAddr; "" is unknown
}

// Answer is what forward-auth would answer, for who answers otherwise.
type Answer struct {
	Status int
	Header http.Header // of a yes, whose request it is
	Body   []byte
}

// Allowed reports whether the request may pass. The zero Answer says no.
func (a *Answer) Allowed() bool { return a.Status == http.StatusNoContent }

// Judge answers a question. Whatever is wrong with it is a refusal.
func (e *Endpoint) Judge(ctx context.Context, asked *Question) Answer {
	if !e.trusts(asked.Shown) {
		return Refusal(http.StatusUnauthorized, v4.CodeNotJudgedHere, notShown)
	}
	gate, why := e.gateFor(asked)
	if why != "" {
		return Refusal(http.StatusForbidden, v4.CodeNotJudgedHere, why)
	}
	q := e.questions.Get().(*question)
	defer e.putBack(q)
	if wrong := q.take(asked.Method, asked.Target, asked.Header); wrong != "" {
		e.cfg.Logger.Warn("the proxy does not describe the request", "why", wrong)
		return Refusal(http.StatusForbidden, v4.CodeNotJudgedHere, "The proxy does not describe the request: "+wrong)
	}
	r := http.Request{Method: asked.Method, URL: &q.url, Header: asked.Header, Body: http.NoBody}
	q.asked = *r.WithContext(ctx)
	w := recorder{header: make(http.Header, 8)}
	gate.ServeFrom(&w, &q.asked, e.cfg.Client.Addr(asked.Peer, asked.Header))
	return Answer{w.status, w.header, w.body.Bytes()}
}

func (e *Endpoint) gateFor(asked *Question) (gate *gateway.Gate[authority.Caller], why string) {
	a, err := e.open(asked.API)
	if err != nil || a == nil {
		return nil, "The proxy asks by a catalogue that is not loaded"
	}
	if asked.Prefix == "" && !asked.Lists {
		return a.allowed, ""
	}
	return asTold(a.allowed, asked.API, asked.Prefix, asked.Lists), ""
}

// Refusal is the answer to a question that no gate was asked.
func Refusal(status, code int, message string) Answer {
	w := recorder{header: make(http.Header, 4)}
	fail(&w, status, code, message)
	return Answer{w.status, w.header, w.body.Bytes()}
}
