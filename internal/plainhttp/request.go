package plainhttp

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
)

// maxLines is how many header lines a plain request has at most.
const maxLines = 64

// request is the requests of a connection, one after another in the same memory.
// The strings in it are new for each.
type request struct {
	http   http.Request // as the handler sees it
	blank  http.Request // with what all requests have
	url    url.URL      // of http
	header http.Header  // of http
	method string
	target string  // as sent, of the last request
	parsed url.URL // target; proxies ask the same each time
	host   string
	last   bool // no other request follows
	lines  [maxLines]line
	names  [maxLines]string // of lines
	values [maxLines]string // of lines; header's slices are of it
	filed  int              // how many lines are in header, 0 when they must be filed anew
}

// line is where the parts of a header line are.
type line struct{ name, colon, value, end int }

func (q *request) init(peer string) {
	q.header = make(http.Header, 16)
	q.blank = http.Request{
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Body: http.NoBody, RemoteAddr: peer, URL: &q.url, Header: q.header,
	}
}

// reset is the request that was read, for a handler to have.
func (q *request) reset() *http.Request {
	q.url, q.http = q.parsed, q.blank
	q.http.Method, q.http.RequestURI, q.http.Host, q.http.Close = q.method, q.target, q.host, q.last
	return &q.http
}

// endOfLine is of a request's first line.
const endOfLine = " HTTP/1.1\r\n"

// methods are those of plain requests, the usual one first. A proxy may ask with
// its client's and keep the body.
var methods = [...]string{
	http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodHead, http.MethodOptions,
}

// read takes the header of a request apart, which ends with an empty line. It
// reports whether the request is plain. If not, at most the case of some headers'
// names has changed in it.
func (q *request) read(head []byte) bool {
	q.method = methodOf(head)
	begin, first := len(q.method)+1, bytes.IndexByte(head, '\n')+1
	end := first - len(endOfLine)
	if q.method == "" || end <= begin || head[begin] != '/' || string(head[end:first]) != endOfLine {
		return false
	}
	n, ok := q.split(head, first)
	if !ok {
		return false
	}
	text := string(head)
	return q.fill(text, n) && q.locate(text[begin:end])
}

func methodOf(head []byte) string {
	for _, m := range methods {
		if len(head) > len(m) && string(head[:len(m)]) == m && head[len(m)] == ' ' {
			return m
		}
	}
	return ""
}

// locate reads the request's target.
func (q *request) locate(target string) bool {
	if target == q.target {
		return true
	}
	for i := range len(target) {
		if target[i] <= ' ' || target[i] > '~' {
			return false
		}
	}
	u, err := url.ParseRequestURI(target)
	if err != nil {
		return false
	}
	q.target, q.parsed = strings.Clone(target), *u // the clone, or all of the header would stay
	return true
}

// split finds the header lines from a place on, and writes their names as
// net/http does. It reports false for anything that another server could read in
// another way.
func (q *request) split(head []byte, at int) (lines int, ok bool) {
	for at < len(head)-2 {
		if lines == maxLines {
			return 0, false
		}
		l := &q.lines[lines]
		l.name = at
		if l.colon = canonical(head, at); l.colon == at || head[l.colon] != ':' {
			return 0, false
		}
		if l.value = l.colon + 1; head[l.value] == ' ' {
			l.value++
		}
		for at = l.value; isText(head[at]); at++ {
		}
		if head[at] != '\r' || head[at+1] != '\n' || at > l.value && (head[l.value] == ' ' || head[at-1] == ' ') {
			return 0, false
		}
		l.end, at = at, at+2
		lines++
	}
	return lines, head[at] == '\r' // the empty line, which cannot come earlier: it has no name
}

// canonical writes the name that begins at a place as net/http does, and returns
// where it ends: at the first byte that cannot be in a name (RFC 9110, 5.6.2).
func canonical(head []byte, at int) (end int) {
	upper := true
	for ; ; at++ {
		c := head[at]
		switch {
		case 'a' <= c && c <= 'z':
			if upper {
				head[at] = c - ('a' - 'A')
			}
		case 'A' <= c && c <= 'Z':
			if !upper {
				head[at] = c + ('a' - 'A')
			}
		case '0' <= c && c <= '9', c == '-', c == '_':
		default: // the other ones of RFC 9110 are for net/http
			return at
		}
		upper = c == '-'
	}
}

// isText reports whether a byte may stand in a header's value. Tabs may, but not
// in a plain one.
func isText(c byte) bool { return c >= ' ' && c != 0x7f }

// fill fills the header from lines of a text, and reports whether it is one that
// net/http would do nothing about.
func (q *request) fill(text string, lines int) bool {
	q.host, q.last = "", false
	var pragma, cacheControl bool
	same := lines == q.filed
	for i, l := range q.lines[:lines] {
		name, value := text[l.name:l.colon], text[l.value:l.end]
		switch name {
		case "Content-Length", "Transfer-Encoding", "Expect", "Trailer":
			return false
		case "Connection":
			if value != "close" && value != "keep-alive" {
				return false
			}
			q.last = q.last || value == "close"
		case "Host":
			if q.host != "" || !isHost(value) {
				return false
			}
			q.host = value
		case "Pragma":
			pragma = true
		case "Cache-Control":
			cacheControl = true
		}
		same = same && name == q.names[i]
		q.names[i], q.values[i] = name, value
	}
	if !same {
		q.file(lines)
	}
	return q.host != "" && (cacheControl || !pragma) // net/http makes the one of the other
}

// file puts the values of header lines under their names. It need not be done again
// while requests have the same names in the same order, as a client's have.
func (q *request) file(lines int) {
	clear(q.header)
	q.filed = lines
	for i, name := range q.names[:lines] {
		if name == "Host" {
			continue // net/http has it beside the header
		}
		if before := q.header[name]; before != nil {
			q.header[name] = append(before, q.values[i])
			q.filed = 0 // copies, which are this request's own
			continue
		}
		q.header[name] = q.values[i : i+1 : i+1]
	}
}

// isHost reports whether every server would take a header's value for a host.
func isHost(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._:[]", c) >= 0) {
			return false
		}
	}
	return s != ""
}
