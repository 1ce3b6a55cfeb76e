// Package plainhttp answers the plainest requests of HTTP/1.1 on their connection,
// for about half of what net/http takes for one, and leaves every other to
// net/http: [Listener] stands before an [http.Server], and connections come out of
// it as soon as a request comes that is not plain.
//
// A plain request names a path, has no body, and can be read in one way only: every
// line ends with CRLF, none is folded, nothing in it is a control character, and no
// header is about a body, an upgrade or headers of this hop. It is read as net/http
// reads it, which a fuzz target holds; docs/decisions/0016-lean-listener.md says why
// this is not a library's.
//
// It owns connections until they are handed on, when they are given up, and the
// form of answers. It knows nothing of what is asked.
package plainhttp
