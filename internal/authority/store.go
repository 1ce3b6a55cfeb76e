package authority

import (
	"context"
	"errors"
	"time"

	"github.com/tokenward/tokenward/internal/token"
)

// Errors that a Store returns, possibly wrapped. Any other error means that the
// store could not answer.
var (
	// ErrNotFound: there is no such row.
	ErrNotFound = errors.New("not found")
	// ErrConflict: the row was changed since it was read (its Version moved).
	ErrConflict = errors.New("changed by someone else at the same time")
	// ErrExists: a unique value is taken (an id, a digest, an e-mail address, a
	// zone's name in its account, a membership).
	ErrExists = errors.New("already exists")
)

// Reader reads rows. A row that is not there is ErrNotFound; lists are empty,
// not nil errors.
type Reader interface {
	TokenByDigest(ctx context.Context, d token.Digest) (Token, error)
	Token(ctx context.Context, owner Owner, id string) (Token, error)
	// TokenStanding is a part of what Token reads.
	TokenStanding(ctx context.Context, owner Owner, id string) (TokenStanding, error)
	// Tokens gives a page of an owner's tokens and how many there are in all.
	Tokens(ctx context.Context, q TokenQuery) ([]Token, int, error)

	User(ctx context.Context, id string) (User, error)
	UserByEmail(ctx context.Context, email string) (User, error)
	// UserByKey finds whose API key has a digest.
	UserByKey(ctx context.Context, d token.Digest) (User, error)
	// UsersByID are those with the ids given, in no order. An id without a user
	// is left out.
	UsersByID(ctx context.Context, ids []string) ([]User, error)
	// Users are all there are, ordered by e-mail address.
	Users(ctx context.Context) ([]User, error)
	// Memberships are a user's, in every status, oldest first.
	Memberships(ctx context.Context, userID string) ([]Membership, error)
	Membership(ctx context.Context, id string) (Membership, error)
	// Members are an account's memberships, in every status, oldest first.
	Members(ctx context.Context, accountID string) ([]Membership, error)
	// ResourceGroups are an account's, ordered by name, then id.
	ResourceGroups(ctx context.Context, accountID string) ([]ResourceGroup, error)
	// Link finds a link by the digest of its secret.
	Link(ctx context.Context, d token.Digest) (Link, error)
	// Links are a user's links of one kind, oldest first.
	Links(ctx context.Context, userID string, kind LinkKind) ([]Link, error)

	// Device finds a device by the digest of its secret.
	Device(ctx context.Context, d token.Digest) (Device, error)
	// Devices are a user's, oldest first.
	Devices(ctx context.Context, userID string) ([]Device, error)
	// SecondFactor is a user's, also one that is not on.
	SecondFactor(ctx context.Context, userID string) (SecondFactor, error)
	// RecoveryCodes is how many a user has left.
	RecoveryCodes(ctx context.Context, userID string) (int, error)

	Account(ctx context.Context, id string) (Account, error)
	// Accounts are those with the ids given, ordered by name, then id.
	Accounts(ctx context.Context, ids []string) ([]Account, error)

	Zone(ctx context.Context, id string) (Zone, error)
	// ZonesByID are those with the ids given, in no order. An id without a zone is
	// left out.
	ZonesByID(ctx context.Context, ids []string) ([]Zone, error)
	// ZoneByName finds a zone of an account; accountID "" looks in all accounts.
	ZoneByName(ctx context.Context, accountID, name string) (Zone, error)
	// Zones calls each for the zones of the accounts, ordered by name, then id,
	// until it returns false. It holds no lock while each runs.
	Zones(ctx context.Context, accountIDs []string, each func(Zone) bool) error
}

// Tx changes rows. Updates and deletes compare the row's Version with the one
// given and answer ErrConflict when it moved; an update stores Version+1.
type Tx interface {
	Reader

	InsertToken(ctx context.Context, t Token) error
	UpdateToken(ctx context.Context, t Token) error
	DeleteToken(ctx context.Context, id string, version int64) error

	InsertUser(ctx context.Context, u User) error
	UpdateUser(ctx context.Context, u User) error
	// DeleteUser deletes a user who has no memberships, with what they sign in by:
	// links, devices, second factor and recovery codes.
	DeleteUser(ctx context.Context, id string, version int64) error
	InsertAccount(ctx context.Context, a Account) error
	UpdateAccount(ctx context.Context, a Account) error
	// DeleteAccount deletes an account that has no zones, memberships, resource
	// groups and tokens any more.
	DeleteAccount(ctx context.Context, id string, version int64) error
	InsertMembership(ctx context.Context, m Membership) error
	UpdateMembership(ctx context.Context, m Membership) error
	DeleteMembership(ctx context.Context, id string, version int64) error
	InsertResourceGroup(ctx context.Context, g ResourceGroup) error
	UpdateResourceGroup(ctx context.Context, g ResourceGroup) error
	DeleteResourceGroup(ctx context.Context, id string, version int64) error
	InsertLink(ctx context.Context, l Link) error
	// DeleteLink answers ErrConflict when there is no such link any more, so
	// that of two who use it at once one wins.
	DeleteLink(ctx context.Context, d token.Digest) error

	InsertDevice(ctx context.Context, d Device) error
	DeleteDevice(ctx context.Context, d token.Digest) error
	InsertSecondFactor(ctx context.Context, f SecondFactor) error
	UpdateSecondFactor(ctx context.Context, f SecondFactor) error
	// DeleteSecondFactor deletes a user's second factor and recovery codes.
	DeleteSecondFactor(ctx context.Context, userID string, version int64) error
	InsertRecoveryCode(ctx context.Context, userID string, d token.Digest) error
	// DeleteRecoveryCode answers ErrConflict when there is no such code any
	// more, so that of two who use it at once one wins.
	DeleteRecoveryCode(ctx context.Context, userID string, d token.Digest) error
	DeleteRecoveryCodes(ctx context.Context, userID string) error

	InsertZone(ctx context.Context, z Zone) error
	UpdateZone(ctx context.Context, z Zone) error
	// DeleteZone deletes the zone and its records.
	DeleteZone(ctx context.Context, id string, version int64) error

	AppendEvent(ctx context.Context, e Event) error
	AppendChange(ctx context.Context, kind ChangeKind, key string) error
}

// Store keeps the rows.
type Store interface {
	Reader

	// TokenToCheck is TokenByDigest with what a check needs to know of a token:
	// without when it was issued, modified and exposed, and who created it.
	TokenToCheck(ctx context.Context, d token.Digest) (Token, error)

	// Write runs f in one transaction and returns once what f did is on disk,
	// or undone. An error of f is returned as it is, with everything undone. f
	// may run more than once, and must do nothing but call its Tx.
	Write(ctx context.Context, f func(context.Context, Tx) error) error

	// Changes gives the entries of the feed after a number, in order, at most
	// limit of them.
	Changes(ctx context.Context, after int64, limit int) ([]Change, error)
	// FeedHead is the number of the feed's last entry and the feed's epoch,
	// which is another one after a restore.
	FeedHead(ctx context.Context) (epoch string, seq int64, err error)

	// TouchTokens sets LastUsedOn where it is older. It writes no event.
	TouchTokens(ctx context.Context, uses []TokenUse) error

	// RecordUsage adds to what is kept of the use of tokens, within the bounds
	// (MaxAllowedUses and the others). What is of a token that is not there is
	// left out, and a token that is deleted takes its usage with it.
	RecordUsage(ctx context.Context, b UsageBatch) error
	// TokenUsage is what is kept of the use of a token since a day began, with at
	// most limit of its uses.
	TokenUsage(ctx context.Context, tokenID string, since time.Time, limit int) (Usage, error)
	// PruneUsage deletes what is kept of uses, addresses and denials before a
	// time, at most limit of each, and says how many of the sort of which there
	// were most.
	PruneUsage(ctx context.Context, before time.Time, limit int) (int, error)

	// FindTokens gives a page of an owner's tokens, and how many match in all.
	FindTokens(ctx context.Context, s TokenSearch) ([]Token, int, error)
	// CountTokens counts an owner's tokens at a time; with a creator, those that
	// they created.
	CountTokens(ctx context.Context, owner Owner, creatorID string, now time.Time) (TokenCounts, error)

	// Events gives the newest events that match, newest first, at most limit.
	Events(ctx context.Context, q EventQuery, limit int) ([]Event, error)
	// EventLog gives events of one log by number. A number is given as its event
	// is written, and no event becomes visible after one with a higher number.
	EventLog(ctx context.Context, q LogQuery) ([]LoggedEvent, error)
	// CountEvents counts the events that EventLog would give without its limit and
	// offset, up to most of them.
	CountEvents(ctx context.Context, q LogQuery, most int) (int, error)
	// EventHead is the highest number in all logs, 0 for none.
	EventHead(ctx context.Context) (int64, error)
	// PruneEvents deletes the oldest events before a time, at most limit of
	// them, and says how many.
	PruneEvents(ctx context.Context, before time.Time, limit int) (int, error)
}

// TokenQuery selects a page of an owner's tokens, ordered by IssuedOn, then id.
type TokenQuery struct {
	Owner Owner
	// NotExpiredAt hides tokens that have expired by then; the zero time hides none.
	NotExpiredAt time.Time
	CreatorID    string // only those that this user created; "" for all
	Descending   bool
	Offset       int
	Limit        int
}

// TokenUse says when a token was last used.
type TokenUse struct {
	TokenID string
	At      time.Time
}

// EventQuery selects events; empty members select all.
type EventQuery struct {
	AccountID string
	UserID    string
	Action    string
}
