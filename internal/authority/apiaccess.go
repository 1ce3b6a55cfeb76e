package authority

import "context"

// Bool is true for On, false for Off and nil for Unset.
func (c Choice) Bool() *bool {
	if c == Unset {
		return nil
	}
	on := c == On
	return &on
}

// keepsOwnAccess keeps a caller from switching off the very credential it uses:
// by API nobody could switch it on again.
func (a *Authority) keepsOwnAccess(ctx context.Context, c *Caller, before, after *Membership) error {
	if c.person == nil || c.context == BySession || c.person.id != after.UserID || before.APIAccess == after.APIAccess {
		return nil
	}
	off := after.APIAccess == Off
	if after.APIAccess == Unset {
		acct, err := a.store.Account(ctx, after.AccountID)
		if err != nil {
			return rowError("account", "read account", err)
		}
		off = acct.APIOff
	}
	if !off {
		return nil
	}
	return &Error{Code: CodeInvalid, Message: ownAccess}
}

const ownAccess = "this would switch off the credential that asks for it; let another Super Administrator do it, or switch your own API access on first"

// maySwitchAPI: only a Super Administrator, and not so that the caller's own
// credential stops working.
func (a *Authority) maySwitchAPI(ctx context.Context, c *Caller, acct *Account) error {
	if err := a.holdsAll(ctx, c, acct.ID); err != nil {
		return err
	}
	if !acct.APIOff || c.person == nil || c.context == BySession {
		return nil
	}
	theirs, err := a.store.Memberships(ctx, c.person.id)
	if err != nil {
		return storeError("read memberships", err)
	}
	for _, m := range theirs {
		if m.AccountID == acct.ID && m.APIAccess == On {
			return nil
		}
	}
	return &Error{Code: CodeInvalid, Message: ownAccess}
}
