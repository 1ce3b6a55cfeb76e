package client

import (
	"errors"
	"net/http"
)

// checkRedirect follows a redirect of a GET to the same scheme and host, and no
// other. net/http takes Authorization out of a request to another host but
// leaves X-Auth-Key in, and turns a redirected PUT into a GET.
func checkRedirect(next *http.Request, via []*http.Request) error {
	first := via[0]
	switch {
	case next.URL.Scheme != first.URL.Scheme || next.URL.Host != first.URL.Host:
		return errors.New("redirected to another host, which must not see the credential")
	case first.Method != http.MethodGet:
		return errors.New("a call that changes something was redirected")
	case len(via) >= 5:
		return errors.New("redirected 5 times")
	}
	return nil
}
