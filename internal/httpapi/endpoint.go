package httpapi

import "reflect"

// Endpoint is a handler and what it reads and answers, from which the API's
// description is made: the types are those that the handler was compiled with.
type Endpoint struct {
	Serve  Handler
	Body   reflect.Type // of a JSON body; nil when none is read
	Form   []string     // the parts of a multipart form, which is the body then
	Result reflect.Type // in the envelope; nil when the answer has none
	Plain  string       // the media type of an answer without the envelope
	Query  []string     // the parameters of the query that mean something
}

// raw is an endpoint that answers without the envelope.
func raw(media string, h Handler) Endpoint { return Endpoint{Serve: h, Plain: media} }

// form is an endpoint that reads a zone file from a form.
func form(e Endpoint) Endpoint {
	e.Form = []string{"file", "proxied"}
	return e
}
