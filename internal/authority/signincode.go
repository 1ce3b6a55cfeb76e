package authority

import (
	"context"
	"errors"
	"fmt"

	"github.com/tokenward/tokenward/internal/policy"
)

// SecondFactor completes a sign-in with a code of the user's app or a recovery
// code. userID and epoch are those of the SignedIn that asked for it; device is
// the secret of the device cookie, which that SignedIn may have brought.
//
// Errors: CodeInvalid for a code that is wrong or was used (pointer /code);
// CodeUnauthenticated when the half of the sign-in that was done no longer
// holds; CodeTooMany; CodeUnavailable where the server cannot check the codes of
// apps.
func (a *Authority) SecondFactor(ctx context.Context, c Caller, userID string, epoch int64, code, device string) (SignedIn, error) {
	if c.now.IsZero() {
		return SignedIn{}, forbidden(policy.Decision{})
	}
	u, err := a.halfSignedIn(ctx, userID, epoch)
	if err != nil {
		return SignedIn{}, err
	}
	known, err := a.knownDevice(ctx, u.ID, device, c.now)
	if err != nil {
		return SignedIn{}, err
	}
	code = normalCode(code)
	if err := a.sealer.ready(); err != nil && isTOTP(code) {
		return SignedIn{}, err
	}
	right, err := a.guess(a.limits.codeTries(u.ID, known)...)
	if err != nil {
		a.noteFailed(&c, &u, failedTooMany)
		a.tellOfGuesses(ctx, &c, &u)
		return SignedIn{}, err
	}
	out, err := a.arrive(ctx, &c, &u, known, func(ctx context.Context, tx *txn) (string, error) {
		return a.spendCode(ctx, tx, &c, &u, code)
	})
	if err == nil {
		right()
	} else if isWrongCode(err) {
		a.noteFailed(&c, &u, failedCode)
	}
	return out, err
}

// halfSignedIn finds whose password was right, if everything is as it was then.
func (a *Authority) halfSignedIn(ctx context.Context, userID string, epoch int64) (User, error) {
	if epoch >= 0 {
		return User{}, sessionOver()
	}
	u, err := a.store.User(ctx, userID)
	switch {
	case errors.Is(err, ErrNotFound):
		return User{}, sessionOver()
	case err != nil:
		return User{}, unavailable("look up a user", err)
	case u.Suspended || u.Epoch != ^epoch:
		return User{}, sessionOver()
	}
	return u, nil
}

// spendCode uses up a code of a user: of two who show the same one comes too
// late. It says what kind it was.
func (a *Authority) spendCode(ctx context.Context, tx *txn, c *Caller, u *User, code string) (string, error) {
	f, err := a.secondFactor(ctx, tx, u.ID)
	if err != nil {
		return "", err
	}
	if !f.On() { // nobody turned it on in the meantime, since the epoch stands
		return "", sessionOver()
	}
	if isTOTP(code) {
		return "app", a.spendStep(ctx, tx, &f, c, code)
	}
	err = tx.DeleteRecoveryCode(ctx, u.ID, recoveryDigest(u.ID, code))
	if errors.Is(err, ErrConflict) {
		return "", wrongCode()
	}
	if err != nil {
		return "", fmt.Errorf("use up a recovery code: %w", err)
	}
	return "recovery code", tx.AppendEvent(ctx, c.signInEvent("recovery_code_used", u))
}

// spendStep checks a code of an app, and remembers its step.
func (a *Authority) spendStep(ctx context.Context, tx *txn, f *SecondFactor, c *Caller, code string) error {
	secret, err := a.sealer.open(f.UserID, f.Sealed)
	if err != nil {
		return err
	}
	step, ok := totpStep(secret, code, c.now, f.LastStep)
	if !ok {
		return wrongCode()
	}
	after := *f
	after.LastStep = step
	if err := tx.UpdateSecondFactor(ctx, after); err != nil {
		return fmt.Errorf("remember the step of a code: %w", err)
	}
	return nil
}

func wrongCode() error {
	return invalid([]policy.Fault{{Pointer: "/code", Message: "this code is wrong, or was used already"}})
}

func isWrongCode(err error) bool {
	var own *Error
	return errors.As(err, &own) && own.Code == CodeInvalid
}
