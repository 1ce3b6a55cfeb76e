package upstream

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tokenward/tokenward/v4"
)

// TestWhatWasJudgedIsJudgedAgainBeforeItIsSent: a client can take its time over a body,
// and have fewer records when it has ended.
func TestWhatWasJudgedIsJudgedAgainBeforeItIsSent(t *testing.T) {
	one := records + "/" + recordID
	for _, c := range []struct{ method, path, body string }{
		{"POST", records, `{"type":"TXT","name":"_acme-challenge"}`},
		{"PATCH", one, `{"content":"x"}`},
		{"DELETE", one, ``},
		{"POST", records + "/batch", `{"posts":[{"type":"TXT","name":"_acme-challenge"}]}`},
	} {
		for what, then := range map[string]struct {
			records func(*Records) *Records
			want    int
		}{
			"the same": {func(r *Records) *Records { return r }, http.StatusOK},
			"none":     {func(*Records) *Records { return nil }, http.StatusForbidden},
			"others": {func(r *Records) *Records {
				r.Denied = func(string, string) *v4.Error { return &v4.Error{Code: v4.CodeAuthentication} }
				return r
			}, http.StatusForbidden},
		} {
			z, w := newToyZone(t)
			asked := 0
			w.records = func(ctx context.Context) (*Records, error) {
				r, err := mine(ctx)
				if asked++; asked > 1 {
					r = then.records(r)
				}
				return r, err
			}
			status, text := w.send(c.method, c.path, c.body)
			if took := z.took(); status != then.want || (took != "") != (status == http.StatusOK) {
				t.Errorf("%s %s, then %s: %d %s, written %q", c.method, c.path, what, status, text, took)
			}
		}
	}
}

// TestASlowClientDoesNotKeepARecord: a record can be changed again when the upstream
// has changed it, and not only when somebody has read all that it answers.
func TestASlowClientDoesNotKeepARecord(t *testing.T) {
	z, _ := newToyZone(t)
	begun, again, changes := make(chan struct{}), make(chan struct{}), atomic.Int32{}
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodGet:
			z.ServeHTTP(rw, r)
		case changes.Add(1) == 1:
			io.Copy(io.Discard, r.Body)
			http.NewResponseController(rw).Flush()
			close(begun)
			select { // as long as that the first answer has no end
			case <-again:
				io.WriteString(rw, "first")
			case <-r.Context().Done():
			}
		default:
			close(again)
			io.WriteString(rw, "second")
		}
	}, nil)
	w.records = mine
	first := make(chan string)
	go func() {
		_, text := w.send("PATCH", records+"/"+recordID, `{"ttl":60}`)
		first <- text
	}()
	<-begun
	if status, text := w.send("POST", records+"/batch", `{"patches":[{"id":"`+recordID+`","ttl":120}]}`); status != 200 || text != "second" {
		t.Errorf("the second change: %d %s", status, text)
	}
	if text := <-first; !strings.HasSuffix(text, "first") {
		t.Errorf("the first change: %s", text)
	}
}
