package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/dns"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/v4"
)

// Call is a request that the gate let through.
type Call struct {
	Caller    authority.Caller
	Match     *catalog.Match
	RequestID string
	// Refused is called, where it is there, before an operation is answered to be
	// refused on a record: gateway.Pass has it.
	Refused func(on policy.Ref, d policy.Decision)
	query   url.Values
}

// Handler serves one operation.
type Handler func(w http.ResponseWriter, r *http.Request, c *Call)

// reply is what an endpoint answers when all went well.
type reply[Out any] struct {
	result   Out
	info     *v4.ResultInfo // of a collection
	messages []v4.Message
}

// plain is an endpoint that reads no body. What a client sends all the same is
// not looked at: DELETE comes with {} from some (contract 0, rule 12).
func plain[Out any](a *API, f func(*http.Request, *Call) (reply[Out], error)) Endpoint {
	return Endpoint{Result: reflect.TypeFor[Out](), Serve: func(w http.ResponseWriter, r *http.Request, c *Call) {
		// A query that is read in part would drop a filter, and clients take the
		// first row of what comes back.
		query, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			a.fail(w, r, c, invalid("", "the query is not well formed: escape % as %25 and ; as %3B"))
			return
		}
		c.query = query
		out, err := f(r, c)
		answer(a, w, r, c, out, err)
	}}
}

// body is an endpoint that reads a JSON body, of at most the decoder's limit if
// it has one of its own.
func body[In, Out any](a *API, d v4.Decoder, f func(*http.Request, *Call, *In) (reply[Out], error)) Endpoint {
	e := plain(a, func(r *http.Request, c *Call) (reply[Out], error) {
		in := new(In)
		if d.Limit == 0 || d.Limit > a.maxBody {
			d.Limit = a.maxBody
		}
		if err := d.Decode(r.Body, in); err != nil {
			return reply[Out]{}, err
		}
		return f(r, c, in)
	})
	e.Body = reflect.TypeFor[In]()
	return e
}

// answer writes a reply, or the error that came instead. The body is encoded
// before the status is written: a half-written 200 cannot be taken back.
func answer[Out any](a *API, w http.ResponseWriter, r *http.Request, c *Call, out reply[Out], err error) {
	if err != nil {
		a.fail(w, r, c, err)
		return
	}
	e := v4.OK(out.result, out.messages...)
	e.ResultInfo = out.info
	a.write(w, r, c, http.StatusOK, e)
}

func (a *API) write(w http.ResponseWriter, r *http.Request, c *Call, status int, envelope any) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(envelope); err != nil {
		a.log.ErrorContext(r.Context(), "encode answer", "request_id", c.RequestID, "operation", c.Match.Op.ID, "err", err)
		buf.Reset()
		status = http.StatusInternalServerError
		fmt.Fprintf(&buf, `{"result":null,"success":false,"errors":[{"code":%d,"message":"Internal error"}],"messages":[]}`, v4.CodeInternal)
	}
	w.WriteHeader(status)
	w.Write(buf.Bytes()) // an error here is the client's going away
}

func (a *API) fail(w http.ResponseWriter, r *http.Request, c *Call, err error) {
	f := failureOf(err, c.Match.Op)
	if f.status >= http.StatusInternalServerError && !errors.Is(err, r.Context().Err()) {
		a.log.LogAttrs(r.Context(), slog.LevelError, "request failed", slog.String("request_id", c.RequestID),
			slog.String("operation", c.Match.Op.ID), slog.String("err", err.Error()))
	}
	var no *dns.Forbidden
	switch {
	case errors.As(err, &no):
		a.tellRecords(&f, c, no)
	case f.status == http.StatusForbidden:
		f.errors[0].ErrorChain = a.needed(c.Match.Op)
	}
	if f.status == http.StatusForbidden && c.Refused != nil {
		c.Refused(refusedOn(err))
	}
	if f.status == http.StatusServiceUnavailable {
		f.wait = time.Second
	}
	if f.wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(f.wait.Seconds()))))
	}
	a.write(w, r, c, f.status, v4.Failure(f.errors[0], f.errors[1:]...))
}

// needed is what it takes to be allowed an operation whose resource is in the
// body, as the gate words it for those whose resource is in the path.
func (a *API) needed(op *catalog.Operation) []v4.ChainItem {
	names, _ := a.authority.Catalog().Needed(op)
	if op.Rule != catalog.Live || names == "" {
		return nil
	}
	return []v4.ChainItem{{Code: v4.CodeNeedsGroup, Message: "Needs any one of the permission groups " + names}}
}
