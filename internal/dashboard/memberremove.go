package dashboard

import (
	"context"
	"errors"

	"github.com/tokenward/tokenward/internal/authority"
)

// removal is what the page shows on which removing a member is confirmed.
type removal struct {
	memberRow
	Tokens      int  // account tokens that they created and that are valid now
	TokensKnown bool // the reader may see the account's tokens
}

func (d *Dashboard) removeMemberPage(ctx context.Context, in *request) (page, error) {
	m, err := d.member(ctx, in)
	if err != nil {
		return page{}, err
	}
	data := removal{memberRow: d.memberRow(in, m, 3), TokensKnown: true}
	n, err := d.authority.CreatedTokens(ctx, in.caller, in.account.ID, m.ID)
	var own *authority.Error
	if errors.As(err, &own) && own.Code == authority.CodeForbidden {
		data.TokensKnown = false
	} else if err != nil {
		return page{}, err
	}
	data.Tokens = n.Active + n.NotYetValid
	title := "Remove " + m.User.Email
	if m.Status != authority.MembershipAccepted {
		title = "Withdraw the invitation of " + m.User.Email
	}
	p := show("memberremove", title, data)
	p.nav = in.membersPath()
	return p, nil
}

func (d *Dashboard) removeMember(ctx context.Context, in *request) (page, error) {
	m, err := d.member(ctx, in)
	if err != nil {
		return page{}, err
	}
	if err := d.authority.RemoveMember(ctx, in.caller, in.account.ID, m.ID); err != nil {
		if err := takeMember(in.form, err); err != nil {
			return page{}, err
		}
		p, err := d.removeMemberPage(ctx, in)
		return again(p, in.form), err
	}
	d.tell(ctx, "success", m.User.Email+" is no longer a member of "+in.account.Name+".")
	if m.UserID == in.caller.UserID() {
		return seeOther(membershipsPath), nil
	}
	return seeOther(in.membersPath()), nil
}
