package enforce

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/enforcewire"
	"github.com/tokenward/tokenward/internal/gateway"
	"github.com/tokenward/tokenward/internal/token"
	"github.com/tokenward/tokenward/v4"
)

const defaultPrefix = gateway.DefaultPrefix

// longest is for how long an answer is kept, though nothing changes: when a token
// was last used is known that exactly.
const longest = time.Minute

// check answers POST /v1/check.
func (e *Endpoint) check(w http.ResponseWriter, r *http.Request) {
	var asked enforcewire.Checks
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, enforcewire.MaxCheckBody))
	if err == nil && r.Method == http.MethodPost {
		err = v4.Decoder{Strict: true, Limit: enforcewire.MaxCheckBody}.Unmarshal(body, &asked)
	}
	if err != nil || r.Method != http.MethodPost || len(asked.Checks) == 0 || len(asked.Checks) > enforcewire.MaxChecks {
		fail(w, http.StatusBadRequest, v4.CodeInvalidRequest, "It takes a POST of 1 to 100 checks in JSON")
		return
	}
	a, err := e.open(asked.API)
	if err != nil || a == nil {
		fail(w, http.StatusNotFound, v4.CodeNoRoute, "No such catalogue is loaded")
		return
	}
	prefix := asked.Prefix
	if prefix == "" && asked.API == BuiltIn {
		prefix = defaultPrefix
	}
	gate := a.checked.With(prefix, false).Filtering(operationIDs(asked.API, asked.Filtered))
	at := e.cfg.Authority.FeedPosition() // before anything is judged
	out := enforcewire.Answers{Position: enforcewire.Position(at), Answers: make([]enforcewire.Answer, len(asked.Checks))}
	for i := range asked.Checks {
		ask(r.Context(), gate, &asked.Checks[i], &out.Answers[i])
	}
	answer(w, out)
}

// operationIDs are the ids among all operations of those that a catalogue has by
// these ids.
func operationIDs(api string, ids []string) []string {
	if api == BuiltIn {
		return ids
	}
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = catalog.OperationID(api, id)
	}
	return out
}

func answer(w http.ResponseWriter, v any) {
	var body bytes.Buffer
	if err := json.NewEncoder(&body).Encode(v); err != nil {
		panic(err) // strings and numbers encode
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Write(body.Bytes())
}

type answerKey struct{}

// ask has a gate judge one check.
func ask(ctx context.Context, gate *gateway.Gate[authority.Caller], c *enforcewire.Check, out *enforcewire.Answer) {
	path, err := url.PathUnescape(c.Path)
	if err != nil {
		path = "" // which no operation has
	}
	r := (&http.Request{
		Method: c.Method, URL: &url.URL{Path: path, RawPath: c.RawPath, Opaque: c.Opaque, RawQuery: c.Query},
		Header: make(http.Header), Body: http.NoBody,
	}).WithContext(context.WithValue(ctx, answerKey{}, out))
	if addr, err := netip.ParseAddr(c.Addr); err == nil {
		r.RemoteAddr = addr.String()
	}
	if c.UserAgent != "" {
		r.Header.Set("User-Agent", c.UserAgent)
	}
	if len(c.Jurisdiction) > 0 {
		r.Header["Cf-R2-Jurisdiction"] = c.Jurisdiction
	}
	w := &recorder{header: make(http.Header)}
	var d token.Digest
	if n, err := hex.Decode(d[:], []byte(first(c.Credential, hex.EncodedLen(len(d))))); err == nil && n == len(d) && len(c.Credential) == 2*n {
		gate.ServeDigest(w, r, d)
	} else {
		// The gate words what is wrong with a header that it did not see.
		switch c.Credential {
		case enforcewire.NoCredential:
		case enforcewire.RepeatedCredential:
			r.Header["Authorization"] = []string{"", ""}
		default:
			r.Header["Authorization"] = []string{""}
		}
		gate.ServeHTTP(w, r)
	}
	if !out.Allowed {
		out.Status, out.Header, out.Body = w.status, w.header, w.body.String()
	}
}

func first(s string, n int) string { return s[:min(n, len(s))] }

// note fills in the answer to a check that is allowed.
func note(_ http.ResponseWriter, r *http.Request, p gateway.Pass[authority.Caller]) {
	out, ok := r.Context().Value(answerKey{}).(*enforcewire.Answer)
	if !ok {
		return
	}
	keep := longest
	if d, ends := p.Caller.GoodFor(); ends {
		keep = min(keep, d)
	}
	*out = enforcewire.Answer{Allowed: true, Identity: identityOf(&p), UserID: p.Caller.UserID(), QueryCounts: queryCounts(p.Match.Op), KeepMS: max(0, keep.Milliseconds())}
}

func queryCounts(op *catalog.Operation) bool {
	return slices.ContainsFunc(op.Places(), func(p catalog.Place) bool { return p.In == catalog.InQuery })
}

// recorder keeps what a gate answers.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *recorder) Header() http.Header { return w.header }

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *recorder) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(b)
}
