package authority

import "context"

// CreatedTokens counts the tokens of an account that a member of it created:
// what goes on working when the member is gone. Who reaches an account's tokens
// as their creator only is told of those.
func (a *Authority) CreatedTokens(ctx context.Context, c Caller, accountID, memberID string) (TokenCounts, error) {
	o := Owner{Kind: OwnerAccount, ID: accountID}
	if err := a.mayTokens(ctx, &c, o, OpUserTokenList, OpAcctTokenList); err != nil {
		return TokenCounts{}, err
	}
	m, err := a.Member(ctx, c, accountID, memberID)
	if err != nil {
		return TokenCounts{}, err
	}
	if only := a.creatorOnly(&c, o); only != "" && only != m.UserID {
		return TokenCounts{}, nil
	}
	n, err := a.store.CountTokens(ctx, o, m.UserID, c.now)
	return n, storeError("count the tokens that a member created", err)
}
