package extauthz

import (
	"fmt"
	"net/http"
	"net/textproto"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/v4"
)

// Limits of a client's header. Envoy's own is 60 KiB unless configured otherwise.
const (
	maxHeader  = 64 << 10 // bytes, counted as RFC 9113, 6.5.2 does
	lineCost   = 32
	usualLines = 32 // memory for more is not kept
)

// header is a client's header as it is read. Its memory serves for one after another.
type header struct {
	lines http.Header
	room  []string // for the values
	odd   []string // names as they were sent, of lines that are taken out besides the usual ones
}

func newHeader() header { return header{lines: make(http.Header, usualLines)} }

func (h *header) forget() {
	if max(len(h.room), len(h.odd)) > usualLines {
		*h = newHeader()
		return
	}
	clear(h.lines)
	clear(h.room)
	clear(h.odd)
	h.room, h.odd = h.room[:0], h.odd[:0]
}

// readHeader reads the header of a request, which Envoy sends as a map of joined
// lines or, with encode_raw_headers, as lines.
func (q *question) readHeader() *fault {
	size := 0
	for i := range q.lines {
		name, value := q.lines[i].key, q.lines[i].both()
		if size += len(name) + len(value) + lineCost; size > maxHeader {
			return &fault{http.StatusRequestHeaderFieldsTooLarge, v4.CodeInvalidHeaders, fmt.Sprintf("Invalid request headers: more than %d bytes", maxHeader)}
		}
		if len(name) == 0 || name[0] != ':' {
			q.client.add(name, value)
		} else if wrong := q.agrees(string(name), string(value)); wrong != nil {
			return wrong
		}
	}
	q.Header = q.client.lines
	return nil
}

// both is the value of a line. It is told in one of the two fields, unless somebody
// plays tricks.
func (e *entry) both() []byte {
	switch {
	case len(e.raw) == 0:
		return e.value
	case len(e.value) == 0:
		return e.raw
	}
	return slices.Concat(e.value, e.raw)
}

// agrees holds a pseudo header against what was said of the request otherwise. A
// path that is not UTF-8 is told in a changed form there, and forwarded as it is.
func (q *question) agrees(name, value string) *fault {
	if name == ":path" && value != q.Target || name == ":method" && value != q.Method {
		return undescribed("its " + name + " is another one")
	}
	return nil
}

// add reads a line.
func (h *header) add(sent, text []byte) {
	name, value := canonical(sent), string(text)
	if isOdd(name) {
		h.odd = append(h.odd, string(sent))
	}
	if !isCredential(name) {
		h.put(name, value)
		return
	}
	for part := range strings.SplitSeq(value, ",") {
		h.put(name, part)
	}
}

func (h *header) put(name, value string) {
	if before, ok := h.lines[name]; ok {
		h.lines[name] = append(before, value)
		return
	}
	i := len(h.room)
	h.room = append(h.room, value)
	h.lines[name] = h.room[i : i+1 : i+1]
}

// isCredential reports whether a header of that name is sent once, with a value that
// has no comma. Envoy joins several lines by commas before anybody can count them.
func isCredential(name string) bool {
	return name == "Authorization" || name == "X-Auth-Email" || name == "X-Auth-Key"
}

// canonical is the name of a header as net/http has it.
func canonical(sent []byte) string {
	if name, ok := usualNames[string(sent)]; ok {
		return name
	}
	return textproto.CanonicalMIMEHeaderKey(string(sent))
}

// usualNames are names that need no memory: what browsers, SDKs and Envoy send.
var usualNames = func() map[string]string {
	names := make(map[string]string)
	for _, name := range [...]string{
		"Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Cache-Control", "Content-Length", "Content-Type", "Cookie",
		"If-Match", "If-None-Match", "Origin", "Priority", "Referer", "Sec-Ch-Ua", "Sec-Ch-Ua-Mobile", "Sec-Ch-Ua-Platform",
		"Sec-Fetch-Dest", "Sec-Fetch-Mode", "Sec-Fetch-Site", "Te", "Traceparent", "Tracestate", "User-Agent",
		"X-Envoy-Attempt-Count", "X-Envoy-Expected-Rq-Timeout-Ms", "X-Envoy-External-Address", "X-Envoy-Internal", "X-Envoy-Original-Path",
		"X-Forwarded-For", "X-Forwarded-Proto", "X-Request-Id",
	} {
		names[strings.ToLower(name)] = name
	}
	return names
}()
