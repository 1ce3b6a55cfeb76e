package authority

import "github.com/tokenward/tokenward/internal/policy"

// ownPassword checks the password of the caller's own user, which is asked for
// beside the credential. Wrong ones are counted before they are looked at, so that
// no more are hashed than may be; a right one does not count.
//
// Whoever stole a key counts apart from the user's sessions, and cannot keep them
// from changing what was stolen.
//
// Errors: CodeInvalid with the pointer given; CodeTooMany.
func (a *Authority) ownPassword(c *Caller, u *User, password, pointer string) error {
	count := guessCount{a.limits.persons, u.ID}
	if c.context == ByKey {
		count.of = a.limits.keys
	}
	right, err := a.guess(count)
	if err != nil {
		return err
	}
	if len(password) > MaxPassword || !CheckPassword(u.PasswordHash, password) {
		return invalid([]policy.Fault{{Pointer: pointer, Message: "password is not the user's password"}})
	}
	right()
	return nil
}
