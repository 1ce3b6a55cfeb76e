package plainhttp

import (
	"net/http"
	"strconv"
	"time"
)

// maxKept is the size of the largest answer whose memory is kept for the next.
const maxKept = 64 << 10

// answer is the answers of a connection, one after another in the same memory. It
// is the ResponseWriter of each.
type answer struct {
	header http.Header
	status int
	body   []byte
	text   []byte // what is sent
	second int64  // of date
	date   []byte
}

func (a *answer) Header() http.Header { return a.header }

// WriteHeader panics for what is no status, as net/http does: left out, it would
// become a 200, which proxies take for a yes.
func (a *answer) WriteHeader(status int) {
	if status < 100 || status > 999 {
		panic("plainhttp: no status: " + strconv.Itoa(status))
	}
	if a.status == 0 && status >= 200 { // an interim answer may be left out
		a.status = status
	}
}

func (a *answer) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	a.body = append(a.body, b...)
	return len(b), nil
}

// finish is the answer to a method as it is sent, and makes ready for the next
// one. last says that no other request is answered on the connection.
func (a *answer) finish(now time.Time, method string, last bool) []byte {
	a.WriteHeader(http.StatusOK) // for a handler that wrote nothing
	text := append(a.text[:0], "HTTP/1.1 "...)
	text = strconv.AppendInt(text, int64(a.status), 10)
	text = append(text, ' ')
	text = append(text, http.StatusText(a.status)...)
	text = append(text, "\r\nDate: "...)
	text = append(text, a.dateAt(now)...)
	text = append(text, "\r\n"...)
	for name, values := range a.header {
		for _, v := range values {
			text = appendLine(text, name, v)
		}
	}
	if last {
		text = append(text, "Connection: close\r\n"...)
	}
	head := method == http.MethodHead
	bare := a.status == http.StatusNoContent || a.status == http.StatusNotModified // RFC 9110, 8.6
	if !bare && !(head && len(a.body) == 0) {
		text = append(text, "Content-Length: "...)
		text = strconv.AppendInt(text, int64(len(a.body)), 10)
		text = append(text, "\r\n"...)
	}
	text = append(text, "\r\n"...)
	if !bare && !head {
		text = append(text, a.body...)
	}
	a.clear(text)
	return text
}

// clear makes ready for another answer.
func (a *answer) clear(text []byte) {
	clear(a.header)
	a.status, a.body, a.text = 0, a.body[:0], text
	if len(text) > maxKept {
		a.body, a.text = nil, nil
	}
}

// dateAt is the time as a Date header has it (RFC 9110, 6.6.1).
func (a *answer) dateAt(now time.Time) []byte {
	if s := now.Unix(); s != a.second {
		a.second, a.date = s, now.UTC().AppendFormat(a.date[:0], http.TimeFormat)
	}
	return a.date
}

// appendLine appends a header line. A value cannot begin another line.
func appendLine(text []byte, name, value string) []byte {
	text = append(text, name...)
	text = append(text, ": "...)
	from := len(text)
	text = append(text, value...)
	for i := from; i < len(text); i++ {
		if text[i] < ' ' {
			text[i] = ' '
		}
	}
	return append(text, "\r\n"...)
}
