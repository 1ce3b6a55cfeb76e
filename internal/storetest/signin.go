package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
)

func signInTests() []test {
	return []test{
		{"a device comes back as stored, and a user's devices oldest first", deviceRoundTrip},
		{"a deleted device is gone, and deleting it again is ErrConflict", deleteDevice},
		{"a second factor comes back as stored, one for each user", secondFactorRoundTrip},
		{"an update of a second factor is stored, a stale one is ErrConflict", updateSecondFactor},
		{"a deleted second factor is gone with its recovery codes", deleteSecondFactor},
		{"of two who use a recovery code at once one wins", oneUsesARecoveryCode},
		{"a deleted user is gone with what they signed in by", deleteUserWhoSignedIn},
	}
}

func newDevice(n, user int) authority.Device {
	return authority.Device{Digest: digestOf(n), UserID: id(user), CreatedOn: micro(n), ExpiresOn: micro(n + 60)}
}

func newSecondFactor(user int) authority.SecondFactor {
	return authority.SecondFactor{
		UserID: id(user), Sealed: []byte{0, 1, 0xff, byte(user)}, LastStep: 59_078_160, CreatedOn: micro(1), ConfirmedOn: micro(2), Version: 1,
	}
}

func write(t *testing.T, s Stores, f func(context.Context, authority.Tx) error) error {
	t.Helper()
	return s.Authority.Write(t.Context(), f)
}

func insertDevices(devices ...authority.Device) func(context.Context, authority.Tx) error {
	return func(ctx context.Context, tx authority.Tx) error {
		for _, d := range devices {
			if err := tx.InsertDevice(ctx, d); err != nil {
				return err
			}
		}
		return nil
	}
}

func insertSecondFactor(f authority.SecondFactor, codes ...int) func(context.Context, authority.Tx) error {
	return func(ctx context.Context, tx authority.Tx) error {
		for _, n := range codes {
			if err := tx.InsertRecoveryCode(ctx, f.UserID, digestOf(n)); err != nil {
				return err
			}
		}
		return tx.InsertSecondFactor(ctx, f)
	}
}

func recoveryCodes(t *testing.T, s Stores, user int) int {
	t.Helper()
	return found(s.Authority.RecoveryCodes(t.Context(), id(user)))(t)
}

func deviceRoundTrip(t *testing.T, s Stores) {
	household(t, s)
	old, young, other := newDevice(9, 1), newDevice(2, 1), newDevice(3, 2)
	old.CreatedOn, young.CreatedOn = micro(1), micro(2)
	change(t, s, insertDevices(young, old, other))
	same(t, "the device", found(s.Authority.Device(t.Context(), old.Digest))(t), old)
	same(t, "the list", found(s.Authority.Devices(t.Context(), id(1)))(t), []authority.Device{old, young})
	same(t, "the list of nobody", len(found(s.Authority.Devices(t.Context(), id(9)))(t)), 0)
	_, err := s.Authority.Device(t.Context(), digestOf(99))
	wantError(t, "an unknown digest", err, authority.ErrNotFound)
	wantError(t, "the same digest", write(t, s, insertDevices(newDevice(9, 2))), authority.ErrExists)
	wantError(t, "an unknown user", write(t, s, insertDevices(newDevice(4, 9))), authority.ErrNotFound)
}

func deleteDevice(t *testing.T, s Stores) {
	household(t, s)
	change(t, s, insertDevices(newDevice(1, 1), newDevice(2, 1)))
	remove := func(ctx context.Context, tx authority.Tx) error { return tx.DeleteDevice(ctx, digestOf(1)) }
	change(t, s, remove)
	same(t, "the list", found(s.Authority.Devices(t.Context(), id(1)))(t), []authority.Device{newDevice(2, 1)})
	wantError(t, "a second time", write(t, s, remove), authority.ErrConflict)
}

func secondFactorRoundTrip(t *testing.T, s Stores) {
	household(t, s)
	on, begun := newSecondFactor(1), newSecondFactor(2)
	begun.ConfirmedOn, begun.LastStep = time.Time{}, 0
	change(t, s, insertSecondFactor(on))
	change(t, s, insertSecondFactor(begun))
	same(t, "one that is on", found(s.Authority.SecondFactor(t.Context(), id(1)))(t), on)
	same(t, "one that was begun", found(s.Authority.SecondFactor(t.Context(), id(2)))(t), begun)
	_, err := s.Authority.SecondFactor(t.Context(), id(9))
	wantError(t, "an unknown user's", err, authority.ErrNotFound)
	wantError(t, "a second one", write(t, s, insertSecondFactor(on)), authority.ErrExists)
	wantError(t, "an unknown user", write(t, s, insertSecondFactor(newSecondFactor(9))), authority.ErrNotFound)
}

func updateSecondFactor(t *testing.T, s Stores) {
	household(t, s)
	f := newSecondFactor(1)
	change(t, s, insertSecondFactor(f))
	update := func(ctx context.Context, tx authority.Tx) error { return tx.UpdateSecondFactor(ctx, f) }
	f.Sealed, f.LastStep, f.CreatedOn, f.ConfirmedOn = []byte{7}, 7, micro(8), micro(9)
	change(t, s, update)
	wantError(t, "a stale version", write(t, s, update), authority.ErrConflict)
	f.Version = 2
	same(t, "the second factor", found(s.Authority.SecondFactor(t.Context(), id(1)))(t), f)
}

func deleteSecondFactor(t *testing.T, s Stores) {
	household(t, s)
	change(t, s, insertSecondFactor(newSecondFactor(1), 1, 2))
	change(t, s, insertSecondFactor(newSecondFactor(2), 1))
	remove := func(version int64) error {
		return write(t, s, func(ctx context.Context, tx authority.Tx) error { return tx.DeleteSecondFactor(ctx, id(1), version) })
	}
	wantError(t, "another version", remove(2), authority.ErrConflict)
	same(t, "the codes then", recoveryCodes(t, s, 1), 2)
	if err := remove(1); err != nil {
		t.Fatal(err)
	}
	_, err := s.Authority.SecondFactor(t.Context(), id(1))
	wantError(t, "the second factor", err, authority.ErrNotFound)
	same(t, "the codes", recoveryCodes(t, s, 1), 0)
	same(t, "another user's codes", recoveryCodes(t, s, 2), 1)
}

func oneUsesARecoveryCode(t *testing.T, s Stores) {
	household(t, s)
	change(t, s, insertSecondFactor(newSecondFactor(1), 1, 2))
	won := 0
	done := make(chan error, 2)
	for range 2 {
		go func() {
			done <- s.Authority.Write(t.Context(), func(ctx context.Context, tx authority.Tx) error {
				return tx.DeleteRecoveryCode(ctx, id(1), digestOf(1))
			})
		}()
	}
	for range 2 {
		if err := <-done; err == nil {
			won++
		} else {
			wantError(t, "who came too late", err, authority.ErrConflict)
		}
	}
	same(t, "how many won", won, 1)
	same(t, "the codes left", recoveryCodes(t, s, 1), 1)
	wantError(t, "another user's code", write(t, s, func(ctx context.Context, tx authority.Tx) error {
		return tx.DeleteRecoveryCode(ctx, id(2), digestOf(2))
	}), authority.ErrConflict)
	change(t, s, func(ctx context.Context, tx authority.Tx) error { return tx.DeleteRecoveryCodes(ctx, id(1)) })
	same(t, "the codes after all were deleted", recoveryCodes(t, s, 1), 0)
}

func deleteUserWhoSignedIn(t *testing.T, s Stores) {
	household(t, s)
	change(t, s, insertDevices(newDevice(1, 1), newDevice(2, 2)))
	change(t, s, insertSecondFactor(newSecondFactor(1), 1))
	change(t, s, insertSecondFactor(newSecondFactor(2), 1))
	change(t, s, func(ctx context.Context, tx authority.Tx) error { return tx.DeleteUser(ctx, id(1), 1) })
	_, err := s.Authority.Device(t.Context(), digestOf(1))
	wantError(t, "the device", err, authority.ErrNotFound)
	_, err = s.Authority.SecondFactor(t.Context(), id(1))
	wantError(t, "the second factor", err, authority.ErrNotFound)
	same(t, "the codes", recoveryCodes(t, s, 1), 0)
	found(s.Authority.Device(t.Context(), digestOf(2)))(t)
	found(s.Authority.SecondFactor(t.Context(), id(2)))(t)
}
