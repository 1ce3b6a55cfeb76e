package server_test

import (
	"context"
	"errors"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/dns"
	"github.com/tokenward/tokenward/internal/token"
)

// cast are the people of a world and what they have. Zones A and B lie in
// account 1, C in account 2, D in account 3. alice is Super Administrator of
// accounts 1 and 2, bob is Administrator Read Only in account 1, carol is invited
// there and has not answered. Zone A has a record.
//
// A world may have one cast after the other: they share nothing.
type cast struct {
	at     time.Time
	ids    map[string]string       // "account/1", "zone/A", "user/alice", "record"
	emails map[string]string       // by user
	keys   map[string]token.Secret // API keys by user
}

func (w *world) newCast() cast {
	w.t.Helper()
	c := cast{
		at:  w.clock.now(),
		ids: make(map[string]string), emails: make(map[string]string), keys: make(map[string]token.Secret),
	}
	err := w.store.Write(w.t.Context(), func(ctx context.Context, tx authority.Tx) error {
		return errors.Join(
			c.user(ctx, tx, "alice"), c.user(ctx, tx, "bob"), c.user(ctx, tx, "carol"),
			c.account(ctx, tx, "1"), c.account(ctx, tx, "2"), c.account(ctx, tx, "3"),
			c.member(ctx, tx, "alice", "1", authority.RoleSuperAdministrator, authority.MembershipAccepted),
			c.member(ctx, tx, "alice", "2", authority.RoleSuperAdministrator, authority.MembershipAccepted),
			c.member(ctx, tx, "bob", "1", authority.RoleAdministratorReadOnly, authority.MembershipAccepted),
			c.member(ctx, tx, "carol", "1", authority.RoleSuperAdministrator, authority.MembershipPending),
			c.zone(ctx, tx, "A", "1"), c.zone(ctx, tx, "B", "1"), c.zone(ctx, tx, "C", "2"), c.zone(ctx, tx, "D", "3"),
		)
	})
	if err == nil {
		err = c.record(w)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// name makes the id of a row and remembers it.
func (c *cast) name(as string) string {
	c.ids[as] = newID()
	return c.ids[as]
}

func (c *cast) user(ctx context.Context, tx authority.Tx, name string) error {
	id := c.name("user/" + name)
	c.emails[name], c.keys[name] = name+"."+id+"@example.com", token.Format{}.New(token.APIKey)
	return tx.InsertUser(ctx, authority.User{
		ID: id, Email: c.emails[name], KeyDigest: c.keys[name].Digest(), HasKey: true,
		CreatedOn: c.at, ModifiedOn: c.at, Version: 1,
	})
}

func (c *cast) account(ctx context.Context, tx authority.Tx, name string) error {
	return tx.InsertAccount(ctx, authority.Account{
		ID: c.name("account/" + name), Name: "Account " + name, Type: "standard", CreatedOn: c.at, ModifiedOn: c.at, Version: 1,
	})
}

func (c *cast) member(ctx context.Context, tx authority.Tx, user, account, role string, s authority.MembershipStatus) error {
	return tx.InsertMembership(ctx, authority.Membership{
		ID: newID(), UserID: c.ids["user/"+user], AccountID: c.ids["account/"+account], Roles: []string{role}, Status: s,
		CreatedOn: c.at, Version: 1,
	})
}

func (c *cast) zone(ctx context.Context, tx authority.Tx, name, account string) error {
	return tx.InsertZone(ctx, authority.Zone{
		ID: c.name("zone/" + name), AccountID: c.ids["account/"+account], Name: "zone-" + string(name[0]|0x20) + ".example",
		Type: "full", Status: "active", NameServers: []string{"ns1.example.com"},
		CreatedOn: c.at, ModifiedOn: c.at, ActivatedOn: c.at, Version: 1,
	})
}

func (c *cast) record(w *world) error {
	ctx, system := w.t.Context(), w.authority.System("test")
	in, err := w.authority.RecordScope(ctx, system, authority.OpDNSCreate, c.ids["zone/A"])
	if err != nil {
		return err
	}
	z := in.Zone()
	r, err := dns.NewService(w.store, w.clock.now).Create(ctx, &in, dns.Draft{Type: "A", Name: "www", Content: "192.0.2.1"},
		func(action, verb, id string, _, _ *dns.Record) authority.Event {
			e := system.NewEvent(action, verb).InZone(z)
			e.Resource = authority.EventResource{Type: "dns_record", ID: id}
			return e
		})
	c.ids["record"] = r.ID
	return err
}
