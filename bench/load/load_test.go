package load

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// listenerOf is the address of a server that ends with the test.
func listenerOf(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return strings.TrimPrefix(s.URL, "http://")
}

// TestEveryAnswerIsReadToItsEnd: with a length, in chunks and without a body.
func TestEveryAnswerIsReadToItsEnd(t *testing.T) {
	var asked atomic.Int64
	addr := listenerOf(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		switch r.URL.Path {
		case "/empty":
			w.WriteHeader(http.StatusNoContent)
		case "/chunked":
			io.WriteString(w, "right")
			w.(http.Flusher).Flush()
			io.WriteString(w, strings.Repeat("more", 100))
		default:
			io.WriteString(w, "right")
		}
	})
	var questions [][]byte
	for _, path := range []string{"/empty", "/chunked", "/length"} {
		questions = append(questions, []byte("GET "+path+" HTTP/1.1\r\nHost: x\r\n\r\n"))
	}
	answered := int64(0)
	pool, err := Dial(addr, 3, HTTP(questions, func(a Answer) error {
		answered++
		if a.Status != 204 && string(a.Body) != "right" {
			return errors.New("the body is " + strconv.Quote(string(a.Body)))
		}
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	r, err := pool.Run(50 * time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if answered != asked.Load() || int(answered) != len(r.Took) || answered < 3 {
		t.Errorf("%d questions, %d answers, %d times", asked.Load(), answered, len(r.Took))
	}
}

// TestAWrongAnswerEndsTheRun: a server that fails must not be reported as fast.
func TestAWrongAnswerEndsTheRun(t *testing.T) {
	addr := listenerOf(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
	wrong := errors.New("not what is expected")
	pool, err := Dial(addr, 1, HTTP([][]byte{[]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n")}, func(a Answer) error {
		if a.Status != 204 {
			return wrong
		}
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	if _, err := pool.Run(time.Second); !errors.Is(err, wrong) {
		t.Errorf("the run ended with %v", err)
	}
}

// TestAClosedConnectionEndsTheRun: it is not an answer.
func TestAClosedConnectionEndsTheRun(t *testing.T) {
	addr := listenerOf(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	pool, err := Dial(addr, 1, HTTP([][]byte{[]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n")}, func(Answer) error { return nil }))
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	if _, err := pool.Run(time.Second); err == nil {
		t.Error("the run went on")
	}
}
