// Package v4 has the wire types of the v4 API: the envelope, the error numbers,
// the objects that requests and answers carry, and the decoder for request
// bodies. It imports the standard library only and holds no rules: who may do
// what, and which values make sense, is with whoever reads and writes these
// types.
//
// Objects print their id first. There are clients that take the first "id" in
// the text of an answer and do not parse it.
//
// Two notations for times: [Time] in tokens, as exact as it was sent, and
// [MicroTime] elsewhere, always with six digits. Both are UTC.
package v4
