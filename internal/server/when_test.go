package server_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
)

// when changes what a token's owner is, as another process would, and lets the
// authority hear of it.
func (p *player) when(text string) {
	p.t.Helper()
	for form, act := range map[string]func(m []string) error{
		`^(\w+) is suspended$`:                        func(m []string) error { return p.suspend(m[1], true) },
		`^(\w+) is suspended no longer$`:              func(m []string) error { return p.suspend(m[1], false) },
		`^(\w+) leaves account/(\d)$`:                 func(m []string) error { return p.leave(m[1], m[2]) },
		`^(\w+) joins account/(\d)$`:                  func(m []string) error { return p.join(m[1], m[2]) },
		`^(\w+) may only read in account/(\d)$`:       func(m []string) error { return p.demote(m[1], m[2]) },
		`^zone ([A-Z]) moves to account/(\d)$`:        func(m []string) error { return p.move(m[1], m[2]) },
		`^zone ([A-Z]) is deleted behind the server$`: func(m []string) error { return p.vanish(m[1]) },
	} {
		if m := regexp.MustCompile(form).FindStringSubmatch(text); m != nil {
			if err := act(m); err != nil {
				p.fatal("%v", err)
			}
			p.told()
			return
		}
	}
	p.fatal("cannot be read")
}

func (p *player) suspend(user string, suspended bool) error {
	return p.aboutUser(user, func(ctx context.Context, tx authority.Tx, id string) error {
		u, err := tx.User(ctx, id)
		if err != nil {
			return err
		}
		u.Suspended = suspended
		return tx.UpdateUser(ctx, u)
	})
}

func (p *player) leave(user, account string) error {
	return p.aboutMembership(user, account, func(ctx context.Context, tx authority.Tx, m authority.Membership) error {
		return tx.DeleteMembership(ctx, m.ID, m.Version)
	})
}

func (p *player) demote(user, account string) error {
	return p.aboutMembership(user, account, func(ctx context.Context, tx authority.Tx, m authority.Membership) error {
		m.Roles = []string{authority.RoleAdministratorReadOnly}
		return tx.UpdateMembership(ctx, m)
	})
}

func (p *player) join(user, account string) error {
	return p.aboutMembership(user, account, func(ctx context.Context, tx authority.Tx, m authority.Membership) error {
		m.Status = authority.MembershipAccepted
		return tx.UpdateMembership(ctx, m)
	})
}

func (p *player) aboutMembership(user, account string, f func(context.Context, authority.Tx, authority.Membership) error) error {
	return p.aboutUser(user, func(ctx context.Context, tx authority.Tx, id string) error {
		list, err := tx.Memberships(ctx, id)
		if err != nil {
			return err
		}
		for _, m := range list {
			if m.AccountID == p.ids["account/"+account] {
				return f(ctx, tx, m)
			}
		}
		return fmt.Errorf("%s has nothing to do with account %s", user, account)
	})
}

func (p *player) aboutUser(user string, f func(ctx context.Context, tx authority.Tx, id string) error) error {
	id := p.ids["user/"+strings.ToLower(user)]
	return p.store.Write(p.t.Context(), func(ctx context.Context, tx authority.Tx) error {
		if err := f(ctx, tx, id); err != nil {
			return err
		}
		return tx.AppendChange(ctx, authority.ChangeUser, id)
	})
}

func (p *player) move(zone, account string) error {
	return p.aboutZone(zone, func(ctx context.Context, tx authority.Tx, z authority.Zone) error {
		z.AccountID = p.ids["account/"+account]
		return tx.UpdateZone(ctx, z)
	})
}

func (p *player) vanish(zone string) error {
	return p.aboutZone(zone, func(ctx context.Context, tx authority.Tx, z authority.Zone) error {
		return tx.DeleteZone(ctx, z.ID, z.Version)
	})
}

func (p *player) aboutZone(zone string, f func(context.Context, authority.Tx, authority.Zone) error) error {
	id := p.ids["zone/"+zone]
	return p.store.Write(p.t.Context(), func(ctx context.Context, tx authority.Tx) error {
		z, err := tx.Zone(ctx, id)
		if err != nil {
			return err
		}
		if err := f(ctx, tx, z); err != nil {
			return err
		}
		return tx.AppendChange(ctx, authority.ChangeZone, id)
	})
}
