// Package e2e runs the official clients, unmodified, against the server: the Go
// SDKs, the TypeScript SDK, the two command-line clients, and the dynamic DNS
// clients of a Debian system. What they send and what they need back is the
// contract that the server keeps.
//
// It is a module of its own, so that the clients are no dependencies of the
// server. Nothing is skipped: a client that is missing fails its test.
package e2e
