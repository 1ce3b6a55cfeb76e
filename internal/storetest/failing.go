package storetest

import (
	"context"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/token"
)

// Failing is a store that fails on purpose. Until it is told to, it does what the store
// inside does. Its methods may be called while others use it.
type Failing struct {
	switches
	store authority.Store
}

var _ authority.Store = (*Failing)(nil)

// NewFailing wraps a store.
func NewFailing(s authority.Store) *Failing { return &Failing{store: s} }

// Write implements [authority.Store].
func (f *Failing) Write(ctx context.Context, do func(context.Context, authority.Tx) error) error {
	if err := f.write("Write"); err != nil {
		return err
	}
	err := f.store.Write(ctx, func(ctx context.Context, tx authority.Tx) error {
		if err := do(ctx, &failingTx{tx, &f.switches}); err != nil {
			return err
		}
		return f.failed(&f.commit)
	})
	if err != nil {
		return err
	}
	return f.failed(&f.answer)
}

// TouchTokens implements [authority.Store].
func (f *Failing) TouchTokens(ctx context.Context, uses []authority.TokenUse) error {
	if err := f.write("TouchTokens"); err != nil {
		return err
	}
	return f.store.TouchTokens(ctx, uses)
}

// TokenToCheck implements [authority.Store].
func (f *Failing) TokenToCheck(ctx context.Context, d token.Digest) (authority.Token, error) {
	return paused(ctx, &f.switches, "TokenToCheck", func() (authority.Token, error) { return f.store.TokenToCheck(ctx, d) })
}

// TokenByDigest implements [authority.Reader].
func (f *Failing) TokenByDigest(ctx context.Context, d token.Digest) (authority.Token, error) {
	return paused(ctx, &f.switches, "TokenByDigest", func() (authority.Token, error) { return f.store.TokenByDigest(ctx, d) })
}

// Token implements [authority.Reader].
func (f *Failing) Token(ctx context.Context, owner authority.Owner, id string) (authority.Token, error) {
	return paused(ctx, &f.switches, "Token", func() (authority.Token, error) { return f.store.Token(ctx, owner, id) })
}

// TokenStanding implements [authority.Reader].
func (f *Failing) TokenStanding(ctx context.Context, owner authority.Owner, id string) (authority.TokenStanding, error) {
	return paused(ctx, &f.switches, "TokenStanding", func() (authority.TokenStanding, error) { return f.store.TokenStanding(ctx, owner, id) })
}

// Tokens implements [authority.Reader].
func (f *Failing) Tokens(ctx context.Context, q authority.TokenQuery) (list []authority.Token, n int, err error) {
	list, err = paused(ctx, &f.switches, "Tokens", func() (list []authority.Token, err error) {
		list, n, err = f.store.Tokens(ctx, q)
		return list, err
	})
	return list, n, err
}

// User implements [authority.Reader].
func (f *Failing) User(ctx context.Context, id string) (authority.User, error) {
	return paused(ctx, &f.switches, "User", func() (authority.User, error) { return f.store.User(ctx, id) })
}

// UserByEmail implements [authority.Reader].
func (f *Failing) UserByEmail(ctx context.Context, email string) (authority.User, error) {
	return paused(ctx, &f.switches, "UserByEmail", func() (authority.User, error) { return f.store.UserByEmail(ctx, email) })
}

// UserByKey implements [authority.Reader].
func (f *Failing) UserByKey(ctx context.Context, d token.Digest) (authority.User, error) {
	return paused(ctx, &f.switches, "UserByKey", func() (authority.User, error) { return f.store.UserByKey(ctx, d) })
}

// UsersByID implements [authority.Reader].
func (f *Failing) UsersByID(ctx context.Context, ids []string) ([]authority.User, error) {
	return paused(ctx, &f.switches, "UsersByID", func() ([]authority.User, error) { return f.store.UsersByID(ctx, ids) })
}

// Memberships implements [authority.Reader].
func (f *Failing) Memberships(ctx context.Context, userID string) ([]authority.Membership, error) {
	return paused(ctx, &f.switches, "Memberships", func() ([]authority.Membership, error) { return f.store.Memberships(ctx, userID) })
}

// Users implements [authority.Reader].
func (f *Failing) Users(ctx context.Context) ([]authority.User, error) {
	return paused(ctx, &f.switches, "Users", func() ([]authority.User, error) { return f.store.Users(ctx) })
}

// Membership implements [authority.Reader].
func (f *Failing) Membership(ctx context.Context, id string) (authority.Membership, error) {
	return paused(ctx, &f.switches, "Membership", func() (authority.Membership, error) { return f.store.Membership(ctx, id) })
}

// Members implements [authority.Reader].
func (f *Failing) Members(ctx context.Context, accountID string) ([]authority.Membership, error) {
	return paused(ctx, &f.switches, "Members", func() ([]authority.Membership, error) { return f.store.Members(ctx, accountID) })
}

// ResourceGroups implements [authority.Reader].
func (f *Failing) ResourceGroups(ctx context.Context, accountID string) ([]authority.ResourceGroup, error) {
	return paused(ctx, &f.switches, "ResourceGroups", func() ([]authority.ResourceGroup, error) { return f.store.ResourceGroups(ctx, accountID) })
}

// Link implements [authority.Reader].
func (f *Failing) Link(ctx context.Context, d token.Digest) (authority.Link, error) {
	return paused(ctx, &f.switches, "Link", func() (authority.Link, error) { return f.store.Link(ctx, d) })
}

// Links implements [authority.Reader].
func (f *Failing) Links(ctx context.Context, userID string, kind authority.LinkKind) ([]authority.Link, error) {
	return paused(ctx, &f.switches, "Links", func() ([]authority.Link, error) { return f.store.Links(ctx, userID, kind) })
}

// Device implements [authority.Reader].
func (f *Failing) Device(ctx context.Context, d token.Digest) (authority.Device, error) {
	return paused(ctx, &f.switches, "Device", func() (authority.Device, error) { return f.store.Device(ctx, d) })
}

// Devices implements [authority.Reader].
func (f *Failing) Devices(ctx context.Context, userID string) ([]authority.Device, error) {
	return paused(ctx, &f.switches, "Devices", func() ([]authority.Device, error) { return f.store.Devices(ctx, userID) })
}

// SecondFactor implements [authority.Reader].
func (f *Failing) SecondFactor(ctx context.Context, userID string) (authority.SecondFactor, error) {
	return paused(ctx, &f.switches, "SecondFactor", func() (authority.SecondFactor, error) { return f.store.SecondFactor(ctx, userID) })
}

// RecoveryCodes implements [authority.Reader].
func (f *Failing) RecoveryCodes(ctx context.Context, userID string) (int, error) {
	return paused(ctx, &f.switches, "RecoveryCodes", func() (int, error) { return f.store.RecoveryCodes(ctx, userID) })
}

// Account implements [authority.Reader].
func (f *Failing) Account(ctx context.Context, id string) (authority.Account, error) {
	return paused(ctx, &f.switches, "Account", func() (authority.Account, error) { return f.store.Account(ctx, id) })
}

// Accounts implements [authority.Reader].
func (f *Failing) Accounts(ctx context.Context, ids []string) ([]authority.Account, error) {
	return paused(ctx, &f.switches, "Accounts", func() ([]authority.Account, error) { return f.store.Accounts(ctx, ids) })
}

// Zone implements [authority.Reader].
func (f *Failing) Zone(ctx context.Context, id string) (authority.Zone, error) {
	return paused(ctx, &f.switches, "Zone", func() (authority.Zone, error) { return f.store.Zone(ctx, id) })
}

// ZonesByID implements [authority.Reader].
func (f *Failing) ZonesByID(ctx context.Context, ids []string) ([]authority.Zone, error) {
	return paused(ctx, &f.switches, "ZonesByID", func() ([]authority.Zone, error) { return f.store.ZonesByID(ctx, ids) })
}

// ZoneByName implements [authority.Reader].
func (f *Failing) ZoneByName(ctx context.Context, accountID, name string) (authority.Zone, error) {
	return paused(ctx, &f.switches, "ZoneByName", func() (authority.Zone, error) { return f.store.ZoneByName(ctx, accountID, name) })
}

// Zones implements [authority.Reader].
func (f *Failing) Zones(ctx context.Context, accountIDs []string, each func(authority.Zone) bool) error {
	_, err := paused(ctx, &f.switches, "Zones", func() (struct{}, error) { return struct{}{}, f.store.Zones(ctx, accountIDs, each) })
	return err
}

// Changes implements [authority.Store].
func (f *Failing) Changes(ctx context.Context, after int64, limit int) ([]authority.Change, error) {
	return paused(ctx, &f.switches, "Changes", func() ([]authority.Change, error) { return f.store.Changes(ctx, after, limit) })
}

// FeedHead implements [authority.Store].
func (f *Failing) FeedHead(ctx context.Context) (epoch string, seq int64, err error) {
	epoch, err = paused(ctx, &f.switches, "FeedHead", func() (epoch string, err error) {
		epoch, seq, err = f.store.FeedHead(ctx)
		return epoch, err
	})
	return epoch, seq, err
}

// Events implements [authority.Store].
func (f *Failing) Events(ctx context.Context, q authority.EventQuery, limit int) ([]authority.Event, error) {
	return paused(ctx, &f.switches, "Events", func() ([]authority.Event, error) { return f.store.Events(ctx, q, limit) })
}

// EventLog implements [authority.Store].
func (f *Failing) EventLog(ctx context.Context, q authority.LogQuery) ([]authority.LoggedEvent, error) {
	return paused(ctx, &f.switches, "EventLog", func() ([]authority.LoggedEvent, error) { return f.store.EventLog(ctx, q) })
}

// CountEvents implements [authority.Store].
func (f *Failing) CountEvents(ctx context.Context, q authority.LogQuery, most int) (int, error) {
	return paused(ctx, &f.switches, "CountEvents", func() (int, error) { return f.store.CountEvents(ctx, q, most) })
}

// EventHead implements [authority.Store].
func (f *Failing) EventHead(ctx context.Context) (int64, error) {
	return paused(ctx, &f.switches, "EventHead", func() (int64, error) { return f.store.EventHead(ctx) })
}

// PruneEvents implements [authority.Store].
func (f *Failing) PruneEvents(ctx context.Context, before time.Time, limit int) (int, error) {
	if err := f.write("PruneEvents"); err != nil {
		return 0, err
	}
	return f.store.PruneEvents(ctx, before, limit)
}

// RecordUsage implements [authority.Store].
func (f *Failing) RecordUsage(ctx context.Context, b authority.UsageBatch) error {
	if err := f.write("RecordUsage"); err != nil {
		return err
	}
	return f.store.RecordUsage(ctx, b)
}

// TokenUsage implements [authority.Store].
func (f *Failing) TokenUsage(ctx context.Context, id string, since time.Time, limit int) (authority.Usage, error) {
	return paused(ctx, &f.switches, "TokenUsage", func() (authority.Usage, error) { return f.store.TokenUsage(ctx, id, since, limit) })
}

// PruneUsage implements [authority.Store].
func (f *Failing) PruneUsage(ctx context.Context, before time.Time, limit int) (int, error) {
	if err := f.write("PruneUsage"); err != nil {
		return 0, err
	}
	return f.store.PruneUsage(ctx, before, limit)
}

// FindTokens implements [authority.Store].
func (f *Failing) FindTokens(ctx context.Context, s authority.TokenSearch) (list []authority.Token, n int, err error) {
	list, err = paused(ctx, &f.switches, "FindTokens", func() (list []authority.Token, err error) {
		list, n, err = f.store.FindTokens(ctx, s)
		return list, err
	})
	return list, n, err
}

// CountTokens implements [authority.Store].
func (f *Failing) CountTokens(ctx context.Context, owner authority.Owner, creatorID string, now time.Time) (authority.TokenCounts, error) {
	return paused(ctx, &f.switches, "CountTokens", func() (authority.TokenCounts, error) {
		return f.store.CountTokens(ctx, owner, creatorID, now)
	})
}
