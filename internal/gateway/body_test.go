package gateway

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// writer is a world whose create handler answers with how much it could read,
// and the headers of a token that may create records.
func writer(t *testing.T) (*world, func(lines ...string) reply) {
	w := newWorld(t, func(c *Config[*holder]) {
		c.MaxBody = 10
		c.Handlers[opCreate] = func(rw http.ResponseWriter, r *http.Request, _ Pass[*holder]) {
			b, err := io.ReadAll(r.Body)
			var tooLarge *http.MaxBytesError
			if errors.As(err, &tooLarge) {
				rw.WriteHeader(http.StatusRequestEntityTooLarge)
			}
			fmt.Fprintf(rw, "%d", len(b))
		}
	})
	auth := bearer(w.ring.add(t, holder{of: catalog.TargetUser}, policy.Condition{}, allow("DNS Write", "account.zone."+zone)))
	return w, func(lines ...string) reply {
		head := []string{"POST " + zoneURL + " HTTP/1.1", "Host: x", "Connection: close", auth}
		return w.raw(append(head, lines...)...)
	}
}

func TestBodyHasAnEnd(t *testing.T) {
	_, post := writer(t)
	if got := post("Content-Length: 10", "", "0123456789"); got.StatusCode != 200 || got.body != "10" {
		t.Errorf("ten bytes: %d %s", got.StatusCode, got.body)
	}
	got := post("Content-Length: 11", "", "0123456789a")
	if v := got.verdict(t); v != "413 1001 The request body is larger than 10 bytes" {
		t.Error(v)
	}
	got = post("Transfer-Encoding: chunked", "", "b", "0123456789a", "0", "", "")
	if v := got.verdict(t); v != "413 1001 The request body is larger than 10 bytes" {
		t.Errorf("eleven bytes in a chunk: %s", v)
	}
}

func TestEncodedBodyIsRefused(t *testing.T) {
	_, post := writer(t)
	for _, header := range []string{
		"Content-Encoding: gzip", "content-encoding: GZIP", "Content-Encoding: identity, gzip",
		"Content-Encoding: identity\r\nContent-Encoding: br", "Content-Encoding: aes128gcm",
	} {
		got := post(header, "Content-Length: 2", "", "{}")
		if v := got.verdict(t); v != "415 6003 Invalid request headers: a request body cannot have a Content-Encoding" {
			t.Errorf("%s: %s", header, v)
		}
		if got := post(header, "Transfer-Encoding: chunked", "", "2", "{}", "0", "", ""); got.StatusCode != 415 {
			t.Errorf("%s, chunked: %d", header, got.StatusCode)
		}
	}
	for _, header := range []string{"Content-Encoding: identity", "Content-Encoding: Identity", "Accept-Encoding: gzip"} {
		if got := post(header, "Content-Length: 2", "", "{}"); got.StatusCode != 200 {
			t.Errorf("%s: %d", header, got.StatusCode)
		}
	}
}

// TestContentTypeIsNoReason: what official clients send.
func TestContentTypeIsNoReason(t *testing.T) {
	_, post := writer(t)
	for _, header := range []string{
		"Content-Type: application/json", "Content-Type: text/plain;charset=UTF-8", "Content-Type: application/merge-patch+json",
		"Content-Type: multipart/form-data; boundary=x", "Content-Type:", "X-None: 1",
	} {
		if got := post(header, "Content-Length: 2", "", "{}"); got.StatusCode != 200 {
			t.Errorf("%s: %d %s", header, got.StatusCode, got.body)
		}
		if got := post(header, "Content-Length: 0", "", ""); got.StatusCode != 200 {
			t.Errorf("%s, no body: %d %s", header, got.StatusCode, got.body)
		}
	}
}

func TestBodyOnGetIsFine(t *testing.T) {
	w, auth := zoneReader(t)
	got := w.get(zoneURL, auth, "Content-Length: 2", "", "{}")
	if got.StatusCode != 200 {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
}
