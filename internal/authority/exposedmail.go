package authority

import (
	"context"
	"fmt"
)

// maxExposedMails is how many people are told of one token.
const maxExposedMails = 20

// tellExposed writes to whoever answers for what was ended, where there is a way
// to send mail. It goes on after the request was answered, which would otherwise
// take longer for a secret that was somebody's.
//
// Where the secret was found is not in the mail: who reported it chose the
// address, and mail that leads people to a stranger's page is how they are
// robbed of the next secret. It is in the audit log.
func (a *Authority) tellExposed(ctx context.Context, x *exposure) {
	if a.mailer == nil || len(x.tokens)+len(x.keys) == 0 {
		return
	}
	ctx = context.WithoutCancel(ctx)
	a.background.Go(func() {
		for i := range x.tokens {
			a.tellOfToken(ctx, &x.tokens[i])
		}
		for i := range x.keys {
			a.tell(ctx, x.keys[i].Email, "Your API key was found in public", "Your API key at "+a.base()+
				" was found in public, and no longer works.\n\n"+
				"Choose a new one when you need it. The audit log of your user says what was reported (api_key_exposed).\n")
		}
	})
}

func (a *Authority) tellOfToken(ctx context.Context, t *Token) {
	people, err := a.answerable(ctx, t)
	if err != nil {
		a.log.Error("find whom to tell of an exposed token", "token", t.ID, "err", err)
		return
	}
	text := fmt.Sprintf("The secret of the API token %q (%s) at %s was found in public, and no longer works.\n\n"+
		"Roll the token to go on with a new secret, or delete it. The audit log says what was reported (token_exposed).\n",
		t.Name, t.ID, a.base())
	for _, u := range people {
		a.tell(ctx, u.Email, "An API token was found in public", text)
	}
}

// answerable are the people who answer for a token: its user; or of an account's
// who created it, if they are still a member, else the Super Administrators.
func (a *Authority) answerable(ctx context.Context, t *Token) ([]User, error) {
	if t.Owner.Kind == OwnerUser {
		u, err := a.store.User(ctx, t.Owner.ID)
		return []User{u}, err
	}
	members, err := a.store.Members(ctx, t.Owner.ID)
	if err != nil {
		return nil, err
	}
	var creator, supers []string
	for i := range members {
		m := &members[i]
		if m.Status == MembershipAccepted && m.UserID == t.CreatorID {
			creator = append(creator, m.UserID)
		}
		if m.super() {
			supers = append(supers, m.UserID)
		}
	}
	for _, ids := range [][]string{creator, supers} {
		people, err := a.notSuspended(ctx, ids)
		if err != nil || len(people) > 0 {
			return people[:min(len(people), maxExposedMails)], err
		}
	}
	return nil, nil
}

// notSuspended reads users, without those who are suspended.
func (a *Authority) notSuspended(ctx context.Context, ids []string) ([]User, error) {
	users, err := a.store.UsersByID(ctx, ids)
	var out []User
	for i := range users {
		if !users[i].Suspended {
			out = append(out, users[i])
		}
	}
	return out, err
}
