package store

import (
	"context"
	"fmt"

	"github.com/tokenward/tokenward/internal/authority"
)

func (r reader) Zone(ctx context.Context, id string) (authority.Zone, error) {
	z, err := one(ctx, r.db, scanZone, `
		SELECT id, account_id, name, type, status, paused, name_servers, vanity_name_servers,
			created_on, modified_on, activated_on, version
		FROM zones
		WHERE id = $1`,
		id)
	if err != nil {
		return z, fmt.Errorf("read zone %s: %w", id, err)
	}
	return z, nil
}

func (r reader) ZonesByID(ctx context.Context, ids []string) ([]authority.Zone, error) {
	list, err := someByID(ctx, r.db, scanZone, ids, `
		SELECT id, account_id, name, type, status, paused, name_servers, vanity_name_servers,
			created_on, modified_on, activated_on, version
		FROM zones
		WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
			$21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)`)
	if err != nil {
		return nil, fmt.Errorf("read zones by id: %w", err)
	}
	return list, nil
}

func (r reader) ZoneByName(ctx context.Context, accountID, name string) (z authority.Zone, err error) {
	if accountID == "" {
		z, err = r.zoneByNameAnywhere(ctx, name)
	} else {
		z, err = r.zoneByNameIn(ctx, accountID, name)
	}
	if err != nil {
		return z, fmt.Errorf("read zone %s: %w", name, err)
	}
	return z, nil
}

func (r reader) zoneByNameIn(ctx context.Context, accountID, name string) (authority.Zone, error) {
	return one(ctx, r.db, scanZone, `
		SELECT id, account_id, name, type, status, paused, name_servers, vanity_name_servers,
			created_on, modified_on, activated_on, version
		FROM zones
		WHERE account_id = $1 AND name = $2`,
		accountID, name)
}

// zoneByNameAnywhere gives the oldest where accounts have zones of the same name.
func (r reader) zoneByNameAnywhere(ctx context.Context, name string) (authority.Zone, error) {
	return one(ctx, r.db, scanZone, `
		SELECT id, account_id, name, type, status, paused, name_servers, vanity_name_servers,
			created_on, modified_on, activated_on, version
		FROM zones
		WHERE name = $1
		ORDER BY created_on, id
		LIMIT 1`,
		name)
}

// zonesAfter gives the next zones of an account. Names are unique in an account, so
// the last name seen is where to go on.
func (r reader) zonesAfter(ctx context.Context, accountID, name string, limit int) ([]authority.Zone, error) {
	return all(ctx, r.db, scanZone, `
		SELECT id, account_id, name, type, status, paused, name_servers, vanity_name_servers,
			created_on, modified_on, activated_on, version
		FROM zones
		WHERE account_id = $1 AND name > $2
		ORDER BY name
		LIMIT $3 + 0`,
		accountID, name, limit)
}

func scanZone(r row) (authority.Zone, error) {
	var z authority.Zone
	err := r.Scan(&z.ID, &z.AccountID, &z.Name, &z.Type, &z.Status, &z.Paused, jsonColumn{&z.NameServers}, jsonColumn{&z.VanityNameServers},
		instant{&z.CreatedOn}, instant{&z.ModifiedOn}, instant{&z.ActivatedOn}, &z.Version)
	return z, err
}

func zoneColumns(z *authority.Zone) (servers, vanity string, err error) {
	if servers, err = jsonText(z.NameServers); err != nil {
		return "", "", err
	}
	vanity, err = jsonText(z.VanityNameServers)
	return servers, vanity, err
}

func (t *tx) InsertZone(ctx context.Context, z authority.Zone) error {
	servers, vanity, err := zoneColumns(&z)
	if err != nil {
		return fmt.Errorf("insert zone %s: %w", z.ID, err)
	}
	err = t.db.exec(ctx, `
		INSERT INTO zones (id, account_id, name, type, status, paused, name_servers, vanity_name_servers,
			created_on, modified_on, activated_on, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		z.ID, z.AccountID, z.Name, z.Type, z.Status, z.Paused, servers, vanity,
		micros(z.CreatedOn), micros(z.ModifiedOn), micros(z.ActivatedOn), z.Version)
	if err != nil {
		return fmt.Errorf("insert zone %s: %w", z.ID, err)
	}
	return nil
}

// UpdateZone may move a zone to another account.
func (t *tx) UpdateZone(ctx context.Context, z authority.Zone) error {
	servers, vanity, err := zoneColumns(&z)
	if err != nil {
		return fmt.Errorf("update zone %s: %w", z.ID, err)
	}
	err = t.db.swap(ctx, `
		UPDATE zones
		SET account_id = $1, name = $2, type = $3, status = $4, paused = $5, name_servers = $6,
			vanity_name_servers = $7, created_on = $8, modified_on = $9, activated_on = $10, version = version + 1
		WHERE id = $11 AND version = $12`,
		z.AccountID, z.Name, z.Type, z.Status, z.Paused, servers, vanity,
		micros(z.CreatedOn), micros(z.ModifiedOn), micros(z.ActivatedOn), z.ID, z.Version)
	if err != nil {
		return fmt.Errorf("update zone %s: %w", z.ID, err)
	}
	return nil
}

// DeleteZone takes the zone's records along: their foreign key says so.
func (t *tx) DeleteZone(ctx context.Context, id string, version int64) error {
	err := t.db.swap(ctx, `
		DELETE FROM zones
		WHERE id = $1 AND version = $2`,
		id, version)
	if err != nil {
		return fmt.Errorf("delete zone %s: %w", id, err)
	}
	return nil
}
