// Package token owns the secret of an API token: how it is minted and parsed,
// its checksum, the digest that is stored in its place, and its redaction.
//
// A [Secret] is the bearer string. It comes from [Format.New] or
// [Format.Parse] and prints as "[redacted]" whatever prints it. What is kept
// and looked up is its [Digest].
//
// The token's record, and whether it is live or may do something, belong to
// package authority. Reading headers belongs to package gateway.
package token
