package dashboard

import "net/http"

// page is what a pageFunc answers: one of show, again, seeOther or download.
type page struct {
	name   string // the template in templates/pages, without .html
	title  string
	data   any    // .Data in the template
	form   *form  // .Form in the template
	nav    string // the path of the item of the side navigation to mark; "" is the request's
	status int    // 0 is 200
	// bare leaves out the navigation, for pages around signing in.
	bare bool
	// secret is a page with a secret in it or in its address: it is not
	// compressed, and its address is not sent to anybody.
	secret bool

	location string // redirects there
	file     *file  // is sent instead of a page
}

// file is a download.
type file struct {
	name, kind string // kind is the media type
	content    []byte
	// keep lets the reader's browser keep it: its address changes with it.
	keep bool
}

// show is a page made with a template.
func show(name, title string, data any) page { return page{name: name, title: title, data: data} }

// again is a page with a form that could not be carried out: it keeps what was
// sent and says what is wrong beside the fields.
func again(p page, f *form) page {
	p.form, p.status = f, http.StatusUnprocessableEntity
	return p
}

// seeOther sends the browser on with GET, after a form has been carried out. The
// path is one of ours.
func seeOther(path string) page { return page{location: path} }

// download sends a file that browsers save.
func download(name, kind string, content []byte) page {
	return page{file: &file{name: name, kind: kind, content: content}}
}
