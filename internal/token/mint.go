package token

import "crypto/rand"

// alphabet is what a body is drawn from.
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// New mints a secret of kind k, with a body from the operating system's
// generator. It panics when k is not [User], [Account] or [APIKey].
func (f Format) New(k Kind) Secret {
	if k.tag() == "" {
		panic("token: New of no kind")
	}
	body := randomBody()
	sum := checksum(string(body[:]))
	return newSecret(f.Prefix()+k.tag()+string(body[:])+string(sum[:]), k)
}

// randomBody draws each character uniformly: a byte that would make some
// characters likelier than others (256 is not a multiple of 62) is thrown away.
func randomBody() [bodyLength]byte {
	const fair = 256 - 256%len(alphabet)
	var body [bodyLength]byte
	var pool [64]byte
	for n := 0; n < len(body); {
		rand.Read(pool[:]) // never fails: crypto/rand ends the program instead
		for _, b := range pool {
			if int(b) < fair && n < len(body) {
				body[n] = alphabet[int(b)%len(alphabet)]
				n++
			}
		}
	}
	return body
}
