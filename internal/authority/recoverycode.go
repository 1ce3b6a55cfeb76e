package authority

import (
	"context"
	"crypto/sha256"
	"fmt"

	"github.com/tokenward/tokenward/internal/token"
)

// recoveryCodes is how many a user gets.
const recoveryCodes = 10

// newRecoveryCodes makes codes of 16 characters, 80 bits each: too many to try
// all, so a plain hash is enough to keep them.
func newRecoveryCodes() []string {
	codes := make([]string, recoveryCodes)
	for i := range codes {
		s := randomLetters(16)
		codes[i] = s[:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:]
	}
	return codes
}

// recoveryDigest is the digest of a code, which normalCode has been through. The
// user is hashed with it: two who got the same code do not show it.
func recoveryDigest(userID, code string) token.Digest {
	return sha256.Sum256([]byte(userID + " " + code))
}

// putRecoveryCodes replaces a user's codes.
func (t *txn) putRecoveryCodes(ctx context.Context, userID string, codes []string) error {
	if err := t.DeleteRecoveryCodes(ctx, userID); err != nil {
		return fmt.Errorf("delete the recovery codes of user %s: %w", userID, err)
	}
	for _, code := range codes {
		if err := t.InsertRecoveryCode(ctx, userID, recoveryDigest(userID, normalCode(code))); err != nil {
			return fmt.Errorf("insert a recovery code of user %s: %w", userID, err)
		}
	}
	return nil
}
