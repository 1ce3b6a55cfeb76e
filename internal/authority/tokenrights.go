package authority

import (
	"context"
	"errors"
)

// TokenRights are what a caller may do with an owner's tokens. That the ceiling
// allows it for each token is not said.
type TokenRights struct{ Create, Update, Roll, Delete bool }

// TokenRights says which of the verbs the caller may try, for pages that leave
// out what cannot be done.
func (a *Authority) TokenRights(ctx context.Context, c Caller, o Owner) (TokenRights, error) {
	var out TokenRights
	if err := c.stands(); err != nil {
		return out, err
	}
	for _, r := range []struct {
		may           *bool
		user, account string
	}{
		{&out.Create, OpUserTokenCreate, OpAcctTokenCreate},
		{&out.Update, OpUserTokenUpdate, OpAcctTokenUpdate},
		{&out.Roll, OpUserTokenRoll, OpAcctTokenRoll},
		{&out.Delete, OpUserTokenDelete, OpAcctTokenDelete},
	} {
		err := a.mayTokens(ctx, &c, o, r.user, r.account)
		if own := (*Error)(nil); err != nil && (!errors.As(err, &own) || own.Code != CodeForbidden) {
			return TokenRights{}, err
		}
		*r.may = err == nil
	}
	return out, nil
}
