package client_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tokenward/tokenward/client"
	"github.com/tokenward/tokenward/v4"
)

func TestErrorListsReasonsPointersAndChains(t *testing.T) {
	s := serve(t, golden(t, 400, "denied.json"))
	_, err := s.client(t).User().Create(context.Background(), v4.TokenRequest{})
	var e *client.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v", err)
	}
	want := "HTTP 400 Bad Request: 1001 Failed common permission check against resources. (at /policies/0); " +
		"6003 Invalid request headers <- 6111 Invalid format for Authorization header (request 8c0ffee)"
	if e.Error() != want {
		t.Errorf("got  %s\nwant %s", e, want)
	}
	if !e.Has(6111) || e.Has(7003) || e.RequestID != "8c0ffee" || e.Status != 400 {
		t.Errorf("fields: %+v", e)
	}
}

func TestAnswersThatAreNoneAreErrors(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"nothing":            text(200, ""),
		"html":               text(200, "<html>"),
		"cut off":            text(200, `{"result":{"id":"5b7c`),
		"not an envelope":    text(200, `[]`),
		"no result":          text(200, `{"result":null,"success":true,"errors":[],"messages":[]}`),
		"result of a kind":   text(200, `{"result":"x","success":true,"errors":[],"messages":[]}`),
		"success, but false": text(200, `{"result":null,"success":false,"errors":[],"messages":[]}`),
		"proxy's page":       text(502, "<html>bad gateway"),
		"true, but 500":      text(500, `{"result":{"id":"1"},"success":true,"errors":[],"messages":[]}`),
		"errors of a kind":   text(403, `{"result":null,"success":false,"errors":"no","messages":[]}`),
		"trailing data":      text(200, `{"result":{"id":"1"},"success":true,"errors":[],"messages":[]} x`),
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, answer)
			tok, err := s.client(t).User().Get(context.Background(), tokenID)
			if err == nil {
				t.Errorf("got %+v", tok)
			}
		})
	}
}

func TestOversizeAnswerIsRefused(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, `{"result":"`)
		chunk := strings.Repeat("a", 1<<20)
		for range 17 {
			io.WriteString(w, chunk)
		}
		io.WriteString(w, `","success":true,"errors":[],"messages":[]}`)
	})
	if _, err := s.client(t).User().Roll(context.Background(), tokenID); err == nil || !strings.Contains(err.Error(), "16 MiB") {
		t.Errorf("got %v", err)
	}
}

func TestNoRedirectLeavesTheHost(t *testing.T) {
	var leaked bool
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { leaked = true }))
	defer other.Close()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL+r.URL.Path, http.StatusTemporaryRedirect)
	})
	for _, c := range []*client.Client{s.client(t), s.client(t, client.WithKey("alice@example.com", apiKey))} {
		if _, err := c.User().Get(context.Background(), tokenID); err == nil || !strings.Contains(err.Error(), "another host") {
			t.Errorf("got %v", err)
		}
	}
	if leaked {
		t.Error("the other host was asked")
	}
}

func TestRedirectedWriteIsRefused(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/client/v4/elsewhere", http.StatusFound)
	})
	if err := s.client(t).User().Delete(context.Background(), tokenID); err == nil {
		t.Error("no error")
	}
	if n := len(s.requests()); n != 1 {
		t.Errorf("%d requests", n)
	}
}

func TestWritesAreSentOnce(t *testing.T) {
	s := serve(t, text(503, ""))
	if _, err := s.client(t).User().Roll(context.Background(), tokenID); err == nil {
		t.Error("no error")
	}
	if n := len(s.requests()); n != 1 {
		t.Errorf("%d requests", n)
	}
}

func TestServerThatEchoesTheCredentialDoesNotPutItIntoErrors(t *testing.T) {
	for _, cred := range []struct {
		option client.Option
		secret string
	}{{client.WithToken(secret), secret}, {client.WithKey("alice@example.com", apiKey), apiKey}} {
		body := strings.ReplaceAll(`{"result":null,"success":false,"messages":[],"errors":[{"code":1,"message":"you sent S",
			"documentation_url":"https://docs.example.com/S","source":{"pointer":"/S"},"error_chain":[{"code":2,"message":"S"}]}]}`, "S", cred.secret)
		s := serve(t, text(403, body))
		_, err := s.client(t, cred.option).User().Get(context.Background(), tokenID)
		var e *client.Error
		if !errors.As(err, &e) {
			t.Fatalf("got %v", err)
		}
		mustNotContain(t, err.Error()+e.Errors[0].DocumentationURL, cred.secret)
	}
}

func TestAnswerThatDoesNotParseIsNotQuoted(t *testing.T) {
	for _, body := range []string{
		`{"result":"` + secret, // cut off
		`{"result":{"` + secret + `":`,
		`{"result":["` + secret + `"],"success":true,"errors":[],"messages":[]}`,
		secret,
	} {
		s := serve(t, text(200, body))
		_, err := s.client(t, client.WithToken("another_credential")).User().Roll(context.Background(), tokenID)
		if err == nil {
			t.Fatal("no error")
		}
		mustNotContain(t, err.Error(), secret)
	}
}

func TestCallsEndAtTheTimeoutAndWithTheContext(t *testing.T) {
	release := make(chan struct{})
	s := serve(t, func(http.ResponseWriter, *http.Request) { <-release })
	t.Cleanup(func() { close(release) }) // before the server closes, which waits
	if _, err := s.client(t, client.WithToken(secret), client.WithTimeout(20*time.Millisecond)).User().Get(context.Background(), tokenID); err == nil {
		t.Error("no timeout")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.client(t).User().Get(ctx, tokenID); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestIsNotFound(t *testing.T) {
	s := serve(t, text(404, `{"result":null,"success":false,"errors":[{"code":1003,"message":"no such token"}],"messages":[]}`))
	if err := s.client(t).User().Delete(context.Background(), tokenID); !client.IsNotFound(err) {
		t.Errorf("got %v", err)
	}
}

func mustNotContain(t *testing.T, text, secret string) {
	t.Helper()
	if strings.Contains(text, secret) {
		t.Errorf("contains the secret: %s", text)
	}
}
