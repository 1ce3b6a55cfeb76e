package authority

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// Bootstrap says who the first user is to be.
type Bootstrap struct {
	Email       string
	AccountName string
	Zones       []string // names of zones to start with
	// Adopted are accounts that are there elsewhere under their ids. The first user
	// is their Super Administrator too, and the token has every permission on them.
	Adopted []AccountDraft
}

// Credentials are what a user needs to begin. They are in no other place.
type Credentials struct {
	Email     string
	Password  string
	Key       token.Secret
	UserID    string
	AccountID string
	TokenID   string
	Token     token.Secret
	Zones     []Zone
}

// Bootstrap makes the first user, who is Super Administrator of the first
// account and of those that are adopted, and a token with every permission on all
// of it. It does nothing and
// returns false when there is a user with that address or an account already.
func (a *Authority) Bootstrap(ctx context.Context, b Bootstrap) (Credentials, bool, error) {
	email := normalEmail(b.Email)
	if done, err := a.bootstrapped(ctx, email); err != nil || done {
		return Credentials{}, false, err
	}
	c := a.System("bootstrap")
	cr := Credentials{Email: email, Password: newPassword(), Key: a.format.New(token.APIKey), UserID: newID(), AccountID: newID()}
	user := User{
		ID: cr.UserID, Email: email, PasswordHash: HashPassword(cr.Password), KeyDigest: cr.Key.Digest(), HasKey: true,
		CreatedOn: c.now, ModifiedOn: c.now, Version: 1,
	}
	acct := Account{ID: cr.AccountID, Name: b.AccountName, Type: "standard", CreatedOn: c.now, ModifiedOn: c.now, Version: 1}
	member := Membership{
		ID: newID(), UserID: user.ID, AccountID: acct.ID, Roles: []string{RoleSuperAdministrator},
		Status: MembershipAccepted, CreatedOn: c.now, Version: 1,
	}
	for _, name := range b.Zones {
		d := ZoneDraft{Name: name, AccountID: acct.ID}
		if err := d.check(); err != nil {
			return Credentials{}, false, fmt.Errorf("create zone %s: %w", name, err)
		}
		z := d.zone(c.now)
		z.AccountName = acct.Name
		cr.Zones = append(cr.Zones, z)
	}
	accounts, err := a.adoptAll(b.Adopted, user.ID, c.now.UTC())
	if err != nil {
		return Credentials{}, false, err
	}
	accounts = append([]adoption{{acct, member}}, accounts...)
	t, secret := a.fullToken(&c, user.ID, idsOf(accounts)...)
	cr.TokenID, cr.Token = t.ID, secret
	err = a.write(ctx, &c, "make the first user", func(ctx context.Context, tx *txn) error {
		if err := insertUser(ctx, tx, &c, user); err != nil {
			return err
		}
		for i := range accounts {
			if err := a.createAccount(ctx, tx, &c, accounts[i].account, accounts[i].member); err != nil {
				return err
			}
		}
		for i := range cr.Zones {
			if err := insertZone(ctx, tx, &c, &cr.Zones[i]); err != nil {
				return err
			}
		}
		return insertSystemToken(ctx, tx, &c, t)
	})
	if err != nil {
		return Credentials{}, false, err
	}
	return cr, true, nil
}

// bootstrapped reports whether there is the user or an account already: each
// account that was ever made has left an entry in the change feed.
func (a *Authority) bootstrapped(ctx context.Context, email string) (bool, error) {
	_, err := a.store.UserByEmail(ctx, email)
	if err == nil {
		return true, nil
	}
	if !errors.Is(err, ErrNotFound) {
		return false, unavailable("look for the first user", err)
	}
	_, head, err := a.store.FeedHead(ctx)
	if err != nil {
		return false, unavailable("look for the first account", err)
	}
	return head > 0, nil
}

// Recover gives a user a new password, a new API key and a new token with every
// permission, for whoever holds the data folder. The old password and the old
// key are dead when it returns; tokens stay as they are.
func (a *Authority) Recover(ctx context.Context, email string) (Credentials, error) {
	user, err := a.store.UserByEmail(ctx, normalEmail(email))
	if err != nil {
		return Credentials{}, rowError("user "+email, "look for user", err)
	}
	memberships, err := a.store.Memberships(ctx, user.ID)
	if err != nil {
		return Credentials{}, storeError("read memberships", err)
	}
	account := ""
	for _, m := range memberships {
		if m.Status == MembershipAccepted && account == "" {
			account = m.AccountID
		}
	}
	c := a.System("recover")
	cr := Credentials{Email: user.Email, Password: newPassword(), Key: a.format.New(token.APIKey), UserID: user.ID, AccountID: account}
	var held []string
	if account != "" {
		held = append(held, account)
	}
	t, secret := a.fullToken(&c, user.ID, held...)
	cr.TokenID, cr.Token = t.ID, secret
	user.PasswordHash, user.KeyDigest, user.HasKey = HashPassword(cr.Password), cr.Key.Digest(), true
	user.Suspended, user.KeyOff, user.ModifiedOn = false, false, c.now
	user.Epoch++ // who got in before is out
	err = a.write(ctx, &c, "recover a user", func(ctx context.Context, tx *txn) error {
		if err := tx.UpdateUser(ctx, user); err != nil {
			return fmt.Errorf("update user: %w", err)
		}
		if err := tx.changed(ctx, ChangeUser, user.ID); err != nil {
			return err
		}
		if err := tx.AppendEvent(ctx, c.userEvent("user_recover", "update", user.ID)); err != nil {
			return err
		}
		return insertSystemToken(ctx, tx, &c, t)
	})
	if err != nil {
		return Credentials{}, err
	}
	return cr, nil
}

// fullToken makes a user token with every permission on accounts and on the user.
func (a *Authority) fullToken(c *Caller, userID string, accounts ...string) (Token, token.Secret) {
	secret := a.format.New(token.User)
	t := Token{
		ID: newID(), Owner: Owner{OwnerUser, userID}, Name: "Bootstrap (every permission)", Status: StatusActive,
		IssuedOn: seconds(c.now), ModifiedOn: seconds(c.now), Digest: secret.Digest(), Version: 1,
	}
	t.Policies = append(t.Policies, a.everything(kindUser, userID))
	for _, id := range accounts {
		t.Policies = append(t.Policies, a.everything(kindAccount, id))
	}
	return t, secret
}

// everything allows every group that can be given on one resource.
func (a *Authority) everything(kind, id string) policy.Policy {
	p := policy.Policy{ID: newID(), Effect: policy.Allow, Resources: []policy.Resource{{Key: kind + "." + id}}}
	v := a.current.Load().vocabulary
	for g := range v.Reach(v.Kind(kind)).All {
		p.Groups = append(p.Groups, v.GroupByNo(g).ID)
	}
	return p
}

func insertUser(ctx context.Context, tx *txn, c *Caller, u User) error {
	if err := tx.InsertUser(ctx, u); err != nil {
		return fmt.Errorf("insert user: %w", err)
	}
	if err := tx.changed(ctx, ChangeUser, u.ID); err != nil {
		return err
	}
	return tx.AppendEvent(ctx, c.userEvent("user_create", "create", u.ID))
}

func insertSystemToken(ctx context.Context, tx *txn, c *Caller, t Token) error {
	if err := tx.InsertToken(ctx, t); err != nil {
		return fmt.Errorf("insert token: %w", err)
	}
	if err := tx.changedToken(ctx, t.Digest); err != nil {
		return err
	}
	return tx.AppendEvent(ctx, c.NewEvent("token_create", "create").about(nil, &t))
}

func (c *Caller) userEvent(action, verb, userID string) Event {
	e := c.NewEvent(action, verb)
	e.UserID, e.Resource = userID, EventResource{"user", userID}
	return e
}

// newPassword is 24 random characters, 120 bits.
func newPassword() string { return randomLetters(24) }

// randomLetters are n random characters of five bits each, without those that
// look alike.
func randomLetters(n int) string {
	const alphabet = "abcdefghjkmnpqrstuvwxyz234567890"
	b := make([]byte, n)
	rand.Read(b)
	for i := range b {
		b[i] = alphabet[b[i]%byte(len(alphabet))]
	}
	return string(b)
}
