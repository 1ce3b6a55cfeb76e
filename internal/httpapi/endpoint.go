package httpapi

import (
	"reflect"
	"slices"
)

// Endpoint is a handler and what it reads and answers, from which the API's
// description is made: the types are those that the handler was compiled with.
type Endpoint struct {
	Serve  Handler
	Body   reflect.Type // of a JSON body; nil when none is read
	Form   []string     // the parts of a multipart form, which is the body then
	Result reflect.Type // in the envelope; nil when the answer has none
	Plain  string       // the media type of an answer without the envelope
	Query  []string     // the parameters of the query that mean something
	Header []string     // the fields of the header that do, besides those of every request
	// ByRecord: the handler judges each DNS record that it reads or changes, so it
	// may be called for who may do this on some of a zone's records.
	ByRecord bool
}

// raw is an endpoint that answers without the envelope.
func raw(media string, h Handler) Endpoint { return Endpoint{Serve: h, Plain: media} }

// form is an endpoint that reads a zone file from a form.
func form(e Endpoint) Endpoint {
	e.Form = []string{"file", "proxied"}
	return e
}

// byRecord is an endpoint that goes by the caller's authority.RecordScope.
func (e Endpoint) byRecord() Endpoint {
	e.ByRecord = true
	return e
}

// with is an endpoint whose query has parameters.
func (e Endpoint) with(query ...string) Endpoint {
	e.Query = query
	return e
}

// ifMatched is an endpoint that changes something only in the version that
// If-Match names, when it names one.
func (e Endpoint) ifMatched() Endpoint {
	e.Header = []string{"If-Match"}
	return e
}

// paged is an endpoint that lists in numbered pages.
func (e Endpoint) paged(query ...string) Endpoint {
	return e.with(append([]string{"page", "per_page", "direction"}, query...)...)
}

// auditFilters are the parameters of version 2 of an account's audit log.
func auditFilters() []string {
	var names []string
	for name := range auditMembers(nil) {
		names = append(names, name, name+".not")
	}
	slices.Sort(names)
	return append([]string{"since", "before", "direction", "limit", "cursor", "product_category"}, names...)
}

var auditFiltersV1 = []string{"id", "action.type", "actor.ip", "actor.email", "zone.name", "since", "before", "hide_user_logs", "export"}

var recordFilters = []string{
	"name", "name.exact", "name.contains", "name.startswith", "name.endswith",
	"content", "content.exact", "content.contains", "content.startswith", "content.endswith",
	"comment", "comment.exact", "comment.contains", "comment.startswith", "comment.endswith", "comment.present", "comment.absent",
	"tag", "tag.exact", "tag.contains", "tag.startswith", "tag.endswith", "tag.present", "tag.absent",
	"type", "proxied", "search", "match", "tag_match", "order",
}
