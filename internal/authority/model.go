package authority

import (
	"time"

	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// Ids are 32 lowercase hex digits. Times are UTC with microseconds at most; the
// zero time is "not set".

// OwnerKind tells user tokens from account-owned tokens.
type OwnerKind uint8

// The two kinds of owner.
const (
	OwnerNone OwnerKind = iota
	OwnerUser
	OwnerAccount
)

// Owner is whose token it is: a user, for whom it acts, or an account, whose
// service principal it is.
type Owner struct {
	Kind OwnerKind
	ID   string
}

// Status is a token's stored status. That a token has expired is not stored but
// follows from its dates.
type Status string

// The statuses (contract 3.1).
const (
	StatusActive   Status = "active"
	StatusDisabled Status = "disabled"
	StatusExpired  Status = "expired"
	// StatusExposed is of a token whose secret was found in public (contract
	// 7.1). Only a roll, which gives it another secret, ends it.
	StatusExposed Status = "revoked (exposed)"
)

// Token is the record of a token. It holds the digest of the secret, never the
// secret.
type Token struct {
	ID         string
	Owner      Owner
	Name       string // 1 to 120 characters
	Status     Status // StatusActive, StatusDisabled or StatusExposed
	Policies   []policy.Policy
	Condition  policy.Condition
	RateLimit  RateLimit
	NotBefore  time.Time
	ExpiresOn  time.Time
	IssuedOn   time.Time // whole seconds
	ModifiedOn time.Time // whole seconds
	LastUsedOn time.Time
	ExposedOn  time.Time // when it became StatusExposed, else zero
	// CreatorID and CreatorEmail name who created an account-owned token, as
	// they were at that time.
	CreatorID    string
	CreatorEmail string
	Digest       token.Digest
	Version      int64 // counts changes, from 1
}

// StatusAt is the status as the world sees it at a time.
func (t *Token) StatusAt(now time.Time) Status {
	return statusAt(t.Status, t.ExpiresOn, now)
}

// statusAt: from the instant of expiresOn on a token is refused (contract 3.1).
func statusAt(s Status, expiresOn, now time.Time) Status {
	if s == StatusActive && !expiresOn.IsZero() && !now.Before(expiresOn) {
		return StatusExpired
	}
	return s
}

// TokenStanding is what says of a token whether it is what it was a moment ago. It
// is read with each change that its holder makes, without the policies, of which
// there may be many.
type TokenStanding struct {
	Digest    token.Digest
	Status    Status
	ExpiresOn time.Time
	Version   int64
}

// User is a person.
type User struct {
	ID           string
	Email        string // unique, lower case
	FirstName    string
	LastName     string
	Telephone    string
	Country      string
	Zipcode      string
	PasswordHash string // argon2id in PHC form; "" when none is set
	KeyDigest    token.Digest
	HasKey       bool
	KeyOff       bool // API keys are switched off for this user: the one there is does not work
	Suspended    bool
	Epoch        int64 // sessions hold the one they were made with; moving it ends them all
	CreatedOn    time.Time
	ModifiedOn   time.Time
	Version      int64
}

// Account holds zones, members and account-owned tokens.
type Account struct {
	ID         string
	Name       string
	Type       string // "standard" or "enterprise"
	CreatedOn  time.Time
	ModifiedOn time.Time
	// APIOff keeps the tokens and keys of members from working here, but for
	// members whose own APIAccess says otherwise (contract 4.6).
	APIOff       bool
	AbuseContact string // an e-mail address, "" for none
	Version      int64
}

// MembershipStatus is where an invitation stands.
type MembershipStatus string

// The membership statuses. Only an accepted membership gives anything.
const (
	MembershipPending  MembershipStatus = "pending"
	MembershipAccepted MembershipStatus = "accepted"
	MembershipRejected MembershipStatus = "rejected"
)

// Membership gives a user roles in an account, and what its policies say.
type Membership struct {
	ID        string
	UserID    string
	AccountID string
	Roles     []string // role ids; each acts on the whole account
	Policies  []MemberPolicy
	Status    MembershipStatus
	APIAccess Choice // whether the member's tokens and keys work here; Unset is as the account says
	InvitedBy string // e-mail address of who invited, "" when nobody did
	CreatedOn time.Time
	Version   int64
}

// MemberPolicy gives or takes away roles on parts of an account (contract 3.4,
// last line). Denies win, as in tokens.
type MemberPolicy struct {
	ID             string
	Effect         policy.Effect
	Groups         []string // member permission groups, which are roles
	ResourceGroups []string // ids of resource groups of the account
}

// Choice is a switch that may be left to somebody else's default.
type Choice uint8

// The choices.
const (
	Unset Choice = iota
	On
	Off
)

// ResourceGroup is a named part of an account, for member policies.
type ResourceGroup struct {
	ID         string
	AccountID  string
	Name       string
	Objects    []string // resource keys in the account, or "*" for all of it
	CreatedOn  time.Time
	ModifiedOn time.Time
	Version    int64
}

// Link is a way in that works once and for some time: whoever shows the secret
// that has this digest may set the password of a user who has none, or who lost
// theirs.
type Link struct {
	Digest       token.Digest
	Kind         LinkKind
	UserID       string
	MembershipID string // of an invitation to an account, "" without one
	CreatedOn    time.Time
	ExpiresOn    time.Time
}

// LinkKind is what a link is for.
type LinkKind string

// The kinds of links.
const (
	LinkInvitation    LinkKind = "invitation"
	LinkPasswordReset LinkKind = "password_reset"
)

// Device is a browser in which a user has signed in before: whoever shows the
// secret that has this digest is not kept waiting for what strangers guess.
type Device struct {
	Digest    token.Digest
	UserID    string
	CreatedOn time.Time
	ExpiresOn time.Time
}

// SecondFactor is a user's authenticator app (RFC 6238). Its secret must be had
// again to check a code, so it is sealed under a key that is not in the store.
type SecondFactor struct {
	UserID      string
	Sealed      []byte
	LastStep    int64 // of the last code that was taken: none up to it is taken again
	CreatedOn   time.Time
	ConfirmedOn time.Time // zero: begun, and not on
	Version     int64
}

// On says that the second factor is asked for.
func (f *SecondFactor) On() bool { return !f.ConfirmedOn.IsZero() }

// Zone is a DNS zone of an account.
type Zone struct {
	ID          string
	AccountID   string
	AccountName string // not stored with the zone: the authority fills it in
	Name        string // lower case, no trailing dot
	Type        string // "full", "partial" or "secondary"
	Status      string // "active", "pending", "initializing" or "moved"
	Paused      bool
	NameServers []string
	// VanityNameServers are what the owner shows instead; none unless set.
	VanityNameServers []string
	CreatedOn         time.Time
	ModifiedOn        time.Time
	ActivatedOn       time.Time
	Version           int64
}
