package authority

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tokenward/tokenward/internal/policy"
)

// WholeAccount is the resource group that every account has: everything in it.
// Its id is the account's, and nobody can change it.
func WholeAccount(accountID string) ResourceGroup {
	return ResourceGroup{ID: accountID, AccountID: accountID, Name: kindAccount + "." + accountID, Objects: []string{"*"}}
}

// Editable reports whether the group can be changed: it is not the account's
// own.
func (g *ResourceGroup) Editable() bool { return g.ID != g.AccountID }

// ResourceGroupDraft is what a resource group is to be. ScopeKey is the key of
// the account, in which the objects lie; nil Objects stay as they are.
type ResourceGroupDraft struct {
	Name     string
	ScopeKey string
	Objects  []string
}

// ResourceGroups reads an account's resource groups, its own first. op is the
// operation that they are wanted for.
func (a *Authority) ResourceGroups(ctx context.Context, c Caller, op, accountID string) ([]ResourceGroup, error) {
	if err := a.may(ctx, &c, op, a.kinds.accountPath(accountID)); err != nil {
		return nil, err
	}
	rows, err := a.store.ResourceGroups(ctx, accountID)
	if err != nil {
		return nil, storeError("list resource groups", err)
	}
	return append([]ResourceGroup{WholeAccount(accountID)}, rows...), nil
}

// CreateResourceGroup adds a resource group to an account.
//
// Errors: CodeInvalid with all faults; CodeExists for a name that is taken;
// CodeQuota.
func (a *Authority) CreateResourceGroup(ctx context.Context, c Caller, accountID string, d ResourceGroupDraft) (ResourceGroup, error) {
	if err := a.may(ctx, &c, OpResGroupCreate, a.kinds.accountPath(accountID)); err != nil {
		return ResourceGroup{}, err
	}
	if err := a.checkResourceGroup(ctx, accountID, &d, nil); err != nil {
		return ResourceGroup{}, err
	}
	now := c.now.UTC()
	g := ResourceGroup{ID: newID(), AccountID: accountID, Name: d.Name, Objects: d.Objects, CreatedOn: now, ModifiedOn: now, Version: 1}
	err := a.write(ctx, &c, "create a resource group", func(ctx context.Context, tx *txn) error {
		rows, err := tx.ResourceGroups(ctx, accountID)
		if err != nil {
			return fmt.Errorf("count resource groups: %w", err)
		}
		if len(rows) >= MaxResourceGroups {
			return quota("resource groups of an account", MaxResourceGroups)
		}
		if err := tx.InsertResourceGroup(ctx, g); err != nil {
			return fmt.Errorf("insert resource group: %w", err)
		}
		return tx.AppendEvent(ctx, c.groupEvent("resource_group_create", "create", nil, &g))
	})
	return g, err
}

// UpdateResourceGroup changes a resource group, and thereby what every member
// may do whose policies name it: each of them must stay within what the caller
// may give.
func (a *Authority) UpdateResourceGroup(ctx context.Context, c Caller, accountID, id string, d ResourceGroupDraft) (ResourceGroup, error) {
	if err := a.may(ctx, &c, OpResGroupUpdate, a.kinds.accountPath(accountID)); err != nil {
		return ResourceGroup{}, err
	}
	rows, i, err := a.resourceGroup(ctx, a.store, accountID, id)
	if err != nil {
		return ResourceGroup{}, err
	}
	before := rows[i]
	if err := a.checkResourceGroup(ctx, accountID, &d, &before); err != nil {
		return ResourceGroup{}, err
	}
	after := before
	after.Name, after.Objects, after.ModifiedOn = d.Name, d.Objects, c.now.UTC()
	rows[i] = after
	members, err := a.mayRescope(ctx, &c, rows, id)
	if err != nil {
		return ResourceGroup{}, err
	}
	err = a.write(ctx, &c, "update a resource group", func(ctx context.Context, tx *txn) error {
		if err := stillMembers(ctx, tx, accountID, members); err != nil {
			return err
		}
		if err := tx.UpdateResourceGroup(ctx, after); err != nil {
			return fmt.Errorf("update resource group %s: %w", id, err)
		}
		if err := tx.changedMembers(ctx, accountID, true); err != nil {
			return err
		}
		return tx.AppendEvent(ctx, c.groupEvent("resource_group_update", "update", &before, &after))
	})
	after.Version++
	return after, err
}

// mayRescope holds each member whose policies name the group against the
// caller's ceiling, with the groups as they are to be. It returns the members
// that it judged by.
func (a *Authority) mayRescope(ctx context.Context, c *Caller, groups []ResourceGroup, id string) ([]Membership, error) {
	members, err := a.store.Members(ctx, groups[0].AccountID)
	if err != nil {
		return nil, storeError("read the members", err)
	}
	for i := range members {
		if !members[i].names(id) {
			continue
		}
		if members[i].holdsSuper() {
			if err := a.holdsAll(ctx, c, members[i].AccountID); err != nil {
				return nil, err
			}
		}
		if err := a.mayGive(ctx, c, &members[i], groups); err != nil {
			return nil, err
		}
	}
	return members, nil
}

// stillMembers answers ErrConflict when a member has changed since: the group
// might be theirs by now, and nobody judged that.
func stillMembers(ctx context.Context, r Reader, accountID string, judged []Membership) error {
	now, err := r.Members(ctx, accountID)
	if err != nil {
		return fmt.Errorf("read the members again: %w", err)
	}
	same := func(a, b Membership) bool { return a.ID == b.ID && a.Version == b.Version }
	if !slices.EqualFunc(now, judged, same) {
		return ErrConflict
	}
	return nil
}

func (m *Membership) names(resourceGroup string) bool {
	return slices.ContainsFunc(m.Policies, func(p MemberPolicy) bool { return slices.Contains(p.ResourceGroups, resourceGroup) })
}

// DeleteResourceGroup deletes a resource group that no policy names.
func (a *Authority) DeleteResourceGroup(ctx context.Context, c Caller, accountID, id string) error {
	if err := a.may(ctx, &c, OpResGroupDelete, a.kinds.accountPath(accountID)); err != nil {
		return err
	}
	return a.write(ctx, &c, "delete a resource group", func(ctx context.Context, tx *txn) error {
		rows, i, err := a.resourceGroup(ctx, tx, accountID, id)
		if err != nil {
			return err
		}
		members, err := tx.Members(ctx, accountID)
		if err != nil {
			return fmt.Errorf("read the members: %w", err)
		}
		for j := range members {
			if members[j].names(id) {
				return &Error{Code: CodeInvalid, Message: "policies of members name the resource group; change those first"}
			}
		}
		if err := tx.DeleteResourceGroup(ctx, id, rows[i].Version); err != nil {
			return fmt.Errorf("delete resource group %s: %w", id, err)
		}
		return tx.AppendEvent(ctx, c.groupEvent("resource_group_delete", "delete", &rows[i], nil))
	})
}

// resourceGroup finds one that can be changed among those of its account.
func (a *Authority) resourceGroup(ctx context.Context, r Reader, accountID, id string) ([]ResourceGroup, int, error) {
	if id == accountID {
		return nil, 0, &Error{Code: CodeInvalid, Message: "the resource group of the whole account cannot be changed"}
	}
	rows, err := r.ResourceGroups(ctx, accountID)
	if err != nil {
		return nil, 0, storeError("read resource groups", err)
	}
	i := slices.IndexFunc(rows, func(g ResourceGroup) bool { return g.ID == id })
	if i < 0 {
		return nil, 0, notFound("resource group")
	}
	return rows, i, nil
}

func (a *Authority) checkResourceGroup(ctx context.Context, accountID string, d *ResourceGroupDraft, before *ResourceGroup) error {
	var faults []policy.Fault
	add := func(pointer, format string, args ...any) {
		faults = append(faults, policy.Fault{Pointer: pointer, Message: fmt.Sprintf(format, args...)})
	}
	if before != nil && d.Name == "" {
		d.Name = before.Name
	}
	if before != nil && d.Objects == nil && d.ScopeKey == "" {
		d.Objects, d.ScopeKey = before.Objects, kindAccount+"."+accountID
	}
	if n := utf8.RuneCountInString(d.Name); n == 0 || n > MaxTokenName || strings.ContainsFunc(d.Name, unicode.IsControl) {
		add("/name", "name must have 1 to %d characters and no control characters", MaxTokenName)
	}
	if d.ScopeKey != kindAccount+"."+accountID {
		add("/scope/key", "scope.key must be that of the account, %s.%s", kindAccount, accountID)
	}
	if n := len(d.Objects); n == 0 || n > MaxResourceObjects {
		add("/scope/objects", "scope.objects must name 1 to %d objects, here are %d", MaxResourceObjects, n)
	} else {
		for i, key := range d.Objects {
			ok, err := a.isObjectOf(ctx, accountID, key)
			if err != nil {
				return err
			}
			if !ok {
				add(fmt.Sprintf("/scope/objects/%d/key", i), `key must be "*", %s.*, that of a zone of the account, or %s.TYPE:NAME for records`, kindZone, kindRecord)
			}
		}
	}
	if len(faults) > 0 {
		return invalid(faults)
	}
	return nil
}

// isObjectOf: a zone of another account is like one that does not exist.
func (a *Authority) isObjectOf(ctx context.Context, accountID, key string) (bool, error) {
	ref, ok := a.current.Load().object(key)
	if !ok || ref.Any() || ref.Kind != a.kinds.zone {
		return ok, nil
	}
	account, err := a.zoneAccount(ctx, ref.ID, false)
	return err == nil && account.String() == accountID, err
}

func (c *Caller) groupEvent(action, verb string, before, after *ResourceGroup) Event {
	g := after
	if g == nil {
		g = before
	}
	e := c.NewEvent(action, verb)
	e.AccountID, e.Resource = g.AccountID, EventResource{"resource_group", g.ID}
	audit := func(g *ResourceGroup) []byte {
		if g == nil {
			return nil
		}
		return auditJSON(map[string]any{"name": g.Name, "objects": g.Objects})
	}
	e.Old, e.New = audit(before), audit(after)
	return e
}
