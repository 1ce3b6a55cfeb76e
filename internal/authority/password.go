package authority

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"

	"golang.org/x/crypto/argon2"
)

// argon2id's costs (RFC 9106 section 4, the second recommended option: 64 MiB,
// three passes), with one lane since a server has many sign-ins at a time.
const (
	argonTime    = 3
	argonMemory  = 64 * 1024
	argonThreads = 1
	argonSalt    = 16
	argonKey     = 32
)

// HashPassword hashes a password for storing, in PHC string form.
func HashPassword(password string) string {
	salt := make([]byte, argonSalt)
	rand.Read(salt)
	key := argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonThreads, argonKey)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonThreads,
		b64.EncodeToString(salt), b64.EncodeToString(key))
}

// CheckPassword reports whether a password is the one that was hashed. A hash
// that cannot be read, and the empty one, match nothing.
func CheckPassword(hash, password string) bool {
	var version int
	var memory, time uint32
	var threads uint8
	var rest string
	n, err := fmt.Sscanf(hash, "$argon2id$v=%d$m=%d,t=%d,p=%d$%s", &version, &memory, &time, &threads, &rest)
	if err != nil || n != 5 || version != argon2.Version || memory > 1<<20 || time == 0 || time > 100 || threads == 0 {
		return false
	}
	salt, want, ok := splitHash(rest)
	if !ok {
		return false
	}
	got := argon2.IDKey([]byte(password), salt, time, memory, threads, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1
}

func splitHash(s string) (salt, key []byte, ok bool) {
	for i := range s {
		if s[i] != '$' {
			continue
		}
		salt, err1 := base64.RawStdEncoding.DecodeString(s[:i])
		key, err2 := base64.RawStdEncoding.DecodeString(s[i+1:])
		return salt, key, err1 == nil && err2 == nil && len(key) >= 16 && len(key) <= 64
	}
	return nil, nil, false
}
