package extauthz

import (
	"fmt"
	"net/http"
	"net/textproto"
	"strings"

	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"

	"github.com/tokenward/tokenward/v4"
)

// Limits of a client's header. Envoy's own is 60 KiB unless configured otherwise.
const (
	maxHeader = 64 << 10 // bytes, counted as RFC 9113, 6.5.2 does
	lineCost  = 32
)

// header is a client's header as it is read.
type header struct {
	lines http.Header
	room  []string // for the values, one allocation
	size  int
	of    *authv3.AttributeContext_HttpRequest
}

// readHeader reads the header of a request, which Envoy sends as a map of joined
// lines or, with encode_raw_headers, as lines.
func readHeader(r *authv3.AttributeContext_HttpRequest) (http.Header, *fault) {
	joined, raw := r.GetHeaders(), r.GetHeaderMap().GetHeaders()
	n := len(joined) + len(raw)
	h := header{lines: make(http.Header, n), room: make([]string, 0, n), of: r}
	for name, value := range joined {
		if wrong := h.add(name, value); wrong != nil {
			return nil, wrong
		}
	}
	for values := rawValues(raw); len(raw) > 0; raw = raw[1:] {
		line := raw[0]
		value := values[:len(line.GetRawValue())]
		values = values[len(value):]
		// One of the two is empty, unless somebody plays tricks.
		if wrong := h.add(line.GetKey(), line.GetValue()+value); wrong != nil {
			return nil, wrong
		}
	}
	return h.lines, nil
}

// rawValues is all raw values in one string, which is one allocation.
func rawValues(raw []*corev3.HeaderValue) string {
	size := 0
	for _, line := range raw {
		size += len(line.GetRawValue())
	}
	var b strings.Builder
	b.Grow(size)
	for _, line := range raw {
		b.Write(line.GetRawValue())
	}
	return b.String()
}

// add reads a line.
func (h *header) add(name, value string) *fault {
	if h.size += len(name) + len(value) + lineCost; h.size > maxHeader {
		return &fault{http.StatusRequestHeaderFieldsTooLarge, v4.CodeInvalidHeaders, fmt.Sprintf("Invalid request headers: more than %d bytes", maxHeader)}
	}
	if strings.HasPrefix(name, ":") {
		return h.agrees(name, value)
	}
	name = textproto.CanonicalMIMEHeaderKey(name)
	if !isCredential(name) {
		h.put(name, value)
		return nil
	}
	for part := range strings.SplitSeq(value, ",") {
		h.put(name, part)
	}
	return nil
}

// agrees holds a pseudo header against what was said of the request otherwise. A
// path that is not UTF-8 is told in a changed form there, and forwarded as it is.
func (h *header) agrees(name, value string) *fault {
	if name == ":path" && value != h.of.GetPath() || name == ":method" && value != h.of.GetMethod() {
		return undescribed("its " + name + " is another one")
	}
	return nil
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
