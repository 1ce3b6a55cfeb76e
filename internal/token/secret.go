package token

import (
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"unsafe"
)

// redacted is what every printer gets in place of a secret or a digest.
const redacted = "[redacted]"

// Secret is a bearer string: the value of a token or of an API key. The zero
// value is no secret.
//
// fmt (every verb), log/slog, encoding/json and every encoder that honours
// encoding.TextMarshaler print "[redacted]". Secrets cannot be compared with
// ==: compare digests, which takes the same time wherever they differ.
type Secret struct {
	_ [0]func() // not comparable

	// The bytes are behind a pointer and not in a string field: fmt calls no
	// methods on a value in somebody's unexported field, nor for a wrong verb
	// such as %p, but prints the fields as they are. Like this it has an
	// address to print. A pointer into the string also costs Parse no
	// allocation, which a pointer to the string would.
	first *byte
	n     uint8
	kind  Kind

	summed bool // it ends in a checksum that must hold
}

// newSecret wraps s, which is 1..255 bytes long.
func newSecret(s string, k Kind) Secret {
	return Secret{first: unsafe.StringData(s), n: uint8(len(s)), kind: k}
}

// Reveal is the bearer string itself, or "" for the zero value.
//
// It is for the one answer that hands a new secret to its owner (create and
// roll) and for the command line when it makes the first token. Nothing that
// checks, stores or logs a secret needs it: that is what [Secret.Digest] is for.
func (s Secret) Reveal() string { return unsafe.String(s.first, s.n) }

// Digest is the SHA-256 of the secret's bytes. It does not allocate.
//
// A plain hash is enough: a minted secret has 238 bits of entropy (40
// characters of 62), so there is nothing for a slow password hash to protect.
func (s Secret) Digest() Digest {
	return sha256.Sum256(unsafe.Slice(s.first, s.n))
}

// Kind is what the string says of itself, [Unknown] for an imported or legacy
// value. It is a hint for messages: what a secret may do is in its record.
func (s Secret) Kind() Kind { return s.kind }

// IsZero reports whether there is no secret.
func (s Secret) IsZero() bool { return s.n == 0 }

// Format prints "[redacted]" for every verb.
func (s Secret) Format(f fmt.State, _ rune) { io.WriteString(f, redacted) }

// String is "[redacted]".
func (s Secret) String() string { return redacted }

// LogValue is "[redacted]".
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText is "[redacted]".
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// MarshalJSON is "[redacted]", quoted.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// Genuine reports whether the secret's checksum holds, or it has none that must.
// One that is not genuine was mistyped, cut or made up, and is not worth a
// look-up. A secret that is known already has no need to be asked.
func (s Secret) Genuine() bool { return !s.summed || checksumHolds(s.Reveal()) }

// bytesOf is the memory of s, which must not be written to. A conversion would
// copy, and for a call that the compiler cannot see through, allocate.
func bytesOf(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }
