package authority

import "context"

// SwitchToken enables or disables a token and changes nothing else of it; when it
// is so already, nothing is written.
//
// To enable it the caller must be able to give what the token gives, as for
// Update. To disable it the right to change tokens is enough, as for Revoke.
//
// Errors: as Update; CodeInvalid for a token whose secret was found in public,
// which only Roll makes usable again.
func (a *Authority) SwitchToken(ctx context.Context, c Caller, o Owner, id string, on bool) (Token, error) {
	if err := a.mayTokens(ctx, &c, o, OpUserTokenUpdate, OpAcctTokenUpdate); err != nil {
		return Token{}, err
	}
	before, err := a.tokenOf(ctx, &c, o, tokenOp(o, OpUserTokenUpdate, OpAcctTokenUpdate), id)
	if err != nil {
		return Token{}, err
	}
	after := before
	after.Status, after.ModifiedOn = StatusDisabled, seconds(c.now)
	if on {
		after.Status = StatusActive
	}
	if faults := checkStatus(after.Status, &before, c.now); len(faults) > 0 {
		return Token{}, invalid(faults)
	}
	if after.Status == before.Status {
		return before, nil
	}
	if on {
		rules, err := a.worldOf(&c).rules(&before)
		if err != nil {
			return Token{}, err
		}
		if err := a.ceiling(ctx, &c, o, rules); err != nil {
			return Token{}, err
		}
	}
	err = a.replace(ctx, &c, "switch a token", &before, &after, c.NewEvent("token_update", "update"))
	return after, err
}
