package h1

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// MaxBody is the length of the longest request body that is taken, in bytes. It is
// held in memory, and with a header goes into what a system buffers for a
// connection.
const MaxBody = 8 << 10

var (
	errMethod    = errors.New("the method is no token")
	errTarget    = errors.New("the target has a space or a control character")
	errName      = errors.New("the name of a header is no token")
	errValue     = errors.New("a header holds a control character")
	errShortBody = errors.New("the body is not as long as was said")
)

// appendRequest writes a request whole. What could be read as more or as less than
// one request is an error, wherever it comes from.
func appendRequest(b []byte, r *http.Request, host string) ([]byte, error) {
	target := r.URL.RequestURI()
	switch {
	case !isToken(r.Method):
		return b, errMethod
	case !isTarget(target):
		return b, errTarget
	}
	b = append(b, r.Method...)
	b = append(b, ' ')
	b = append(b, target...)
	b = append(b, " HTTP/1.1\r\nHost: "...)
	b = append(b, host...)
	b = append(b, "\r\n"...)
	for name, lines := range r.Header {
		if isFraming(name) || name == "User-Agent" && len(lines) == 1 && lines[0] == "" {
			continue // net/http's way to say that none is to be sent
		}
		if !isToken(name) {
			return b, errName
		}
		for _, line := range lines {
			if !isValue(line) {
				return b, fmt.Errorf("%s: %w", name, errValue)
			}
			b = append(b, name...)
			b = append(b, ": "...)
			b = append(b, line...)
			b = append(b, "\r\n"...)
		}
	}
	return appendBody(b, r)
}

// isFraming reports whether a header says where a message ends, or whom it is for.
func isFraming(name string) bool {
	switch http.CanonicalHeaderKey(name) {
	case "Host", "Content-Length", "Transfer-Encoding", "Trailer", "Connection":
		return true
	}
	return false
}

// appendBody writes the header's end and the body, which must be as long as the
// request says.
func appendBody(b []byte, r *http.Request) ([]byte, error) {
	if r.Body == nil || r.Body == http.NoBody {
		switch r.Method {
		case http.MethodPost, http.MethodPut, http.MethodPatch:
			b = append(b, "Content-Length: 0\r\n"...) // RFC 9110, 8.6
		}
		return append(b, "\r\n"...), nil
	}
	b = append(b, "Content-Length: "...)
	b = strconv.AppendInt(b, r.ContentLength, 10)
	b = append(b, "\r\n\r\n"...)
	head := len(b)
	b = append(b, make([]byte, r.ContentLength)...)
	if _, err := io.ReadFull(r.Body, b[head:]); err != nil {
		return b, fmt.Errorf("read its body: %w", err)
	}
	var more [1]byte
	switch n, err := r.Body.Read(more[:]); {
	case n > 0:
		return b, errShortBody
	case err != nil && err != io.EOF:
		return b, fmt.Errorf("read its body: %w", err)
	}
	return b, nil
}

// tokenChars are those of RFC 9110, 5.6.2.
const tokenChars = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

var isTokenChar = func() (t [256]bool) {
	for i := range len(tokenChars) {
		t[tokenChars[i]] = true
	}
	return t
}()

func isToken(s string) bool {
	for i := range len(s) {
		if !isTokenChar[s[i]] {
			return false
		}
	}
	return s != ""
}

func isTarget(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] == 0x7f {
			return false
		}
	}
	return s != "" && s[0] == '/'
}

// isValue reports whether s can stand in a header (RFC 9110, 5.5). Bytes of other
// character sets can.
func isValue(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}
