package authority

import (
	"context"
	"errors"
	"fmt"
)

// SecondFactorState says whether the caller's user has a second factor, and how
// many recovery codes are left.
func (a *Authority) SecondFactorState(ctx context.Context, c Caller) (on bool, recoveryLeft int, err error) {
	if err := c.signedIn(); err != nil {
		return false, 0, err
	}
	f, err := a.secondFactor(ctx, a.store, c.person.id)
	if err != nil || !f.On() {
		return false, 0, err
	}
	left, err := a.store.RecoveryCodes(ctx, c.person.id)
	return true, left, storeError("count recovery codes", err)
}

// secondFactor reads a user's, the zero SecondFactor when there is none.
func (a *Authority) secondFactor(ctx context.Context, r Reader, userID string) (SecondFactor, error) {
	f, err := r.SecondFactor(ctx, userID)
	if errors.Is(err, ErrNotFound) {
		return SecondFactor{}, nil
	}
	if err != nil {
		return SecondFactor{}, unavailable("look up a second factor", err)
	}
	return f, nil
}

// BeginSecondFactor makes the secret for the user's app, as an otpauth URI and
// alone. It counts for nothing until ConfirmSecondFactor; beginning again makes
// another one.
//
// Errors: CodeInvalid for a wrong password (pointer /password) and when a second
// factor is on; CodeTooMany; CodeUnavailable without a secret key.
func (a *Authority) BeginSecondFactor(ctx context.Context, c Caller, password string) (uri, secret string, err error) {
	u, err := a.provePerson(ctx, &c, password, "/password")
	if err != nil {
		return "", "", err
	}
	if err := a.sealer.ready(); err != nil {
		return "", "", err
	}
	uri, secret, err = a.newTOTP(u.Email)
	if err != nil {
		return "", "", fmt.Errorf("make the secret of a second factor: %w", err)
	}
	f := SecondFactor{UserID: u.ID, Sealed: a.sealer.seal(u.ID, secret), CreatedOn: c.now.UTC(), Version: 1}
	err = a.write(ctx, &c, "begin a second factor", func(ctx context.Context, tx *txn) error {
		before, err := a.secondFactor(ctx, tx, u.ID)
		switch {
		case err != nil:
			return err
		case before.On():
			return &Error{Code: CodeInvalid, Message: "a second factor is on: switch it off before you set up another one"}
		case before.UserID == "":
			err = tx.InsertSecondFactor(ctx, f)
		default:
			again := f
			again.Version = before.Version
			err = tx.UpdateSecondFactor(ctx, again)
		}
		if err != nil {
			return fmt.Errorf("write a second factor: %w", err)
		}
		return tx.AppendEvent(ctx, c.userEvent("second_factor_begin", "create", u.ID))
	})
	if err != nil {
		return "", "", err
	}
	return uri, secret, nil
}

// ConfirmSecondFactor switches the second factor on, once the app has shown a
// code. It returns the recovery codes, which are in no other place, and ends all
// sessions; this one goes on with NextEpoch.
//
// Errors: CodeInvalid for a wrong code (pointer /code) and when none was begun;
// CodeTooMany; CodeUnavailable without a secret key.
func (a *Authority) ConfirmSecondFactor(ctx context.Context, c Caller, code string) ([]string, error) {
	if err := c.signedIn(); err != nil {
		return nil, err
	}
	if err := a.sealer.ready(); err != nil {
		return nil, err
	}
	right, err := a.guess(guessCount{a.limits.codes, "confirm " + c.person.id})
	if err != nil {
		return nil, err
	}
	codes := newRecoveryCodes()
	err = a.write(ctx, &c, "confirm a second factor", func(ctx context.Context, tx *txn) error {
		f, err := a.secondFactor(ctx, tx, c.person.id)
		if err != nil {
			return err
		}
		if f.UserID == "" || f.On() {
			return &Error{Code: CodeInvalid, Message: "no second factor is being set up"}
		}
		f.ConfirmedOn = c.now.UTC()
		if err := a.spendStep(ctx, tx, &f, &c, normalCode(code)); err != nil {
			return err
		}
		if err := tx.putRecoveryCodes(ctx, f.UserID, codes); err != nil {
			return err
		}
		return a.endSessions(ctx, tx, f.UserID, c.userEvent("second_factor_on", "update", f.UserID))
	})
	if err != nil {
		return nil, err
	}
	right()
	return codes, nil
}

// DisableSecondFactor switches the second factor off, and ends all sessions;
// this one goes on with NextEpoch.
//
// Errors: CodeInvalid for a wrong password (pointer /password) and when it is
// off; CodeTooMany.
func (a *Authority) DisableSecondFactor(ctx context.Context, c Caller, password string) error {
	u, err := a.provePerson(ctx, &c, password, "/password")
	if err != nil {
		return err
	}
	return a.write(ctx, &c, "switch a second factor off", func(ctx context.Context, tx *txn) error {
		return a.dropSecondFactor(ctx, tx, &c, u.ID)
	})
}

// ResetSecondFactor switches a user's second factor off, for whoever holds the
// data folder.
//
// Errors: CodeForbidden for anybody else; CodeNotFound; CodeInvalid when it is
// off.
func (a *Authority) ResetSecondFactor(ctx context.Context, c Caller, email string) (User, error) {
	if err := onlySystem(&c); err != nil {
		return User{}, err
	}
	var u User
	err := a.write(ctx, &c, "reset a second factor", func(ctx context.Context, tx *txn) (err error) {
		if u, err = tx.UserByEmail(ctx, normalEmail(email)); err != nil {
			return rowError("user "+email, "look for user", err)
		}
		return a.dropSecondFactor(ctx, tx, &c, u.ID)
	})
	return u, err
}

// dropSecondFactor deletes a second factor with its recovery codes, and ends the
// user's sessions.
func (a *Authority) dropSecondFactor(ctx context.Context, tx *txn, c *Caller, userID string) error {
	f, err := a.secondFactor(ctx, tx, userID)
	if err != nil {
		return err
	}
	if !f.On() {
		return noSecondFactor()
	}
	if err := tx.DeleteSecondFactor(ctx, userID, f.Version); err != nil {
		return fmt.Errorf("delete a second factor: %w", err)
	}
	return a.endSessions(ctx, tx, userID, c.userEvent("second_factor_off", "delete", userID))
}

// NewRecoveryCodes replaces the recovery codes; those there were no longer work.
//
// Errors: as DisableSecondFactor.
func (a *Authority) NewRecoveryCodes(ctx context.Context, c Caller, password string) ([]string, error) {
	u, err := a.provePerson(ctx, &c, password, "/password")
	if err != nil {
		return nil, err
	}
	codes := newRecoveryCodes()
	err = a.write(ctx, &c, "make recovery codes", func(ctx context.Context, tx *txn) error {
		f, err := a.secondFactor(ctx, tx, u.ID)
		if err != nil {
			return err
		}
		if !f.On() {
			return noSecondFactor()
		}
		if err := tx.putRecoveryCodes(ctx, u.ID, codes); err != nil {
			return err
		}
		return tx.AppendEvent(ctx, c.userEvent("recovery_codes_new", "create", u.ID))
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}

func noSecondFactor() error {
	return &Error{Code: CodeInvalid, Message: "there is no second factor that is on"}
}
