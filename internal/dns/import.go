package dns

import (
	"context"
	"errors"

	"github.com/tokenward/tokenward/internal/authority"
)

// ZoneFile is a zone file to import.
type ZoneFile struct {
	Text string // MaxZoneFile bytes at most
	// Proxied: records that can be proxied are, unless the tag cf-proxied
	// behind them says otherwise.
	Proxied bool
}

// Imported says what an import did.
type Imported struct {
	Parsed int      // records of the file, but for SOA and the zone's own NS
	Added  []Record //
	// Identical are those that were there already, or earlier in the file.
	Identical []Record
}

// Import adds the records of a zone file, or none of them when one is wrong, is
// not the caller's to make (a Forbidden), or cannot stand next to another. One
// that is identical to another is left out and told: a file can be imported
// twice.
//
// $ORIGIN, $TTL and $GENERATE are understood, $INCLUDE is refused. The comments
// behind records are their comments and tags (see attributes).
func (s *Service) Import(ctx context.Context, in *authority.RecordScope, file ZoneFile, stamp Stamp) (Imported, error) {
	f := zoneFile{zone: *in.Zone(), proxied: file.Proxied}
	drafts, err := f.read(file.Text)
	if err != nil {
		return Imported{}, err
	}
	var out Imported
	err = s.write(ctx, in, stamp, len(drafts), func(ctx context.Context, b *batch) error {
		records, err := b.lines(drafts)
		if err != nil {
			return err
		}
		if err := b.mayMake(records); err != nil {
			return err
		}
		out, err = b.add(ctx, records)
		return err
	})
	if err != nil {
		return Imported{}, err
	}
	return out, nil
}

// lines makes the records of all drafts. What is wrong is told with the name and
// type of the record: a file has no members to point to.
func (b *batch) lines(drafts []Draft) ([]Record, error) {
	var faults []Fault
	records := make([]Record, 0, len(drafts))
	for i, d := range drafts {
		r, err := b.draft(d, Record{ID: b.ids[i], CreatedOn: b.now, Version: 1}, Record{})
		var wrong *Error
		if errors.As(err, &wrong) {
			for _, f := range wrong.Chain {
				faults = append(faults, Fault{f.Number, atFile, lineName(d.Name, d.Type) + f.Message})
			}
		} else if err != nil {
			return nil, err
		}
		if len(faults) >= maxFaults {
			break
		}
		records = append(records, r)
	}
	return records, invalid(faults)
}

// mayMake refuses all records of a file when one is not the caller's to make,
// whether or not it is there already.
func (b *batch) mayMake(records []Record) error {
	var all wrong
	for i := range records {
		all.forbids(mayChange(b.in, &records[i], atFile))
		if all.enough() {
			break
		}
	}
	return all.err()
}

// add inserts those records that are not there yet.
func (b *batch) add(ctx context.Context, records []Record) (Imported, error) {
	out := Imported{Parsed: len(records)}
	there := map[string]map[string]bool{} // what is published, by name
	for _, r := range records {
		if there[r.Name] == nil {
			var err error
			if there[r.Name], err = b.published(ctx, r.Name); err != nil {
				return out, err
			}
		}
		key, _ := r.publishes() // it was made just now
		if there[r.Name][key] {
			out.Identical = append(out.Identical, r)
			continue
		}
		there[r.Name][key] = true
		if err := b.tx.InsertRecord(ctx, r); err != nil {
			return out, err
		}
		if err := b.changed(ctx, nil, &r, atFile); err != nil {
			return out, err
		}
		out.Added = append(out.Added, r)
	}
	c, err := b.conflict(ctx)
	if err == nil && c != nil {
		message := lineName(c.record.Name, c.record.Type) + c.message
		err = &Error{Code: authority.CodeExists, Number: c.number, Message: message, Chain: []Fault{{c.number, atFile, message}}}
	}
	return out, err
}

// published is what the records at a name publish.
func (b *batch) published(ctx context.Context, name string) (map[string]bool, error) {
	all, err := b.tx.RecordsByName(ctx, b.zone.ID, name)
	out := map[string]bool{}
	for _, r := range all {
		if key, ok := r.publishes(); ok {
			out[key] = true
		}
	}
	return out, err
}
