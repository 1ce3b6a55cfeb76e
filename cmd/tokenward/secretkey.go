package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/store"
)

// secretKeyFile holds the key that seals what must be had again, in the data
// folder: a copy of the database alone gives nobody a second factor.
const secretKeyFile = "secret.key"

// openSecretKey reads the key, and makes one when there is none and nothing is
// sealed yet. Where it is missing and needed it gives none: a new one would open
// nothing, and hide that the old one can still be put back.
func openSecretKey(ctx context.Context, path string, db *store.Store, log *slog.Logger) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err == nil {
		return parseSecretKey(path, text)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the secret key: %w", err)
	}
	sealed, err := db.AnySecondFactor(ctx)
	if err != nil {
		return nil, err
	}
	if sealed {
		log.Error("the secret key is missing: users with a second factor can sign in with a recovery code only until it is put back", "file", path)
		return nil, nil
	}
	key := make([]byte, authority.SecretKeyLength)
	rand.Read(key)
	if err := writeFileAtomic(path, []byte(hex.EncodeToString(key)+"\n")); err != nil {
		return nil, fmt.Errorf("make the secret key: %w", err)
	}
	return key, nil
}

// parseSecretKey reads the file's text. What is wrong with it is said without
// it.
func parseSecretKey(path string, text []byte) ([]byte, error) {
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != authority.SecretKeyLength {
		return nil, fmt.Errorf("the secret key in %s is not %d bytes in hexadecimal", path, authority.SecretKeyLength)
	}
	return key, nil
}
