package store

import (
	"context"
	"fmt"

	"github.com/tokenward/tokenward/internal/dns"
)

const recordPage = 256

func (r reader) Record(ctx context.Context, zoneID, id string) (dns.Record, error) {
	rec, err := one(ctx, r.db, scanRecord, `
		SELECT id, zone_id, name, type, content, data, priority, ttl, proxied, comment, tags, settings,
			private_routing, created_on, modified_on, comment_modified_on, tags_modified_on, version
		FROM dns_records
		WHERE id = $1 AND zone_id = $2`,
		id, zoneID)
	if err != nil {
		return rec, fmt.Errorf("read record %s: %w", id, err)
	}
	return rec, nil
}

// Records reads page by page. Between two pages others may write: what they add or
// take away may or may not be seen.
func (r reader) Records(ctx context.Context, zoneID string, each func(dns.Record) bool) error {
	var last dns.Record
	for {
		page, err := r.recordsAfter(ctx, zoneID, &last, recordPage)
		if err != nil {
			return fmt.Errorf("list the records of zone %s: %w", zoneID, err)
		}
		for _, rec := range page {
			if !each(rec) {
				return nil
			}
		}
		if len(page) < recordPage {
			return nil
		}
		last = page[len(page)-1]
	}
}

func (r reader) recordsAfter(ctx context.Context, zoneID string, last *dns.Record, limit int) ([]dns.Record, error) {
	return all(ctx, r.db, scanRecord, `
		SELECT id, zone_id, name, type, content, data, priority, ttl, proxied, comment, tags, settings,
			private_routing, created_on, modified_on, comment_modified_on, tags_modified_on, version
		FROM dns_records
		WHERE zone_id = $1 AND (name, type, id) > ($2, $3, $4)
		ORDER BY name, type, id
		LIMIT $5 + 0`,
		zoneID, last.Name, last.Type, last.ID, limit)
}

func (r reader) RecordsByName(ctx context.Context, zoneID, name string) ([]dns.Record, error) {
	list, err := all(ctx, r.db, scanRecord, `
		SELECT id, zone_id, name, type, content, data, priority, ttl, proxied, comment, tags, settings,
			private_routing, created_on, modified_on, comment_modified_on, tags_modified_on, version
		FROM dns_records
		WHERE zone_id = $1 AND name = $2
		ORDER BY type, id`,
		zoneID, name)
	if err != nil {
		return nil, fmt.Errorf("read the records of %s: %w", name, err)
	}
	return list, nil
}

func scanRecord(r row) (dns.Record, error) {
	var rec dns.Record
	err := r.Scan(&rec.ID, &rec.ZoneID, &rec.Name, &rec.Type, &rec.Content, rawColumn{&rec.Data}, &rec.Priority, &rec.TTL,
		&rec.Proxied, &rec.Comment, jsonColumn{&rec.Tags}, jsonColumn{&rec.Settings}, &rec.PrivateRouting,
		instant{&rec.CreatedOn}, instant{&rec.ModifiedOn}, instant{&rec.CommentModifiedOn}, instant{&rec.TagsModifiedOn},
		&rec.Version)
	return rec, err
}

func (t *tx) InsertRecord(ctx context.Context, r dns.Record) error {
	j, err := recordColumns(&r)
	if err != nil {
		return fmt.Errorf("insert record %s: %w", r.ID, err)
	}
	err = t.db.exec(ctx, `
		INSERT INTO dns_records (id, zone_id, name, type, content, data, priority, ttl, proxied, comment, tags, settings,
			private_routing, created_on, modified_on, comment_modified_on, tags_modified_on, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
		r.ID, r.ZoneID, r.Name, r.Type, r.Content, rawText(r.Data), r.Priority, r.TTL, r.Proxied, r.Comment, j.tags, j.settings,
		r.PrivateRouting, micros(r.CreatedOn), micros(r.ModifiedOn), micros(r.CommentModifiedOn), micros(r.TagsModifiedOn),
		r.Version)
	if err != nil {
		return fmt.Errorf("insert record %s: %w", r.ID, err)
	}
	return nil
}

func (t *tx) UpdateRecord(ctx context.Context, r dns.Record) error {
	j, err := recordColumns(&r)
	if err != nil {
		return fmt.Errorf("update record %s: %w", r.ID, err)
	}
	err = t.db.swap(ctx, `
		UPDATE dns_records
		SET name = $1, type = $2, content = $3, data = $4, priority = $5, ttl = $6, proxied = $7, comment = $8,
			tags = $9, settings = $10, private_routing = $11, created_on = $12, modified_on = $13,
			comment_modified_on = $14, tags_modified_on = $15, version = version + 1
		WHERE id = $16 AND zone_id = $17 AND version = $18`,
		r.Name, r.Type, r.Content, rawText(r.Data), r.Priority, r.TTL, r.Proxied, r.Comment,
		j.tags, j.settings, r.PrivateRouting, micros(r.CreatedOn), micros(r.ModifiedOn),
		micros(r.CommentModifiedOn), micros(r.TagsModifiedOn), r.ID, r.ZoneID, r.Version)
	if err != nil {
		return fmt.Errorf("update record %s: %w", r.ID, err)
	}
	return nil
}

func (t *tx) DeleteRecord(ctx context.Context, zoneID, id string, version int64) error {
	err := t.db.swap(ctx, `
		DELETE FROM dns_records
		WHERE id = $1 AND zone_id = $2 AND version = $3`,
		id, zoneID, version)
	if err != nil {
		return fmt.Errorf("delete record %s: %w", id, err)
	}
	return nil
}

// recordJSON holds a record's columns of JSON.
type recordJSON struct{ tags, settings string }

func recordColumns(r *dns.Record) (j recordJSON, err error) {
	if j.tags, err = jsonText(r.Tags); err != nil {
		return j, err
	}
	j.settings, err = jsonText(r.Settings)
	return j, err
}
