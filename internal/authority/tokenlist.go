package authority

import (
	"context"
	"time"
	"unicode/utf8"
)

// TokenSort is what a list of tokens is ordered by.
type TokenSort uint8

// The orders. Within the same value it is by id.
const (
	ByIssued  TokenSort = iota
	ByName              // letters A to Z without regard to case
	ByLastUse           // never used first
	ByExpiry            // no expiry last
	ByStatus            // as the statuses are spelled
)

// TokenFilter says which tokens to list. Empty members select all.
type TokenFilter struct {
	Search string // part of the name, letters A to Z without regard to case, or the beginning of the id
	// Status is one that StatusAt gives, or StatusNotYetValid; tokens that are
	// not valid yet are not among the active ones here.
	Status Status

	// Any of these leaves out what cannot be used any more, whatever its dates.
	ExpiringWithin time.Duration // expires within this time
	UnusedFor      time.Duration // used before, and not in this time; or issued before it and never used
	NeverUsed      bool
	NoExpiry       bool

	Sort          TokenSort
	Descending    bool
	Offset, Limit int
}

// StatusNotYetValid is what lists call an active token whose time has not come.
// It is a status of nothing else.
const StatusNotYetValid Status = "not yet valid"

// TokenSearch is a TokenFilter as a Store is asked: at a time, among an owner's
// tokens.
type TokenSearch struct {
	TokenFilter
	Owner     Owner
	CreatorID string // only those that this user created; "" for all
	Now       time.Time
}

// TokenCounts is how many tokens an owner has, in all and of each sort.
type TokenCounts struct {
	Total       int
	Active      int // valid now
	Disabled    int
	Expired     int
	NotYetValid int
	Exposed     int

	// Of those that are active or not valid yet:
	ExpiringIn30d int
	Unused90d     int // used before, and not for 90 days; or issued before that and never used
	NeverUsed     int
	NoExpiry      int
}

// Times that TokenCounts counts by.
const (
	ExpiringSoon = 30 * day
	UnusedLong   = 90 * day
)

const (
	maxTokenPage = 1000
	maxSearch    = 200 // characters
)

// ListTokens reads a page of an owner's tokens, and how many match in all. Who
// reaches an account's tokens as their creator only sees those.
//
// Errors: as Tokens; CodeInvalid for a search of more than 200 characters.
func (a *Authority) ListTokens(ctx context.Context, c Caller, o Owner, f TokenFilter) ([]Token, int, error) {
	if err := a.mayTokens(ctx, &c, o, OpUserTokenList, OpAcctTokenList); err != nil {
		return nil, 0, err
	}
	if utf8.RuneCountInString(f.Search) > maxSearch {
		return nil, 0, &Error{Code: CodeInvalid, Message: "the search is longer than 200 characters"}
	}
	f.Limit, f.Offset = min(max(f.Limit, 0), maxTokenPage), max(f.Offset, 0)
	list, n, err := a.store.FindTokens(ctx, TokenSearch{TokenFilter: f, Owner: o, CreatorID: a.creatorOnly(&c, o), Now: c.now})
	return list, n, storeError("list tokens", err)
}

// TokenCounts counts an owner's tokens now, with the same limits as ListTokens.
func (a *Authority) TokenCounts(ctx context.Context, c Caller, o Owner) (TokenCounts, error) {
	if err := a.mayTokens(ctx, &c, o, OpUserTokenList, OpAcctTokenList); err != nil {
		return TokenCounts{}, err
	}
	n, err := a.store.CountTokens(ctx, o, a.creatorOnly(&c, o), c.now)
	return n, storeError("count tokens", err)
}

// creatorOnly is the user to whose creations the caller's lists are limited, ""
// for no limit.
func (a *Authority) creatorOnly(c *Caller, o Owner) string {
	if a.ownOnly(c, o, tokenOp(o, OpUserTokenList, OpAcctTokenList)) {
		return c.UserID()
	}
	return ""
}
