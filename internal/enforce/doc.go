// Package enforce answers enforcement points that stand somewhere else: proxies,
// by forward-auth, and servers in Go, by checks and the changes that end what they
// keep. It owns how these questions are asked and answered on the wire.
//
// Each question becomes a request to a [gateway.Gate], which judges it as if it
// had come to us. What may be done and what is said to those who may not is
// decided there; docs/decisions/0013-enforcement.md says why.
//
// The endpoint is for proxies and servers, on a listener of its own. No limit of
// requests applies to it: its peer's address is everybody's.
package enforce
