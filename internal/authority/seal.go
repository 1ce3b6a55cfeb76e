package authority

import (
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"fmt"
)

// SecretKeyLength is the length of Config.SecretKey, in bytes.
const SecretKeyLength = 32

// sealer encrypts what must be had again and must not be in the store in clear:
// AES-256-GCM, with a nonce drawn for each. Whose it is is sealed in, so that a
// row copied to another user opens for neither. The zero sealer has no key.
type sealer struct{ aead cipher.AEAD }

func newSealer(key []byte) (sealer, error) {
	if len(key) == 0 {
		return sealer{}, nil
	}
	if len(key) != SecretKeyLength {
		return sealer{}, fmt.Errorf("authority: the secret key has %d bytes, not %d", len(key), SecretKeyLength)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return sealer{}, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return sealer{aead}, err
}

// errNoKey is the cause where there is no key.
var errNoKey = errors.New("there is no secret key")

// ready refuses where there is no key.
func (s sealer) ready() error {
	if s.aead == nil {
		return sealError(errNoKey)
	}
	return nil
}

// seal encrypts a secret of a user. There must be a key.
func (s sealer) seal(userID, secret string) []byte {
	return s.aead.Seal(nil, nil, []byte(secret), sealedFor(userID))
}

// open decrypts it.
//
// Errors: CodeUnavailable where there is no key or it is another one.
func (s sealer) open(userID string, sealed []byte) (string, error) {
	if err := s.ready(); err != nil {
		return "", err
	}
	secret, err := s.aead.Open(nil, nil, sealed, sealedFor(userID))
	if err != nil {
		return "", sealError(err)
	}
	return string(secret), nil
}

func sealedFor(userID string) []byte { return []byte("second factor of " + userID) }

// sealError says what is wrong without a word about the user: whoever runs the
// server has to mend it.
func sealError(err error) error {
	return &Error{
		Code: CodeUnavailable, Err: err,
		Message: "second factors cannot be used now: the server's secret key is missing or another one; tell whoever runs it. A recovery code works",
	}
}
