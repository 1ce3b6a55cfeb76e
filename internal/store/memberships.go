package store

import (
	"context"
	"fmt"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
)

func (r reader) Memberships(ctx context.Context, userID string) ([]authority.Membership, error) {
	list, err := all(ctx, r.db, scanMembership, `
		SELECT id, user_id, account_id, roles, policies, status, api_access, invited_by, created_on, version
		FROM memberships
		WHERE user_id = $1
		ORDER BY created_on, id`,
		userID)
	if err != nil {
		return nil, fmt.Errorf("read the memberships of user %s: %w", userID, err)
	}
	return list, nil
}

func (r reader) Members(ctx context.Context, accountID string) ([]authority.Membership, error) {
	list, err := all(ctx, r.db, scanMembership, `
		SELECT id, user_id, account_id, roles, policies, status, api_access, invited_by, created_on, version
		FROM memberships
		WHERE account_id = $1
		ORDER BY created_on, id`,
		accountID)
	if err != nil {
		return nil, fmt.Errorf("read the members of account %s: %w", accountID, err)
	}
	return list, nil
}

func (r reader) Membership(ctx context.Context, id string) (authority.Membership, error) {
	m, err := one(ctx, r.db, scanMembership, `
		SELECT id, user_id, account_id, roles, policies, status, api_access, invited_by, created_on, version
		FROM memberships
		WHERE id = $1`,
		id)
	if err != nil {
		return m, fmt.Errorf("read membership %s: %w", id, err)
	}
	return m, nil
}

func scanMembership(r row) (authority.Membership, error) {
	var m authority.Membership
	err := r.Scan(&m.ID, &m.UserID, &m.AccountID, jsonColumn{&m.Roles}, memberPolicies{&m.Policies}, &m.Status,
		&m.APIAccess, &m.InvitedBy, instant{&m.CreatedOn}, &m.Version)
	return m, err
}

func (t *tx) InsertMembership(ctx context.Context, m authority.Membership) error {
	roles, policies, err := membershipTexts(&m)
	if err != nil {
		return fmt.Errorf("insert membership %s: %w", m.ID, err)
	}
	err = t.db.exec(ctx, `
		INSERT INTO memberships (id, user_id, account_id, roles, policies, status, api_access, invited_by, created_on, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		m.ID, m.UserID, m.AccountID, roles, policies, m.Status, m.APIAccess, m.InvitedBy, micros(m.CreatedOn), m.Version)
	if err != nil {
		return fmt.Errorf("insert membership %s: %w", m.ID, err)
	}
	return nil
}

// UpdateMembership leaves the user and the account, which never change.
func (t *tx) UpdateMembership(ctx context.Context, m authority.Membership) error {
	roles, policies, err := membershipTexts(&m)
	if err != nil {
		return fmt.Errorf("update membership %s: %w", m.ID, err)
	}
	err = t.db.swap(ctx, `
		UPDATE memberships
		SET roles = $1, policies = $2, status = $3, api_access = $4, invited_by = $5, created_on = $6,
			version = version + 1
		WHERE id = $7 AND version = $8`,
		roles, policies, m.Status, m.APIAccess, m.InvitedBy, micros(m.CreatedOn), m.ID, m.Version)
	if err != nil {
		return fmt.Errorf("update membership %s: %w", m.ID, err)
	}
	return nil
}

func (t *tx) DeleteMembership(ctx context.Context, id string, version int64) error {
	err := t.db.swap(ctx, `
		DELETE FROM memberships
		WHERE id = $1 AND version = $2`,
		id, version)
	if err != nil {
		return fmt.Errorf("delete membership %s: %w", id, err)
	}
	return nil
}

// memberPolicyDocument is a member's policy as the database keeps it.
type memberPolicyDocument struct {
	ID             string   `json:"id"`
	Effect         string   `json:"effect"`
	Groups         []string `json:"groups"`
	ResourceGroups []string `json:"resource_groups"`
}

func membershipTexts(m *authority.Membership) (roles string, policies any, err error) {
	if roles, err = jsonText(m.Roles); err != nil || m.Policies == nil {
		return roles, nil, err
	}
	docs := make([]memberPolicyDocument, len(m.Policies))
	for i, p := range m.Policies {
		docs[i] = memberPolicyDocument{p.ID, p.Effect.String(), p.Groups, p.ResourceGroups}
	}
	policies, err = jsonText(docs)
	return roles, policies, err
}

// memberPolicies scans them. Policies that cannot be read are an error, never
// fewer policies: a lost deny would allow.
type memberPolicies struct{ into *[]authority.MemberPolicy }

func (c memberPolicies) Scan(v any) error {
	var docs []memberPolicyDocument
	if err := (jsonColumn{&docs}).Scan(v); err != nil || docs == nil {
		return err
	}
	list := make([]authority.MemberPolicy, len(docs))
	for i, d := range docs {
		effect, ok := policy.ParseEffect(d.Effect)
		if !ok {
			return fmt.Errorf("member policy %s has the effect %q", d.ID, d.Effect)
		}
		list[i] = authority.MemberPolicy{ID: d.ID, Effect: effect, Groups: d.Groups, ResourceGroups: d.ResourceGroups}
	}
	*c.into = list
	return nil
}
