package authority_test

import (
	"context"
	"errors"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
)

// TestWhatEndsAllSessionsEndsThemAtOnce: those of this process, and a request
// that is under way.
func TestWhatEndsAllSessionsEndsThemAtOnce(t *testing.T) {
	t.Parallel()
	const chosen = "another correct horse"
	for what, end := range map[string]func(*world, authority.Caller) (goesOn int64, err error){
		"signing out everywhere": func(w *world, c authority.Caller) (int64, error) {
			return -1, w.SignOutEverywhere(context.Background(), c)
		},
		"another password": func(w *world, c authority.Caller) (int64, error) {
			return w.ChangePassword(context.Background(), c, password, chosen)
		},
		"a password set by a link": func(w *world, c authority.Caller) (int64, error) {
			_, in, err := w.ResetPassword(context.Background(), w.browser("198.51.100.1").visitor(), w.resetLink(w.admin), chosen)
			return in.Epoch, err
		},
		"recovering the user": func(w *world, c authority.Caller) (int64, error) {
			_, err := w.Recover(context.Background(), w.admin.email)
			return -1, err
		},
		"suspending the user": func(w *world, c authority.Caller) (int64, error) {
			_, err := w.SuspendUser(context.Background(), w.system(), w.admin.email, true)
			return -1, err
		},
		"suspending the user for a while": func(w *world, c authority.Caller) (int64, error) {
			_, err := w.SuspendUser(context.Background(), w.system(), w.admin.email, true)
			_, err2 := w.SuspendUser(context.Background(), w.system(), w.admin.email, false)
			return -1, errors.Join(err, err2)
		},
		"a second factor": func(w *world, c authority.Caller) (int64, error) {
			_, secret, err := w.BeginSecondFactor(context.Background(), c, password)
			if err != nil {
				return 0, err
			}
			w.session(authority.SignedIn{UserID: w.admin.id}) // beginning ends none
			_, err = w.ConfirmSecondFactor(context.Background(), c, w.app(secret))
			return c.NextEpoch(), err
		},
		"deleting the user": func(w *world, c authority.Caller) (int64, error) {
			return -1, w.DeleteUser(context.Background(), w.system(), w.admin.email)
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := signInWorld(t)
			in := w.browser("198.51.100.7").mustSignIn(w.admin)
			other := w.session(in)
			goesOn, err := end(w, w.session(in))
			if err != nil {
				t.Fatal(err)
			}
			w.over(what, in)
			if _, err := w.EditUser(t.Context(), other, authority.UserDraft{}); !hasCode(err, authority.CodeForbidden) && !hasCode(err, authority.CodeNotFound) {
				t.Errorf("a request that was under way: %v", err)
			}
			if goesOn >= 0 {
				w.session(authority.SignedIn{UserID: w.admin.id, Epoch: goesOn})
			}
		})
	}
}

func TestSessionEndedOnAnotherNodeEndsWithTheFeed(t *testing.T) {
	t.Parallel()
	w := signInWorld(t)
	in := w.browser("198.51.100.7").mustSignIn(w.admin)
	w.session(in)
	w.elsewhere(func(ctx context.Context, tx authority.Tx) error {
		u, err := tx.User(ctx, w.admin.id)
		u.Epoch++
		return errors.Join(err, tx.UpdateUser(ctx, u), tx.AppendChange(ctx, authority.ChangeUser, u.ID))
	})
	w.poll()
	w.over("ended elsewhere", in)
}

func TestWhatIsNoSessionIsNobody(t *testing.T) {
	t.Parallel()
	w := signInWorld(t)
	in := w.browser("198.51.100.7").mustSignIn(w.admin)
	for what, s := range map[string]authority.SignedIn{
		"nothing":          {},
		"an unknown user":  {UserID: ghost},
		"no id":            {UserID: "x", Epoch: in.Epoch},
		"a later epoch":    {UserID: in.UserID, Epoch: in.Epoch + 1},
		"a negative epoch": {UserID: in.UserID, Epoch: -1},
		"half a sign-in":   {UserID: in.UserID, Epoch: ^in.Epoch},
	} {
		w.over(what, s)
	}
}

func TestSigningOutIsWrittenDownAndEndsNoOtherSession(t *testing.T) {
	t.Parallel()
	w := signInWorld(t)
	in := w.browser("198.51.100.7").mustSignIn(w.admin)
	if err := w.SignOut(t.Context(), w.session(in)); err != nil {
		t.Fatal(err)
	}
	w.session(in)
	if e := w.events("sign_out"); len(e) != 1 || e[0].Actor.Context != "dash" || e[0].UserID != w.admin.id {
		t.Errorf("the events are %+v", e)
	}
}

func TestAnotherPasswordTakesTheOldOneAndTheLinksThatAreOut(t *testing.T) {
	t.Parallel()
	w := signInWorld(t)
	b := w.browser("198.51.100.7")
	c, link := w.session(b.mustSignIn(w.admin)), w.resetLink(w.admin)
	const chosen = "another correct horse"
	for _, p := range []struct{ old, chosen string }{{"not the password", chosen}, {password, "short"}, {password, w.admin.email}} {
		_, err := w.ChangePassword(t.Context(), c, p.old, p.chosen)
		wantCode(t, err, authority.CodeInvalid)
	}
	if _, err := w.ChangePassword(t.Context(), c, password, chosen); err != nil {
		t.Fatal(err)
	}
	_, err := b.signIn(w.admin, password)
	wantCode(t, err, authority.CodeUnauthenticated)
	if _, err := b.signIn(w.admin, chosen); err != nil {
		t.Errorf("the new password: %v", err)
	}
	_, _, err = w.ResetPassword(t.Context(), b.visitor(), link, chosen+"!")
	wantCode(t, err, authority.CodeNotFound)
	if e := w.events("password_change"); len(e) != 1 || e[0].Old != nil || e[0].New != nil {
		t.Errorf("the events are %+v", e)
	}
}
