package gateway

import (
	"encoding/hex"
	"math/rand/v2"
)

// newRequestID is the cf-ray of an answer: 16 hex digits and where it was made,
// in the form that clients print (contract 2.1). It tells requests apart and
// guards nothing, so the runtime's generator, seeded by the system, will do.
func newRequestID() string {
	const suffix = "-TW"
	var raw [8]byte
	var text [16 + len(suffix)]byte
	for n, i := rand.Uint64(), 0; i < len(raw); i++ {
		raw[i] = byte(n >> (8 * i))
	}
	hex.Encode(text[:], raw[:])
	copy(text[16:], suffix)
	return string(text[:])
}
