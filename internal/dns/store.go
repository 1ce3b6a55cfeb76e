package dns

import (
	"context"

	"github.com/tokenward/tokenward/internal/authority"
)

// Reader reads records. One that is not there, or is in another zone, is
// [authority.ErrNotFound]; lists are empty, not nil errors.
type Reader interface {
	Record(ctx context.Context, zoneID, id string) (Record, error)
	// Records calls each for the records of a zone, ordered by name, type,
	// then id, until it returns false. It holds no lock while each runs.
	Records(ctx context.Context, zoneID string, each func(Record) bool) error
	// RecordsByName gives the records of a zone at one name, ordered by type,
	// then id. The name is in the form of Record.Name.
	RecordsByName(ctx context.Context, zoneID, name string) ([]Record, error)
}

// Tx changes records. Reads within it see what it has written.
type Tx interface {
	Reader

	// InsertRecord answers ErrExists when the id is taken and ErrNotFound when
	// the zone is gone.
	InsertRecord(ctx context.Context, r Record) error
	// UpdateRecord replaces the row of r.ZoneID and r.ID if its version is
	// r.Version, stores r.Version+1, and answers ErrConflict otherwise.
	UpdateRecord(ctx context.Context, r Record) error
	// DeleteRecord answers ErrConflict when the row's version moved.
	DeleteRecord(ctx context.Context, zoneID, id string, version int64) error

	AppendEvent(ctx context.Context, e authority.Event) error
}

// Store keeps records.
//
// A transaction is serializable: whether a record may stand next to the others
// of its name is checked by reading them inside it. Nothing that a cache holds
// depends on records, so there are no entries of the change feed.
type Store interface {
	Reader

	// WriteRecords runs f in one transaction and returns once what f did is on
	// disk, or undone. An error of f is returned as it is, with everything
	// undone. f may run more than once, and must do nothing but call its Tx.
	WriteRecords(ctx context.Context, f func(context.Context, Tx) error) error
}
