// Package httpapi has the handlers of the v4 REST API, by operation id. They
// stand behind the gate, which has judged the request's path; a handler asks
// what the path cannot say: a resource named in the body, the rows of a list.
//
// An endpoint is a function from a call to a reply. Decoding, the envelope and
// the HTTP status are the adapter's (adapt.go), and the table from errors to
// numbers is in errors.go.
package httpapi
