package load

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// Answer is what is looked at of an HTTP answer.
type Answer struct {
	Status int
	Body   []byte // not to be kept
}

// HTTP asks questions, each a whole request, over keep-alive connections. accept
// fails for an answer that is not the one expected. Answers have a Content-Length,
// a status without a body, or are chunked.
func HTTP(questions [][]byte, accept func(Answer) error) Protocol {
	return func() talker { return &httpTalk{questions, accept} }
}

type httpTalk struct {
	questions [][]byte
	accept    func(Answer) error
}

func (t *httpTalk) hello() []byte { return nil }

func (t *httpTalk) question(n int) []byte { return t.questions[n%len(t.questions)] }

func (t *httpTalk) read(in []byte) (int, bool, []byte, error) {
	end := bytes.Index(in, []byte("\r\n\r\n"))
	if end < 0 {
		return 0, false, nil, nil
	}
	head, rest := in[:end+2], in[end+4:]
	if len(head) < 14 {
		return 0, false, nil, fmt.Errorf("not an answer: %q", head)
	}
	status, err := strconv.Atoi(string(head[9:12]))
	if err != nil {
		return 0, false, nil, fmt.Errorf("not an answer: %q", head)
	}
	body, used, err := body(status, head, rest)
	if err != nil || used < 0 {
		return 0, false, nil, err
	}
	return end + 4 + used, true, nil, t.accept(Answer{status, body})
}

// body gives an answer's body and how long it is on the wire, -1 when not all of
// it has come.
func body(status int, head, rest []byte) ([]byte, int, error) {
	if status == 204 {
		return nil, 0, nil
	}
	if value, ok := header(head, "content-length"); ok {
		n, err := strconv.Atoi(string(value))
		if err != nil {
			return nil, 0, fmt.Errorf("a Content-Length of %q", value)
		}
		if len(rest) < n {
			return nil, -1, nil
		}
		return rest[:n], n, nil
	}
	if value, _ := header(head, "transfer-encoding"); !bytes.EqualFold(value, []byte("chunked")) {
		return nil, 0, errors.New("an answer without a length")
	}
	return chunks(rest)
}

// chunks reads a chunked body, of which it gives the first chunk.
func chunks(rest []byte) ([]byte, int, error) {
	var first []byte
	for at := 0; ; {
		line := bytes.Index(rest[at:], []byte("\r\n"))
		if line < 0 {
			return nil, -1, nil
		}
		n, err := strconv.ParseUint(string(rest[at:at+line]), 16, 16)
		if err != nil {
			return nil, 0, fmt.Errorf("a chunk of length %q", rest[at:at+line])
		}
		from := at + line + 2
		at = from + int(n) + 2
		if at > len(rest) {
			return nil, -1, nil
		}
		if n == 0 {
			return first, at, nil
		}
		if first == nil {
			first = rest[from : from+int(n)]
		}
	}
}

// header is the value of the first header of a name, which is in lower case.
func header(head []byte, name string) ([]byte, bool) {
	for len(head) > 0 {
		end := bytes.Index(head, []byte("\r\n"))
		if end < 0 {
			break
		}
		line := head[:end]
		head = head[end+2:]
		if len(line) > len(name) && line[len(name)] == ':' && bytes.EqualFold(line[:len(name)], []byte(name)) {
			return bytes.TrimSpace(line[len(name)+1:]), true
		}
	}
	return nil, false
}
