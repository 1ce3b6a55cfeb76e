package authority

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

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

// costsForm is the part of a hash that says how it was made.
const costsForm = "$argon2id$v=%d$m=%d,t=%d,p=%d$"

// hashing holds how many passwords are hashed at a time in this process: each
// takes 64 MiB, and whoever has a key can ask for many at once. The others wait.
var hashing = make(chan struct{}, 2)

func argon(password string, salt []byte, time, memory uint32, threads uint8, length uint32) []byte {
	hashing <- struct{}{}
	defer func() { <-hashing }()
	return argon2.IDKey([]byte(password), salt, time, memory, threads, length)
}

// HashPassword hashes a password for storing, in PHC string form.
func HashPassword(password string) string {
	salt := make([]byte, argonSalt)
	rand.Read(salt)
	key := argon(password, salt, argonTime, argonMemory, argonThreads, argonKey)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf(costsForm+"%s$%s", argon2.Version, argonMemory, argonTime, argonThreads,
		b64.EncodeToString(salt), b64.EncodeToString(key))
}

// CheckPassword reports whether a password is the one that was hashed. A hash
// that cannot be read, and the empty one, match nothing.
func CheckPassword(hash, password string) bool {
	var version int
	var memory, time uint32
	var threads uint8
	_, err := fmt.Sscanf(hash, costsForm, &version, &memory, &time, &threads)
	// Costs that were never ours could take the machine's memory and time.
	if err != nil || version != argon2.Version || memory > 4*argonMemory || time == 0 || time > 4*argonTime || threads == 0 || threads > 16 {
		return false
	}
	// Sscanf passes over spaces and signs; what it read must be what is there.
	rest, ok := strings.CutPrefix(hash, fmt.Sprintf(costsForm, version, memory, time, threads))
	if !ok {
		return false
	}
	salt, want, ok := splitHash(rest)
	if !ok {
		return false
	}
	got := argon(password, salt, time, memory, threads, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1
}

func splitHash(s string) (salt, key []byte, ok bool) {
	if len(s) > 256 || strings.ContainsAny(s, "\r\n") { // which base64 would skip
		return nil, nil, false
	}
	left, right, _ := strings.Cut(s, "$")
	salt, err1 := base64.RawStdEncoding.DecodeString(left)
	key, err2 := base64.RawStdEncoding.DecodeString(right)
	return salt, key, err1 == nil && err2 == nil && len(salt) >= 8 && len(key) >= 16 && len(key) <= 64
}
