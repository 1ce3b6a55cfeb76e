package upstream

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/tokenward/tokenward/internal/gateway"
)

// said is an answer of the upstream that is not the list that was asked for.
type said struct {
	status     int
	retryAfter string
}

func (s said) Error() string { return "the upstream answers " + strconv.Itoa(s.status) }

// fetch asks the upstream for a page of a list, as the client asked but for the
// query.
func (p *Proxy) fetch(r *http.Request, x *exchange, f *filter, query url.Values) (doc any, items []any, err error) {
	req := (&http.Request{Method: http.MethodGet, URL: p.target(&x.pass.Match, query.Encode()), Header: http.Header{}}).WithContext(x.ctx)
	for _, name := range [...]string{"User-Agent", "Accept-Language", "X-Request-Id", "Traceparent", "Tracestate"} {
		if lines := r.Header[name]; len(lines) > 0 {
			req.Header[name] = lines
		}
	}
	req.Header.Set("Accept", "application/json")
	p.introduce(req.Header, x.pass, r)
	data, err := p.get(req, maxListPage)
	if err != nil {
		return nil, nil, err
	}
	x.moved.Store(true)
	if doc, err = gateway.Document(data, maxListPage); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", errUnfiltered, err)
	}
	at, ok := gateway.At(doc, f.items)
	if !ok {
		return nil, nil, errUnfiltered
	}
	items, ok = at.([]any)
	if !ok && at != nil {
		return nil, nil, errUnfiltered
	}
	return doc, items, nil
}

// get reads an answer of at most max bytes.
func (p *Proxy) get(req *http.Request, max int64) ([]byte, error) {
	res, err := p.transport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode == http.StatusUnauthorized, res.StatusCode == http.StatusProxyAuthRequired:
		return nil, refusedUs{res.StatusCode}
	case res.StatusCode != http.StatusOK:
		return nil, said{res.StatusCode, res.Header.Get("Retry-After")}
	}
	data, err := io.ReadAll(io.LimitReader(res.Body, max+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > max {
		return nil, errTooLong
	}
	return data, nil
}

// set puts a value at a JSON pointer where there is a member to replace.
func set(doc *any, pointer string, value any) {
	if pointer == "" {
		if rows, ok := value.([]any); ok { // the whole answer is the list
			*doc = rows
		}
		return
	}
	parent, name := holder(*doc, pointer)
	if _, ok := parent[name]; ok {
		parent[name] = value
	}
}

func remove(doc any, pointer string) {
	if pointer != "" {
		parent, name := holder(doc, pointer)
		delete(parent, name)
	}
}

// holder is the object that a pointer's last step leads into, nil if there is
// none.
func holder(doc any, pointer string) (map[string]any, string) {
	i := strings.LastIndexByte(pointer, '/')
	at, _ := gateway.At(doc, pointer[:i])
	parent, _ := at.(map[string]any)
	return parent, strings.NewReplacer("~1", "/", "~0", "~").Replace(pointer[i+1:])
}
