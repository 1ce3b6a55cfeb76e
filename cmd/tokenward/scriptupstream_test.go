package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// cmdUpstream starts an API that answers every request with what it got, and sets
// UPSTREAM to its URL.
//
//	upstream
func cmdUpstream(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: upstream")
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "reached %s %s owner=%s authorization=%s\n", r.Method, r.RequestURI, r.Header.Get("Tokenward-Owner"), r.Header.Get("Authorization"))
	}))
	ts.Defer(s.Close)
	ts.Setenv("UPSTREAM", s.URL)
}

// cmdRequest sends a request and prints status and body into FILE. TOKENFILE may
// be - for no credential.
//
//	request FILE METHOD URL TOKENFILE
func cmdRequest(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 4 {
		ts.Fatalf("usage: request FILE METHOD URL TOKENFILE")
	}
	req, err := http.NewRequest(args[1], args[2], nil)
	ts.Check(err)
	if args[3] != "-" {
		req.Header.Set("Authorization", "Bearer "+strings.TrimSpace(ts.ReadFile(args[3])))
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	ts.Check(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	ts.Check(err)
	cmdWriteFile(ts, false, []string{args[0], fmt.Sprintf("%d by=%s %s", res.StatusCode, res.Header.Get("Tokenward-Denied-By"), body)})
}
