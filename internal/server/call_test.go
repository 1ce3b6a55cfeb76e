package server_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/token"
)

// credential sets the headers that a caller shows. nil is a caller without any.
type credential func(http.Header)

func (c credential) show(h http.Header) {
	if c != nil {
		c(h)
	}
}

func bearer(value string) credential {
	return func(h http.Header) { h.Set("Authorization", "Bearer "+value) }
}

func (w *world) key(user string) credential {
	return func(h http.Header) {
		h.Set("X-Auth-Email", w.emails[user])
		h.Set("X-Auth-Key", w.keys[user].Reveal())
	}
}

// stranger shows a token that has the right form and was never issued.
func stranger() credential { return bearer(token.Format{}.New(token.User).Reveal()) }

// call is one request.
type call struct {
	as     credential
	method string
	path   string // below /client/v4
	from   string // the client's address, elsewhere when empty
	body   []byte

	jurisdiction string
}

// elsewhere is the address of who says nothing about theirs.
const elsewhere = "203.0.113.1"

// answer is what came back.
type answer struct {
	status   int
	ray      string
	kind     string
	header   http.Header
	raw      []byte
	envelope envelope
}

type envelope struct {
	Result     json.RawMessage
	ResultInfo numbers `json:"result_info"`
	Success    *bool
	Errors     []fault
	Messages   []fault
}

type fault struct {
	Code    int
	Message string
	Source  struct{ Pointer string }
	Chain   []fault `json:"error_chain"`
}

// call sends a request and holds the answer against what every answer promises.
func (w *world) call(t testing.TB, c call) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), c.method, w.http.URL+"/client/v4"+c.path, bytes.NewReader(c.body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Forwarded-For", orElse(c.from, elsewhere))
	if c.jurisdiction != "" {
		req.Header.Set("Cf-R2-Jurisdiction", c.jurisdiction)
	}
	c.as.show(req.Header)
	res, err := w.http.Client().Do(req)
	if err != nil {
		t.Fatalf("%s %s: %v", c.method, c.path, err)
	}
	defer res.Body.Close()
	a := answer{status: res.StatusCode, ray: res.Header.Get("Cf-Ray"), kind: res.Header.Get("Content-Type"), header: res.Header}
	if a.raw, err = io.ReadAll(res.Body); err != nil {
		t.Fatal(err)
	}
	if problem := a.problem(); problem != "" {
		t.Errorf("%s %s: %s\n%d %s", c.method, c.path, problem, a.status, clip(a.raw))
	}
	return a
}

// problem is what keeps an answer from being one that clients can read, "" for
// a good one (contract section 0, rule 2; 2.1).
func (a *answer) problem() string {
	if a.ray == "" {
		return "the answer has no cf-ray"
	}
	if a.kind != "application/json" {
		return "the answer is " + a.kind
	}
	var all map[string]json.RawMessage
	if json.Unmarshal(a.raw, &all) != nil || json.Unmarshal(a.raw, &a.envelope) != nil {
		return "the answer is no envelope"
	}
	for _, member := range []string{"result", "success", "errors", "messages"} {
		if all[member] == nil {
			return "the envelope has no " + member
		}
	}
	e := &a.envelope
	switch ok := a.status == http.StatusOK; {
	case e.Success == nil || *e.Success != ok:
		return "success and the status disagree"
	case ok != (len(e.Errors) == 0):
		return "errors and the status disagree"
	case !ok && string(e.Result) != "null":
		return "a failure has a result"
	}
	return ""
}

// first is the number and text that clients act on: of the first error, or of
// the first message when all went well.
func (a *answer) first() (int, string) {
	for _, list := range [][]fault{a.envelope.Errors, a.envelope.Messages} {
		if len(list) > 0 {
			return list[0].Code, list[0].Message
		}
	}
	return 0, ""
}

func (a *answer) decode(t testing.TB, into any) {
	t.Helper()
	if err := json.Unmarshal(a.envelope.Result, into); err != nil {
		t.Fatalf("%v in %s", err, clip(a.raw))
	}
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func clip(b []byte) string {
	if len(b) > 600 {
		return string(b[:600]) + "..."
	}
	return strings.TrimSpace(string(b))
}
