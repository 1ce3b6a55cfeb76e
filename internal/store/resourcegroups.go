package store

import (
	"context"
	"fmt"

	"github.com/tokenward/tokenward/internal/authority"
)

func (r reader) ResourceGroups(ctx context.Context, accountID string) ([]authority.ResourceGroup, error) {
	list, err := all(ctx, r.db, scanResourceGroup, `
		SELECT id, account_id, name, objects, created_on, modified_on, version
		FROM resource_groups
		WHERE account_id = $1
		ORDER BY name, id`,
		accountID)
	if err != nil {
		return nil, fmt.Errorf("read the resource groups of account %s: %w", accountID, err)
	}
	return list, nil
}

func scanResourceGroup(r row) (authority.ResourceGroup, error) {
	var g authority.ResourceGroup
	err := r.Scan(&g.ID, &g.AccountID, &g.Name, jsonColumn{&g.Objects}, instant{&g.CreatedOn}, instant{&g.ModifiedOn}, &g.Version)
	return g, err
}

func (t *tx) InsertResourceGroup(ctx context.Context, g authority.ResourceGroup) error {
	objects, err := jsonText(g.Objects)
	if err != nil {
		return fmt.Errorf("insert resource group %s: %w", g.ID, err)
	}
	err = t.db.exec(ctx, `
		INSERT INTO resource_groups (id, account_id, name, objects, created_on, modified_on, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		g.ID, g.AccountID, g.Name, objects, micros(g.CreatedOn), micros(g.ModifiedOn), g.Version)
	if err != nil {
		return fmt.Errorf("insert resource group %s: %w", g.ID, err)
	}
	return nil
}

// UpdateResourceGroup leaves the account, which never changes.
func (t *tx) UpdateResourceGroup(ctx context.Context, g authority.ResourceGroup) error {
	objects, err := jsonText(g.Objects)
	if err != nil {
		return fmt.Errorf("update resource group %s: %w", g.ID, err)
	}
	err = t.db.swap(ctx, `
		UPDATE resource_groups
		SET name = $1, objects = $2, created_on = $3, modified_on = $4, version = version + 1
		WHERE id = $5 AND version = $6`,
		g.Name, objects, micros(g.CreatedOn), micros(g.ModifiedOn), g.ID, g.Version)
	if err != nil {
		return fmt.Errorf("update resource group %s: %w", g.ID, err)
	}
	return nil
}

func (t *tx) DeleteResourceGroup(ctx context.Context, id string, version int64) error {
	err := t.db.swap(ctx, `
		DELETE FROM resource_groups
		WHERE id = $1 AND version = $2`,
		id, version)
	if err != nil {
		return fmt.Errorf("delete resource group %s: %w", id, err)
	}
	return nil
}
