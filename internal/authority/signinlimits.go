package authority

import (
	"context"
	"encoding/hex"
	"net/netip"

	"github.com/tokenward/tokenward/internal/token"
)

// signInLimits are the counts of wrong guesses.
//
// Strangers must not be able to lock a user out. So a browser in which the user
// has signed in before, which it shows by its device cookie, has a count of its
// own; all others share one for the user, and one for their address.
type signInLimits struct {
	strangers, addresses, devices, codes, persons, keys *tries

	told *tries // not of guesses but of mails that somebody guesses

	// room is for those whose password is being looked at and whose browser is
	// not known. Hashing takes time and memory, and those who are known must not
	// have to wait behind a crowd.
	room chan struct{}
}

// maxStrangers is how many unknown browsers may have a password looked at, or
// wait for it, at a time.
const maxStrangers = 16

func newSignInLimits() signInLimits {
	return signInLimits{
		strangers: newTries(triesOfStrangers), addresses: newTries(triesOfAddress), devices: newTries(triesOfDevice),
		codes: newTries(triesOfCodes), persons: newTries(triesOfPerson), keys: newTries(triesOfKey),
		told: newTries(1), room: make(chan struct{}, maxStrangers),
	}
}

// enter waits for room among the strangers.
func (l *signInLimits) enter(ctx context.Context) (leave func(), err error) {
	select {
	case l.room <- struct{}{}:
		return func() { <-l.room }, nil
	case <-ctx.Done():
		return nil, unavailable("sign in", ctx.Err())
	}
}

// passwordTries are the counts of a guess at the password of an address. That
// nobody has the address makes no difference: otherwise it would show.
func (l *signInLimits) passwordTries(email string, from netip.Addr, known *Device) []guessCount {
	if known != nil {
		return []guessCount{{l.devices, digestKey(known.Digest)}}
	}
	return []guessCount{{l.addresses, networkOf(from)}, {l.strangers, email}}
}

// codeTries are the counts of a guess at a second factor. Who gets here has the
// password, and must not lock out the user with it either.
func (l *signInLimits) codeTries(userID string, known *Device) []guessCount {
	if known != nil {
		return []guessCount{{l.codes, userID + digestKey(known.Digest)}}
	}
	return []guessCount{{l.codes, userID}}
}

func digestKey(d token.Digest) string { return hex.EncodeToString(d[:]) }

// networkOf is whom an address belongs to: an IPv6 subscriber has a network of
// 64 bits. All that are not known are one.
func networkOf(addr netip.Addr) string {
	bits := 64
	if addr = addr.Unmap(); addr.Is4() {
		bits = 32
	}
	p, err := addr.WithZone("").Prefix(bits)
	if err != nil {
		return ""
	}
	return p.String()
}
