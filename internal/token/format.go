package token

import (
	"errors"
	"fmt"
	"hash/crc32"
	"strings"
)

const (
	// DefaultPrefix begins every minted secret unless configured otherwise.
	DefaultPrefix = "tk"

	// MinLength and MaxLength bound a bearer string, in bytes (contract 2.2).
	MinLength = 40
	MaxLength = 80

	bodyLength     = 40 // random characters of [A-Za-z0-9]
	checksumLength = 8  // lowercase hex digits

	minLegacyKey = 37 // lowercase hex digits of an old API key (contract 3.6)
	maxLegacyKey = 45
)

var (
	// ErrMalformed says that a string cannot be a secret, whatever is stored.
	ErrMalformed = errors.New("token: malformed secret")

	// ErrChecksum says that a string has our prefix and was not minted here: it
	// was mistyped, cut or made up.
	ErrChecksum = errors.New("token: wrong checksum")
)

// Format is how secrets are written: the configured prefix, a tag for the
// [Kind], 40 random characters of [A-Za-z0-9] and the CRC-32 of those 40 as 8
// lowercase hex digits (contract 3.6). The zero value has [DefaultPrefix].
type Format struct {
	// Lenient lets a wrong checksum pass under our own prefix. Set it when
	// digests were imported from an authority with the same prefix.
	Lenient bool

	prefix string
}

// NewFormat is the format with this prefix: a lowercase letter, then up to 7
// lowercase letters or digits.
func NewFormat(prefix string) (Format, error) {
	ok := 1 <= len(prefix) && len(prefix) <= 8 && isLower(prefix[0])
	for i := 0; ok && i < len(prefix); i++ {
		ok = isLower(prefix[i]) || isDigit(prefix[i])
	}
	if !ok {
		return Format{}, fmt.Errorf("token: prefix %q: must be a lowercase letter followed by up to 7 lowercase letters or digits", prefix)
	}
	return Format{prefix: prefix}, nil
}

// Prefix is the configured prefix.
func (f Format) Prefix() string {
	if f.prefix == "" {
		return DefaultPrefix
	}
	return f.prefix
}

// Parse takes a bearer string: 40..80 characters of [A-Za-z0-9_-], else
// [ErrMalformed]. One that does not have our form may be imported or legacy and
// is of kind [Unknown]. Whether the checksum of one that has our form holds is
// for [Secret.Genuine] to say, when somebody is about to look it up. Parse does
// not allocate, and the secret shares the memory of s.
func (f Format) Parse(s string) (Secret, error) {
	if len(s) < MinLength || len(s) > MaxLength || !bearer.holds(s) {
		return Secret{}, ErrMalformed
	}
	secret := newSecret(s, f.kind(s))
	secret.summed = secret.kind != Unknown && !f.advisory()
	return secret, nil
}

// ParseKey takes the value of an X-Auth-Key header: an API key in our form, or
// the 37..45 lowercase hex digits of a legacy one, which is of kind [Unknown].
// Anything else is [ErrMalformed], a wrong checksum [ErrChecksum].
func (f Format) ParseKey(s string) (Secret, error) {
	if minLegacyKey <= len(s) && len(s) <= maxLegacyKey && lowerHex.holds(s) {
		return newSecret(s, Unknown), nil
	}
	if f.kind(s) != APIKey || !bearer.holds(s) {
		return Secret{}, ErrMalformed
	}
	if !f.advisory() && !checksumHolds(s) {
		return Secret{}, ErrChecksum
	}
	return newSecret(s, APIKey), nil
}

// kind is the kind whose prefix and length s has.
func (f Format) kind(s string) Kind {
	rest, ok := strings.CutPrefix(s, f.Prefix())
	if !ok || len(rest) < bodyLength+checksumLength {
		return Unknown
	}
	return kindOf(rest[:len(rest)-bodyLength-checksumLength])
}

// advisory reports whether a wrong checksum is let through. Under "cf" secrets
// may have been minted upstream, which never published which bytes its checksum
// covers (contract 3.6).
func (f Format) advisory() bool { return f.Lenient || f.prefix == "cf" }

// checksumHolds reports whether the last 8 characters of s are the checksum of
// the 40 before them. s is longer than both.
func checksumHolds(s string) bool {
	at := len(s) - checksumLength
	sum := checksum(s[at-bodyLength : at])
	return string(sum[:]) == s[at:]
}

// checksum is the CRC-32 (IEEE, as in zlib) of a body in lowercase hex.
func checksum(body string) [checksumLength]byte {
	crc := crc32.ChecksumIEEE(bytesOf(body))
	var hex [checksumLength]byte
	for i := range hex {
		hex[i] = "0123456789abcdef"[crc>>(28-4*i)&0xf]
	}
	return hex
}

// class is a set of bytes: 0 for those in it, 1 for the others.
type class [256]byte

func newClass(ok func(byte) bool) *class {
	c := new(class)
	for b := range c {
		if !ok(byte(b)) {
			c[b] = 1
		}
	}
	return c
}

var (
	bearer   = newClass(isBearer)
	lowerHex = newClass(isLowerHex)
)

// holds reports whether all bytes of s are in the class. It looks at all of
// them, which is faster than to look for the first that is not, and at eight at a
// time.
func (c *class) holds(s string) bool {
	var out byte
	for ; len(s) >= 8; s = s[8:] {
		out |= c[s[0]] | c[s[1]] | c[s[2]] | c[s[3]] | c[s[4]] | c[s[5]] | c[s[6]] | c[s[7]]
	}
	for i := 0; i < len(s); i++ {
		out |= c[s[i]]
	}
	return out == 0
}

func isLower(c byte) bool    { return 'a' <= c && c <= 'z' }
func isDigit(c byte) bool    { return '0' <= c && c <= '9' }
func isLowerHex(c byte) bool { return isDigit(c) || 'a' <= c && c <= 'f' }

func isBearer(c byte) bool {
	return isLower(c) || 'A' <= c && c <= 'Z' || isDigit(c) || c == '_' || c == '-'
}
