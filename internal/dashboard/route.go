package dashboard

import (
	"context"
	"net/http"
	"path"
	"strings"
)

// pageFunc is a page, or what a form on one does. What it returns is shown
// after it has returned; an error is shown as a page of its own.
type pageFunc func(ctx context.Context, in *request) (page, error)

// route says which requests a page answers.
type route struct {
	// pattern is a method and a path, as http.ServeMux has them: "GET /accounts".
	// A path below "/{account}" is served for accounts that the user has joined,
	// and finds the account in request.account.
	pattern string
	page    pageFunc
	// open lets in who is not signed in.
	open bool
	// once refuses a form that was sent before: a reload of the answer does
	// nothing. The form holds {{once}}.
	once bool
	// maxForm is how many bytes the form may have; 0 is defaultForm.
	maxForm int64
}

// register files the routes. Accounts have a mux of their own, since "/{account}/x"
// and "/profile/{y}" would be ambiguous in one.
func (d *Dashboard) register(routes []route) {
	d.pages, d.accounts, d.served = http.NewServeMux(), http.NewServeMux(), make(map[string]bool)
	for _, rt := range routes {
		mux := d.pages
		if _, p, _ := strings.Cut(rt.pattern, " "); p == "/{account}" || strings.HasPrefix(p, "/{account}/") {
			mux = d.accounts
		}
		mux.Handle(rt.pattern, d.handle(rt))
		d.served[rt.pattern] = true
	}
}

// ServeHTTP answers a request for a page or for what pages load.
func (d *Dashboard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.setHeaders(w.Header())
	if name, ok := strings.CutPrefix(r.URL.Path, staticPath); ok {
		d.static.serve(w, r, name)
		return
	}
	d.learned.Do(d.learnOrigin)
	if err := d.origins.Check(r); err != nil {
		d.handle(route{page: crossOrigin, open: true}).ServeHTTP(w, withoutForm(r))
		return
	}
	mux := d.pages
	first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if isID(first) {
		mux = d.accounts
	}
	switch _, pattern := mux.Handler(r); {
	case path.Clean(r.URL.Path) != r.URL.Path:
		// The mux would redirect; nothing here links to such a path.
		d.handle(route{page: nowhere, open: true}).ServeHTTP(w, withoutForm(r))
	case pattern != "":
		mux.ServeHTTP(w, r)
	default:
		d.unrouted(mux).ServeHTTP(w, withoutForm(r))
	}
}

// unrouted answers what no route matches, naming the methods that would.
func (d *Dashboard) unrouted(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var allow []string
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			probe := r.Clone(r.Context())
			probe.Method = method
			if _, pattern := mux.Handler(probe); pattern != "" {
				allow = append(allow, method)
			}
		}
		if len(allow) == 0 {
			d.handle(route{page: nowhere, open: true}).ServeHTTP(w, r)
			return
		}
		w.Header().Set("Allow", strings.Join(allow, ", "))
		d.handle(route{page: wrongMethod, open: true}).ServeHTTP(w, r)
	})
}

// withoutForm is a request whose body nobody reads.
func withoutForm(r *http.Request) *http.Request {
	r = r.WithContext(r.Context())
	r.Body = http.NoBody
	return r
}

// learnOrigin trusts forms from the pages that people see, where a proxy hands
// requests on with another Host. Origins are compared where browsers send no
// Sec-Fetch-Site.
func (d *Dashboard) learnOrigin() {
	if base := d.publicURL(); base != "" {
		if err := d.origins.AddTrustedOrigin(base); err != nil {
			d.log.Warn("the public URL is no origin", "err", err)
		}
	}
}

// isID reports whether a path segment has the form of an id.
func isID(s string) bool {
	if len(s) != 32 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}
