package authority

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// invitationLife is how long an invitation can be accepted.
const invitationLife = 7 * 24 * time.Hour

// Invited is a new member, and the link by which somebody who was not a user
// yet becomes one.
type Invited struct {
	Member Member
	Link   Sent
}

// Invite adds a member to an account. Who is a user already finds the
// invitation among their memberships; for anyone else a user without a password
// is made, and a link to set one.
//
// With StatusAccepted nobody is asked, which only a Super Administrator may do.
// An invitation that was rejected or not answered is replaced by the new one; one
// that makes a Super Administrator, only by one.
//
// Errors: as UpdateMember; CodeExists for who is a member; CodeQuota.
func (a *Authority) Invite(ctx context.Context, c Caller, accountID string, d MemberDraft) (Invited, error) {
	if err := a.may(ctx, &c, OpMemberAdd, a.kinds.accountPath(accountID)); err != nil {
		return Invited{}, err
	}
	if err := a.checkInvitation(ctx, accountID, &d); err != nil {
		return Invited{}, err
	}
	m := Membership{
		ID: newID(), AccountID: accountID, Roles: d.Roles, Policies: withIDs(d.Policies, nil), Status: d.Status,
		APIAccess: d.APIAccess, InvitedBy: c.Email(), CreatedOn: c.now.UTC(), Version: 1,
	}
	judged, err := a.memberCeiling(ctx, &c, nil, &m)
	notSuper := a.holdsAll(ctx, &c, accountID)
	if err == nil && m.Status == MembershipAccepted {
		err = notSuper
	}
	if err != nil {
		return Invited{}, err
	}
	var row Membership
	var link *newLink
	err = a.write(ctx, &c, "invite a member", func(ctx context.Context, tx *txn) error {
		if err := judged.still(ctx, tx); err != nil {
			return err
		}
		row = m // this may run again
		made, err := a.insertInvitation(ctx, tx, &c, &row, d.Email, notSuper)
		link = made
		return err
	})
	if err != nil {
		return Invited{}, err
	}
	out := Invited{}
	if out.Member, err = a.member(ctx, row); err != nil {
		return Invited{}, err
	}
	out.Link = a.send(ctx, link, d.Email)
	if link == nil && row.Status == MembershipPending {
		a.tell(ctx, d.Email, "You are invited to an account",
			"You are invited to an account. Sign in, or call PUT /memberships/"+row.ID+", to accept or reject.")
	}
	return out, nil
}

// insertInvitation writes a membership of the user of an address, and a link for
// who is none yet. notSuper is as in putInvitation.
func (a *Authority) insertInvitation(ctx context.Context, tx *txn, c *Caller, m *Membership, email string, notSuper error) (*newLink, error) {
	u, err := a.userToInvite(ctx, tx, c, email)
	if err != nil {
		return nil, err
	}
	m.UserID = u.ID
	if err := putInvitation(ctx, tx, c, m, notSuper); err != nil || u.PasswordHash != "" || u.HasKey || !a.mayLink(c) {
		return nil, err
	}
	link := newLinkOf(LinkInvitation, u.ID, m.ID, c.now, invitationLife)
	return link, tx.InsertLink(ctx, link.Link)
}

func (a *Authority) checkInvitation(ctx context.Context, accountID string, d *MemberDraft) error {
	d.Email = normalEmail(d.Email)
	var faults []policy.Fault
	if problem := emailProblem(d.Email); problem != "" {
		faults = append(faults, policy.Fault{Pointer: "/email", Message: problem})
	}
	switch d.Status {
	case "":
		d.Status = MembershipPending
	case MembershipPending, MembershipAccepted:
	default:
		faults = append(faults, policy.Fault{Pointer: "/status", Message: `status must be "pending" or "accepted"`})
	}
	err := a.checkMember(ctx, accountID, d)
	var own *Error
	if errors.As(err, &own) && own.Code == CodeInvalid {
		faults = append(faults, own.Faults...)
	} else if err != nil {
		return err
	}
	if len(faults) > 0 {
		return invalid(faults)
	}
	return nil
}

// emailProblem is what keeps a string from being an address that mail can be
// sent to, "" for a good one. It is not for more: whose it is shows when the
// mail arrives.
func emailProblem(s string) string {
	name, host, ok := strings.Cut(s, "@")
	bad := strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '<' || r == '>' || r == ',' || r == '"' })
	if !ok || name == "" || host == "" || bad || strings.Contains(host, "@") || len(s) > maxEmail {
		return "email must be an address, such as alice@example.com"
	}
	return ""
}

// maxEmail is the longest address that is taken (contract 1.4).
const maxEmail = 90

// userToInvite finds the user of an address, or makes one without a password.
func (a *Authority) userToInvite(ctx context.Context, tx *txn, c *Caller, email string) (User, error) {
	u, err := tx.UserByEmail(ctx, email)
	if err == nil {
		return u, nil
	}
	if !errors.Is(err, ErrNotFound) {
		return u, fmt.Errorf("look for a user: %w", err)
	}
	if !a.mayLink(c) {
		return u, invalid([]policy.Fault{{Pointer: "/email", Message: "nobody has this address, and no mail server is configured that could show whose it is: " +
			"ask whoever runs the server for tokenward user create, or to start it with --smtp-addr or --invite-links"}})
	}
	u = User{ID: newID(), Email: email, CreatedOn: c.now.UTC(), ModifiedOn: c.now.UTC(), Version: 1}
	return u, insertUser(ctx, tx, c, u)
}

// mayLink reports whether an invitation's link may be made: it goes to the
// address by mail, or to somebody who may be trusted with being that user.
// Anybody can have an account of their own and invite any address to it.
func (a *Authority) mayLink(c *Caller) bool {
	return a.mailer != nil || a.handLinks || c.context == BySystem
}

// putInvitation writes a membership, over one that was not accepted. notSuper is
// the answer to a caller who is not Super Administrator and would replace what
// invites one, nil for a caller who is.
func putInvitation(ctx context.Context, tx *txn, c *Caller, m *Membership, notSuper error) error {
	members, err := tx.Members(ctx, m.AccountID)
	if err != nil {
		return fmt.Errorf("read the members: %w", err)
	}
	for _, old := range members {
		if old.UserID != m.UserID {
			continue
		}
		if old.Status == MembershipAccepted {
			return &Error{Code: CodeExists, Message: "this user is a member of the account already"}
		}
		if old.holdsSuper() && notSuper != nil {
			return notSuper
		}
		if old.APIAccess != m.APIAccess && m.APIAccess == Unset {
			m.APIAccess = old.APIAccess // only a Super Administrator changes it
		}
		m.ID, m.Version = old.ID, old.Version
		if err := tx.UpdateMembership(ctx, *m); err != nil {
			return fmt.Errorf("update membership %s: %w", m.ID, err)
		}
		m.Version++
		return tx.memberChanged(ctx, c.memberEvent("member_add", "update", &old, m), m.UserID)
	}
	if len(members) >= MaxMembers {
		return quota("members and invitations of an account", MaxMembers)
	}
	theirs, err := tx.Memberships(ctx, m.UserID)
	if err != nil {
		return fmt.Errorf("read the user's memberships: %w", err)
	}
	if len(theirs) >= MaxAccountsOfPerson {
		return quota("accounts of a user", MaxAccountsOfPerson)
	}
	if err := tx.InsertMembership(ctx, *m); err != nil {
		return fmt.Errorf("insert membership: %w", err)
	}
	return tx.memberChanged(ctx, c.memberEvent("member_add", "create", nil, m), m.UserID)
}

func quota(what string, limit int) error {
	return &Error{Code: CodeQuota, Message: fmt.Sprintf("the limit of %d %s is reached", limit, what)}
}

// newLink is a link with its secret, which is in no other place.
type newLink struct {
	Link
	secret token.Secret
}

// linkFormat gives the secrets of links a prefix of their own, so that none is
// taken for a token's.
var linkFormat = mustFormat("link")

func mustFormat(prefix string) token.Format {
	f, err := token.NewFormat(prefix)
	if err != nil {
		panic(err) // the prefix is a constant
	}
	return f
}

func newLinkOf(kind LinkKind, userID, membershipID string, now time.Time, life time.Duration) *newLink {
	secret := linkFormat.New(token.User)
	return &newLink{secret: secret, Link: Link{
		Digest: secret.Digest(), Kind: kind, UserID: userID, MembershipID: membershipID,
		CreatedOn: now.UTC(), ExpiresOn: now.Add(life).UTC(),
	}}
}
