package authority

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tokenward/tokenward/internal/token"
)

const (
	// deviceLife is how long a browser is known.
	deviceLife = 365 * 24 * time.Hour
	// maxDevices is how many of a user's browsers are known; the oldest is
	// forgotten for a new one.
	maxDevices = 20
)

// deviceFormat gives the secrets of device cookies a prefix of their own, so
// that none is taken for a token's.
var deviceFormat = mustFormat("device")

// newDevice is a device with its secret, which is in no other place.
type newDevice struct {
	Device
	secret token.Secret
}

func newDeviceOf(userID string, now time.Time) *newDevice {
	secret := deviceFormat.New(token.User)
	return &newDevice{secret: secret, Device: Device{
		Digest: secret.Digest(), UserID: userID, CreatedOn: now.UTC(), ExpiresOn: now.Add(deviceLife).UTC(),
	}}
}

// knownDevice finds the device of a cookie, nil when it is none of the user's.
// It asks the store also for an address that nobody has, which must not show.
func (a *Authority) knownDevice(ctx context.Context, userID, cookie string, now time.Time) (*Device, error) {
	s, err := deviceFormat.Parse(cookie)
	if err != nil || !s.Genuine() {
		return nil, nil
	}
	d, err := a.store.Device(ctx, s.Digest())
	switch {
	case errors.Is(err, ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, unavailable("look up a device", err)
	case userID == "" || d.UserID != userID || !d.Digest.Equal(s.Digest()) || !now.Before(d.ExpiresOn):
		return nil, nil
	}
	return &d, nil
}

// deviceToGive is a new device for a browser that is not known, nil for one that
// is.
func deviceToGive(userID string, known *Device, now time.Time) *newDevice {
	if known != nil {
		return nil
	}
	return newDeviceOf(userID, now)
}

// cookie is the secret for the cookie; "" without a new device.
func (d *newDevice) cookie() string {
	if d == nil {
		return ""
	}
	return d.secret.Reveal()
}

// addDevice remembers a new device, if there is one, and forgets the expired and
// the oldest ones that are too many.
func (t *txn) addDevice(ctx context.Context, d *newDevice) error {
	if d == nil {
		return nil
	}
	list, err := t.Devices(ctx, d.UserID)
	if err != nil {
		return fmt.Errorf("read the devices of user %s: %w", d.UserID, err)
	}
	spare := len(list) - (maxDevices - 1)
	for _, old := range list {
		if spare <= 0 && d.CreatedOn.Before(old.ExpiresOn) {
			continue
		}
		if err := t.DeleteDevice(ctx, old.Digest); err != nil {
			return fmt.Errorf("forget a device of user %s: %w", d.UserID, err)
		}
		spare--
	}
	return t.InsertDevice(ctx, d.Device)
}

// forgetDevices forgets all of a user's.
func (t *txn) forgetDevices(ctx context.Context, userID string) error {
	list, err := t.Devices(ctx, userID)
	if err != nil {
		return fmt.Errorf("read the devices of user %s: %w", userID, err)
	}
	for _, d := range list {
		if err := t.DeleteDevice(ctx, d.Digest); err != nil {
			return fmt.Errorf("forget a device of user %s: %w", userID, err)
		}
	}
	return nil
}
