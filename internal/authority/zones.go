package authority

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tokenward/tokenward/internal/policy"
)

// Zone reads a zone. op is the operation that the caller wants it for. An operation
// on its records must be allowed on all of them: see RecordScope.
func (a *Authority) Zone(ctx context.Context, c Caller, op, id string) (Zone, error) {
	path, err := a.zoneRef(id)
	if err != nil {
		return Zone{}, err
	}
	if err := a.may(ctx, &c, op, path); err != nil {
		return Zone{}, err
	}
	return a.zone(ctx, id)
}

// zone reads a zone that the caller may have.
func (a *Authority) zone(ctx context.Context, id string) (Zone, error) {
	z, err := a.store.Zone(ctx, id)
	if err != nil {
		return Zone{}, rowError("zone", "read zone", err)
	}
	return z, a.nameAccounts(ctx, []*Zone{&z})
}

// nameAccounts fills in the names of the zones' accounts.
func (a *Authority) nameAccounts(ctx context.Context, zones []*Zone) error {
	names := make(map[string]string)
	var ids []string
	for _, z := range zones {
		if _, ok := names[z.AccountID]; !ok {
			names[z.AccountID] = ""
			ids = append(ids, z.AccountID)
		}
	}
	rows, err := a.store.Accounts(ctx, ids)
	if err != nil {
		return storeError("read the names of accounts", err)
	}
	for _, r := range rows {
		names[r.ID] = r.Name
	}
	for _, z := range zones {
		z.AccountName = names[z.AccountID]
	}
	return nil
}

// ZonePermissions are the internal permissions, such as "#zone:read", of what
// the caller may do with a zone and its records, or with some of its records.
func (a *Authority) ZonePermissions(c Caller, z *Zone) []string {
	var out []string
	for _, id := range []string{OpZoneGet, OpZoneUpdate, OpDNSList, OpDNSCreate, OpZonePurge} {
		if op := a.ops[id]; op.Permission != "" && a.MayOnZone(c, z, id) {
			out = append(out, op.Permission)
		}
	}
	return out
}

// MayOnZone reports whether the caller may do an operation on a zone, or on some of
// its records, for pages that offer only what would not be refused.
func (a *Authority) MayOnZone(c Caller, z *Zone, op string) bool {
	access := accessTo(a.ops[op], a.kinds.zonePath(z.ID, z.AccountID), c.addr)
	d := c.decide(&access, a.kinds)
	return d.Allowed || d.Reason == policy.PartOfZone
}

func (a *Authority) zoneRef(id string) (policy.Path, error) {
	ref := policy.MakeRef(a.kinds.zone, id)
	if ref.Name != "" || ref.Any() {
		return policy.Path{}, forbidden(policy.Decision{})
	}
	return policy.NewPath(ref), nil
}

// ZoneQuery selects zones. Match is asked for each zone that the caller may
// see, in the order of names.
type ZoneQuery struct {
	Match  func(*Zone) bool
	Less   func(a, b *Zone) int // nil: by name, then id
	Offset int
	Limit  int
}

// Zones reads a page of the zones that the caller may see, and how many match
// in all. They are those that Zone would give.
func (a *Authority) Zones(ctx context.Context, c Caller, q ZoneQuery) ([]Zone, int, error) {
	if err := c.stands(); err != nil {
		return nil, 0, err
	}
	var found []Zone
	accepted := a.ops[OpZoneGet].Accepted
	homes := a.homes(&c)
	accounts, err := a.store.Accounts(ctx, homes)
	if err != nil {
		return nil, 0, storeError("list accounts", err)
	}
	names := make(map[string]string, len(accounts))
	for _, acct := range accounts {
		names[acct.ID] = acct.Name
	}
	err = a.store.Zones(ctx, homes, func(z Zone) bool {
		z.AccountName = names[z.AccountID]
		if q.Match != nil && !q.Match(&z) {
			return true
		}
		access := policy.Access{Accepted: accepted, Path: a.kinds.zonePath(z.ID, z.AccountID), Addr: c.addr}
		if c.decide(&access, a.kinds).Allowed {
			found = append(found, z)
		}
		return true
	})
	if err != nil {
		return nil, 0, storeError("list zones", err)
	}
	if q.Less != nil {
		slices.SortStableFunc(found, func(a, b Zone) int { return q.Less(&a, &b) })
	}
	return page(found, false, q.Offset, q.Limit), len(found), nil
}

// ZoneDraft is what a zone is to be.
type ZoneDraft struct {
	Name      string
	AccountID string // "" when the caller can see one account only
	Type      string // "full" (default), "partial" or "secondary"
	Paused    bool
}

// CreateZone adds a zone to an account. The caller needs a group that the
// operation accepts on every zone of the account: the zone is not there yet.
func (a *Authority) CreateZone(ctx context.Context, c Caller, d ZoneDraft) (Zone, error) {
	if err := c.stands(); err != nil {
		return Zone{}, err
	}
	if err := a.defaultAccount(ctx, &c, &d); err != nil {
		return Zone{}, err
	}
	if err := a.may(ctx, &c, OpZoneCreate, a.kinds.zonePath("", d.AccountID)); err != nil {
		return Zone{}, err
	}
	if err := d.check(); err != nil {
		return Zone{}, err
	}
	z := d.zone(c.now)
	err := a.write(ctx, &c, "create a zone", func(ctx context.Context, tx *txn) error {
		return insertZone(ctx, tx, &c, &z)
	})
	if err != nil {
		return Zone{}, err
	}
	return z, a.nameAccounts(ctx, []*Zone{&z})
}

// zone is the new zone that a checked draft asks for.
func (d *ZoneDraft) zone(now time.Time) Zone {
	now = now.UTC()
	z := Zone{
		ID: newID(), AccountID: d.AccountID, Name: d.Name, Type: d.Type, Status: "active", Paused: d.Paused,
		CreatedOn: now, ModifiedOn: now, ActivatedOn: now, Version: 1,
	}
	z.NameServers = nameServers(z.ID)
	return z
}

func insertZone(ctx context.Context, tx *txn, c *Caller, z *Zone) error {
	if err := noZone(ctx, tx, z); err != nil {
		return err
	}
	if err := tx.InsertZone(ctx, *z); err != nil {
		return fmt.Errorf("insert zone: %w", err)
	}
	if err := tx.changed(ctx, ChangeZone, z.ID); err != nil {
		return err
	}
	return tx.AppendEvent(ctx, c.zoneEvent("zone_create", "create", nil, z))
}

// defaultAccount fills in the account where the caller named none and only one
// can be meant.
func (a *Authority) defaultAccount(ctx context.Context, c *Caller, d *ZoneDraft) error {
	if d.AccountID != "" {
		if ref := policy.MakeRef(a.kinds.account, d.AccountID); ref.Name != "" || ref.Any() {
			return invalid([]policy.Fault{{Pointer: "/account/id", Message: "account.id must be 32 lowercase hex digits"}})
		}
		return nil
	}
	homes := a.homes(c)
	if len(homes) != 1 {
		return invalid([]policy.Fault{{Pointer: "/account/id", Message: "account.id must be given: the credential reaches more than one account"}})
	}
	d.AccountID = homes[0]
	return nil
}

func noZone(ctx context.Context, tx *txn, z *Zone) error {
	_, err := tx.ZoneByName(ctx, z.AccountID, z.Name)
	switch {
	case err == nil:
		return &Error{Code: CodeExists, Message: z.Name + " already exists"}
	case errors.Is(err, ErrNotFound):
		return nil
	}
	return fmt.Errorf("look for zone %s: %w", z.Name, err)
}

func (d *ZoneDraft) check() error {
	d.Name = strings.TrimSuffix(strings.ToLower(d.Name), ".")
	var faults []policy.Fault
	if problem := zoneNameProblem(d.Name); problem != "" {
		faults = append(faults, policy.Fault{Pointer: "/name", Message: problem})
	}
	if d.Type == "" {
		d.Type = "full"
	}
	faults = append(faults, zoneTypeFaults(d.Type)...)
	if len(faults) > 0 {
		return invalid(faults)
	}
	return nil
}

// zoneNameProblem is what keeps a name from being a zone's, "" for a good one:
// host name labels (RFC 1123 section 2.1), two at least, 253 characters at most.
func zoneNameProblem(name string) string {
	labels := strings.Split(name, ".")
	switch {
	case len(name) > 253:
		return "name must have at most 253 characters"
	case len(labels) < 2:
		return "name must be a domain name, such as example.com"
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' {
			return "name must be a domain name: each part has 1 to 63 characters and neither starts nor ends with a hyphen"
		}
		if strings.Trim(l, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return "name must be a domain name of letters, digits and hyphens; write international names in punycode (xn--...)"
		}
	}
	return ""
}

// nameServers picks two names for a zone. Nothing answers at them; they stand
// where clients expect two.
func nameServers(zoneID string) []string {
	first := [...]string{"ada", "bea", "cleo", "dana", "edie", "fay", "gwen", "hope"}
	second := [...]string{"abel", "bob", "carl", "dan", "ed", "fred", "gus", "hal"}
	id, _ := policy.ParseID(zoneID)
	n := binary.BigEndian.Uint16(id[:2])
	return []string{first[n%8] + ".ns.tokenward.invalid", second[n/8%8] + ".ns.tokenward.invalid"}
}

// DeleteZone deletes a zone and its records.
func (a *Authority) DeleteZone(ctx context.Context, c Caller, id string) error {
	path, err := a.zoneRef(id)
	if err != nil {
		return err
	}
	if err := a.may(ctx, &c, OpZoneDelete, path); err != nil {
		return err
	}
	return a.write(ctx, &c, "delete a zone", func(ctx context.Context, tx *txn) error {
		z, err := tx.Zone(ctx, id)
		if err != nil {
			return rowError("zone", "read zone", err)
		}
		if err := tx.DeleteZone(ctx, z.ID, z.Version); err != nil {
			return fmt.Errorf("delete zone %s: %w", z.ID, err)
		}
		if err := tx.changed(ctx, ChangeZone, z.ID); err != nil {
			return err
		}
		return tx.AppendEvent(ctx, c.zoneEvent("zone_delete", "delete", &z, nil))
	})
}

// RecordPurge writes down that the caller purged a zone's cache. what is the
// request, as judged.
func (a *Authority) RecordPurge(ctx context.Context, c Caller, zoneID string, what any) (Zone, error) {
	z, err := a.Zone(ctx, c, OpZonePurge, zoneID)
	if err != nil {
		return Zone{}, err
	}
	e := c.zoneEvent("cache_purge", "update", &z, &z)
	e.Resource, e.Old, e.New = EventResource{"cache", z.ID}, nil, auditJSON(what)
	err = a.write(ctx, &c, "record a cache purge", func(ctx context.Context, tx *txn) error {
		return tx.AppendEvent(ctx, e)
	})
	return z, err
}

// InZone completes an event with the zone it happened in.
func (e Event) InZone(z *Zone) Event {
	e.AccountID, e.ZoneID, e.ZoneName = z.AccountID, z.ID, z.Name
	return e
}

func (c *Caller) zoneEvent(action, verb string, before, after *Zone) Event {
	z := after
	if z == nil {
		z = before
	}
	e := c.NewEvent(action, verb).InZone(z)
	e.Resource = EventResource{"zone", z.ID}
	if before != nil {
		e.Old = auditJSON(auditOf(before))
	}
	if after != nil {
		e.New = auditJSON(auditOf(after))
	}
	return e
}

type zoneAudit struct {
	Name   string   `json:"name"`
	Type   string   `json:"type"`
	Paused bool     `json:"paused"`
	Vanity []string `json:"vanity_name_servers,omitempty"`
}

func auditOf(z *Zone) zoneAudit {
	return zoneAudit{z.Name, z.Type, z.Paused, z.VanityNameServers}
}
