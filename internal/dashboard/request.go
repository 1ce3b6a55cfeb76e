package dashboard

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
)

// request is what a page is asked for. Who asks has been found out.
type request struct {
	caller   authority.Caller // a visitor, who may do nothing, on open pages
	signedIn bool
	accounts []authority.Account // which the user has joined, by name; nil for visitors
	account  *authority.Account  // the one in the path; nil elsewhere
	form     *form               // what was posted; empty for GET
	query    url.Values
	http     *http.Request // for path values, cookies and headers; the body has been read
	id       string
	event    authority.EventRequest
	cookies  []*http.Cookie // to be set with the answer
}

// newRequest reads a request as far as can be done without knowing who asks.
func (d *Dashboard) newRequest(w http.ResponseWriter, r *http.Request, rt *route) (*request, error) {
	in := &request{http: r, id: newRequestID(), form: newForm()}
	in.event = authority.EventRequest{ID: in.id, Method: r.Method, URI: loggedPath(r), UserAgent: r.UserAgent()}
	var err error
	if in.query, err = parseValues(r.URL.RawQuery); err != nil {
		in.query = url.Values{}
		return in, err
	}
	if r.Method == http.MethodPost {
		in.form, err = readForm(w, r, rt.maxForm)
	}
	return in, err
}

// loggedPath is the path as events and the log keep it: the secret of a link is
// not in it, also where nothing is served, such as with a slash behind it.
func loggedPath(r *http.Request) string {
	for _, before := range []string{"/invitations/", "/reset/"} {
		if strings.HasPrefix(r.URL.Path, before) {
			return before + "{secret}"
		}
	}
	return r.URL.Path
}

// now is the time that the request is judged at.
func (in *request) now() time.Time { return in.caller.Now() }

// path is the value of a wildcard in the route's pattern.
func (in *request) path(name string) string { return in.http.PathValue(name) }

// owner is whose tokens the request is about: the account in the path, or else
// the user who is signed in.
func (in *request) owner() authority.Owner {
	if in.account != nil {
		return authority.Owner{Kind: authority.OwnerAccount, ID: in.account.ID}
	}
	return authority.Owner{Kind: authority.OwnerUser, ID: in.caller.UserID()}
}

// base is what the paths of the owner's pages begin with: "/profile", or "/" and
// the account's id.
func (in *request) base() string {
	if in.account != nil {
		return "/" + in.account.ID
	}
	return "/profile"
}

// self is the path and query of the request.
func (in *request) self() string { return in.http.URL.RequestURI() }

// cookie is the value of a cookie, "" for none.
func (in *request) cookie(name string) string {
	c, err := in.http.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

// newRequestID tells requests apart, in events, in the log and to who reports a
// failure.
func newRequestID() string {
	var b [8]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
