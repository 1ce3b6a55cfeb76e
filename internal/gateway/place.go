package gateway

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
	"github.com/tokenward/tokenward/v4"
)

// maxQueryPairs is how many parameters a query has that names a resource.
const maxQueryPairs = 200

// named is what a request says outside of its path about the resource that it
// means. The zero value says nothing.
type named struct {
	query []pair // nil where it could be read in two ways
	body  any    // of JSON
}

type pair struct{ key, value string }

// find is the value that stands at a place of the request.
func (n *named) find(p catalog.Place) (string, bool) {
	switch p.In {
	case catalog.InQuery:
		return n.parameter(p.Name)
	case catalog.InBody:
		return Scalar(n.body, p.Name)
	}
	return "", false
}

// parameter is the value of a query's parameter that occurs exactly once. What
// some server behind us could take for the same parameter counts as it: another
// case, the brackets of a list, or a dot or a space where the name has "_".
func (n *named) parameter(name string) (string, bool) {
	value, times := "", 0
	for _, p := range n.query {
		if key, _, _ := strings.Cut(p.key, "["); strings.EqualFold(underscored(strings.TrimSpace(key)), underscored(name)) {
			times++
			if p.key == name {
				value = p.value
				continue
			}
			times++
		}
	}
	return value, times == 1
}

// underscored is a parameter's name as PHP reads it.
func underscored(name string) string { return strings.NewReplacer(".", "_", " ", "_").Replace(name) }

// readQuery takes a query apart, nil for one that two servers may read in two
// ways: with semicolons, bad escapes or controls, or without an end.
func readQuery(raw string) []pair {
	if strings.Count(raw, "&") >= maxQueryPairs || strings.ContainsAny(raw, ";#") {
		return nil
	}
	pairs := []pair{}
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		k, v, _ := strings.Cut(part, "=")
		key, err1 := url.QueryUnescape(k)
		value, err2 := url.QueryUnescape(v)
		if err1 != nil || err2 != nil || strings.ContainsAny(key, "\x00\r\n") {
			return nil
		}
		pairs = append(pairs, pair{key, value})
	}
	return pairs
}

// encodeQuery writes pairs as they were judged.
func encodeQuery(pairs []pair) string {
	var b strings.Builder
	for i, p := range pairs {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(p.key) + "=" + url.QueryEscape(p.value))
	}
	return b.String()
}

// Scalar is the string or the integer that a JSON pointer (RFC 6901) leads to in
// a document, whose numbers are of type json.Number.
func Scalar(doc any, pointer string) (string, bool) {
	at, ok := At(doc, pointer)
	if !ok {
		return "", false
	}
	switch v := at.(type) {
	case string:
		return v, true
	case json.Number:
		n, err := strconv.ParseInt(v.String(), 10, 64)
		return v.String(), err == nil && strconv.FormatInt(n, 10) == v.String()
	}
	return "", false
}

// At is what a JSON pointer leads to in a document.
func At(doc any, pointer string) (any, bool) {
	if pointer == "" {
		return doc, true
	}
	for step := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		step = strings.NewReplacer("~1", "/", "~0", "~").Replace(step)
		switch v := doc.(type) {
		case map[string]any:
			next, ok := v[step]
			if !ok {
				return nil, false
			}
			doc = next
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(v) || strconv.Itoa(i) != step {
				return nil, false
			}
			doc = v[i]
		default:
			return nil, false
		}
	}
	return doc, true
}

// Document reads a JSON document in which no member is given twice or in two
// spellings, so that whoever reads it next cannot understand something else.
// Numbers stay as they are written. What is wrong with it is a *v4.DecodeError.
func Document(data []byte, limit int64) (any, error) {
	var checked any
	if err := (v4.Decoder{Strict: true, Limit: limit}).Unmarshal(data, &checked); err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var doc any
	err := d.Decode(&doc)
	return doc, err
}

// queryNames reports whether an operation's resource is named in the query.
func queryNames(op *catalog.Operation) bool {
	for _, p := range op.Places() {
		if p.In == catalog.InQuery {
			return true
		}
	}
	return false
}

// readNamed finds what a request's query says about its resource, and puts the
// query as it was understood in the place of the one that was sent.
func (w *route) readNamed(r *http.Request) {
	if w.miss != catalog.Hit || !queryNames(w.op) {
		return
	}
	w.named.query = readQuery(r.URL.RawQuery)
	u := *r.URL
	u.RawQuery, u.ForceQuery = encodeQuery(w.named.query), false
	r.URL = &u
}

// byBody judges a request whose body says which resource it means. Nobody's body
// is read who shows no live credential; what goes on is what was judged, written
// anew, whatever the request said of its form.
func (g *Gate[C]) byBody(a *answer, r *http.Request, way *route, attempt Attempt, cred token.Credential) {
	early := attempt
	early.Op, early.Path, early.Again = &standIns[way.op.Family], policy.Path{}, true
	caller, decision, err := g.authorizer.Authorize(r.Context(), cred, early)
	switch {
	case err != nil:
		g.unavailable(a, r, &attempt, err)
		return
	case !g.withinCaller(a, caller):
		return
	case !decision.Allowed:
		a.refuse(&refusal{outcome: outcomeOf(decision.Reason, cred.Kind), attempt: &early, decision: decision})
		return
	case !a.saysOnce(r, way.op) || !g.readBody(a, r, way.op) || !g.readDocument(a, r, way):
		return
	}
	attempt.Path = way.match.ResourceFrom(way.named.find)
	g.judge(a, r, way, attempt, cred, true)
}

// saysOnce reports whether a query leaves it to the body to say which resource is
// meant, and answers the request if not. Frameworks that read both into one set of
// parameters could act on the query's, which nobody judged.
func (a *answer) saysOnce(r *http.Request, op *catalog.Operation) bool {
	pairs := readQuery(r.URL.RawQuery)
	for _, place := range op.Places() {
		if place.In == catalog.InBody && (pairs == nil || slices.ContainsFunc(pairs, func(p pair) bool { return isMember(p.key, place.Name) })) {
			a.fail(http.StatusBadRequest, v4.Error{Code: v4.CodeInvalidRequest, Message: "The query may not say what the request body says: " + place.Name})
			return false
		}
	}
	return true
}

// isMember reports whether a parameter could be taken for the member of a body that
// a JSON pointer leads to, or for one that holds it: "/to/store" is "to[store]" and
// "to.store" in a query.
func isMember(key, pointer string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(pointer, "/"), "/")
	first = strings.NewReplacer("~1", "/", "~0", "~").Replace(first)
	key = strings.TrimSpace(key)
	if i := strings.IndexAny(key, "[."); i > 0 && strings.EqualFold(key[:i], first) {
		return true
	}
	outer, _, _ := strings.Cut(key, "[")
	return strings.EqualFold(underscored(outer), underscored(first))
}

// readDocument reads a body that readBody has put into memory.
func (g *Gate[C]) readDocument(a *answer, r *http.Request, way *route) bool {
	sent, err := io.ReadAll(r.Body)
	if err == nil {
		way.named.body, err = Document(sent, g.maxBody)
	}
	if err != nil {
		a.fail(http.StatusBadRequest, v4.Error{Code: v4.CodeInvalidRequest, Message: "The request body " + legible(err.Error(), 256)})
		return false
	}
	judged, err := json.Marshal(way.named.body)
	if err != nil {
		panic(err) // what was read can be written
	}
	r.Body, r.ContentLength, r.TransferEncoding = io.NopCloser(bytes.NewReader(judged)), int64(len(judged)), nil
	r.Header = r.Header.Clone()
	r.Header.Set("Content-Type", "application/json") // of what goes on; the charset of what came is gone with it
	r.Header.Del("Content-Encoding")
	r.Header.Set("Content-Length", strconv.Itoa(len(judged)))
	return true
}
