// Package enforcewire is what enforcement points outside of this process and the
// enforcement endpoint say to each other: names of headers and JSON objects. It
// is spoken between parts of one release, and promised to nobody else.
package enforcewire

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Headers by which an API is told whose request it has. They are set for it and
// never accepted from outside.
const (
	HeaderPrefix    = "Tokenward-"
	HeaderTokenID   = "Tokenward-Token-Id"
	HeaderTokenName = "Tokenward-Token-Name"
	HeaderOwner     = "Tokenward-Owner"   // "user:ID" or "account:ID"
	HeaderAccount   = "Tokenward-Account" // "" for a user's credential where the path names no account

	// HeaderSecret is of a request to the endpoint: the shared secret.
	HeaderSecret = "Tokenward-Enforce"
	// HeaderStatus is of a denial whose status the proxy could not have passed
	// on: what it should have been.
	HeaderStatus = "Tokenward-Status"
)

// IsOurs reports whether a header is one by which tokenward speaks to an API. "_"
// counts as "-": in CGI's and WSGI's environments the two are the same.
func IsOurs(name string) bool {
	return len(name) >= len(HeaderPrefix) && strings.EqualFold(strings.ReplaceAll(name[:len(HeaderPrefix)], "_", "-"), HeaderPrefix)
}

// Paths of the endpoint.
const (
	PathCheck   = "/v1/check"
	PathChanges = "/v1/changes"
)

// Limits of a request to PathCheck.
const (
	MaxChecks    = 100
	MaxCheckBody = 1 << 20
)

// Checks is a request to PathCheck.
type Checks struct {
	API      string   `json:"api"`
	Prefix   string   `json:"prefix,omitempty"`   // of paths
	Filtered []string `json:"filtered,omitempty"` // ids of the operations whose lists whoever asks filters
	Checks   []Check  `json:"checks"`
}

// Check is a request to be judged. The path is told as net/url takes it apart.
type Check struct {
	Method  string `json:"method"`
	Path    string `json:"path"` // escaped: it can be of any bytes, and JSON is text
	RawPath string `json:"raw_path,omitempty"`
	Opaque  string `json:"opaque,omitempty"`
	Query   string `json:"query,omitempty"`
	// Credential is the SHA-256 of the bearer token in hex, or one of the words
	// below.
	Credential   string   `json:"credential"`
	Addr         string   `json:"addr,omitempty"` // "" is an unknown address
	UserAgent    string   `json:"user_agent,omitempty"`
	Jurisdiction []string `json:"jurisdiction,omitempty"` // lines of Cf-R2-Jurisdiction
}

// Credentials that are none.
const (
	NoCredential        = "none"
	MalformedCredential = "malformed"
	RepeatedCredential  = "repeated"
)

// Answers is the answer to Checks, in their order. Everything in it was judged by
// facts that are at least as new as Position.
type Answers struct {
	Position
	Answers []Answer `json:"answers"`
}

// Answer is what became of a check.
type Answer struct {
	Allowed bool `json:"allowed"`
	// KeepMS is for how long the answer stays true if nothing changes; 0 is not
	// at all.
	KeepMS int64 `json:"keep_ms,omitempty"`
	// QueryCounts: with another query the answer may be another.
	QueryCounts bool     `json:"query_counts,omitempty"`
	Identity    Identity `json:"identity,omitzero"`
	UserID      string   `json:"user_id,omitempty"` // whose changes it depends on

	// Of a refusal: what to answer.
	Status int                 `json:"status,omitempty"`
	Header map[string][]string `json:"header,omitempty"`
	Body   string              `json:"body,omitempty"`
}

// Identity is whose request it is. It is zero for a public operation.
type Identity struct {
	TokenID   string `json:"token_id,omitempty"`
	TokenName string `json:"token_name,omitempty"`
	Owner     string `json:"owner,omitempty"`
	Account   string `json:"account,omitempty"`
}

// Position is a place in what an endpoint heard of changes.
type Position struct {
	Epoch string `json:"epoch"`
	Seq   int64  `json:"seq"`
}

// Changes is the answer to PathChanges: what was heard after a position.
type Changes struct {
	Position
	Reset  bool     `json:"reset,omitempty"` // anything may have changed
	AgeMS  int64    `json:"age_ms"`          // since all up to Position was known to be all
	Tokens []string `json:"tokens,omitempty"`
	Users  []string `json:"users,omitempty"`
}

// Handle is what Changes calls the token with a digest. The digest itself is a
// credential in places (the S3 secret key that belongs to a token).
func Handle(digest [sha256.Size]byte) string {
	sum := sha256.Sum256(digest[:])
	return hex.EncodeToString(sum[:16])
}
