package client_test

import (
	"strings"
	"testing"

	"github.com/tokenward/tokenward/client"
)

func TestBaseURL(t *testing.T) {
	for _, ok := range []struct{ in, want string }{
		{"https://tokens.example.com/client/v4", "https://tokens.example.com/client/v4"},
		{"https://tokens.example.com/client/v4/", "https://tokens.example.com/client/v4"},
		{"https://example.com:8443/below/client/v4", "https://example.com:8443/below/client/v4"},
		{"http://127.0.0.1:8484/client/v4", "http://127.0.0.1:8484/client/v4"},
		{"http://[::1]:8484/client/v4", "http://[::1]:8484/client/v4"},
		{"http://localhost/client/v4", "http://localhost/client/v4"},
	} {
		c, err := client.New(ok.in)
		if err != nil || c.BaseURL() != ok.want {
			t.Errorf("%s: %v", ok.in, err)
		}
	}
	for _, bad := range []string{
		"", "tokens.example.com/client/v4", "https://tokens.example.com", "https://tokens.example.com/client/v4/user",
		"ftp://127.0.0.1/client/v4", "http://tokens.example.com/client/v4", "http://127.0.0.1.example.com/client/v4",
		"https://alice:hunter2@example.com/client/v4", "https://example.com/client/v4?x=1", "https://example.com/client/v4#x",
		"http://hunter2\x7f/client/v4",
	} {
		_, err := client.New(bad)
		if err == nil {
			t.Errorf("%q was taken", bad)
			continue
		}
		if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("repeats a password: %v", err)
		}
	}
	if _, err := client.New("http://tokens.example.com/client/v4", client.AllowPlainHTTP()); err != nil {
		t.Error(err)
	}
}

func TestCredentialIsCheckedWithoutBeingRepeated(t *testing.T) {
	for _, opts := range [][]client.Option{
		{client.WithToken("")},
		{client.WithToken(secret + "\r\nX: y")},
		{client.WithToken(secret + " ")},
		{client.WithKey("", secret)},
		{client.WithKey("alice@example.com", secret+"\n")},
		{client.WithToken(secret), client.WithKey("alice@example.com", apiKey)},
	} {
		_, err := client.New("https://tokens.example.com/client/v4", opts...)
		if err == nil {
			t.Error("was taken")
			continue
		}
		mustNotContain(t, err.Error(), secret)
	}
}
