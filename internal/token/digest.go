package token

import (
	"crypto/subtle"
	"fmt"
	"io"
	"log/slog"
)

// Digest is the SHA-256 of a secret: what is stored and looked up.
//
// It prints as "[redacted]" like the secret, because it can be one: the S3
// secret access key that belongs to a token is the hex of this hash (contract
// 7.3). Two ways around that are left, for fmt calls no methods there: a struct
// that has a Digest in an unexported field, printed whole, and the verbs %p and
// %w, which go vet refuses.
type Digest [32]byte

// Equal reports whether d and e are the same, in constant time.
func (d Digest) Equal(e Digest) bool { return subtle.ConstantTimeCompare(d[:], e[:]) == 1 }

// IsZero reports whether there is no digest.
func (d Digest) IsZero() bool { return d == Digest{} }

// Format prints "[redacted]" for every verb.
func (d Digest) Format(f fmt.State, _ rune) { io.WriteString(f, redacted) }

// String is "[redacted]".
func (d Digest) String() string { return redacted }

// LogValue is "[redacted]".
func (d Digest) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText is "[redacted]".
func (d Digest) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// MarshalJSON is "[redacted]", quoted.
func (d Digest) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }
