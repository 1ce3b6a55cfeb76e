// Package pasted reads the requests that people paste: a method and a path, an
// address, or a whole line for curl.
//
// What is pasted may hold a secret, in a header, in an address or in a body. Only
// the method and the path come out of here, never the text or a part of it in an
// error; a path that is to be shown again is shown as Reduced gives it.
package pasted
