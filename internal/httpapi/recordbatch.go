package httpapi

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/dns"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/v4"
)

// batchRequest has changes of a zone's records. They are made in the order of
// its members, whatever their order in the text.
type batchRequest struct {
	Deletes []reference   `json:"deletes,omitempty" jsonschema:"carried out first"`
	Patches []batchRecord `json:"patches,omitempty" jsonschema:"carried out second"`
	Puts    []batchRecord `json:"puts,omitempty" jsonschema:"carried out third"`
	Posts   []batchRecord `json:"posts,omitempty" jsonschema:"carried out last"`
}

// batchRecord is a record with its id; that of a new one is passed over.
type batchRecord struct {
	ID string `json:"id,omitempty" jsonschema:"of the record to change; of no meaning in posts"`
	recordRequest
}

// batchRecords makes all changes or none: dns.MaxChanges at most, and one at
// least. An error points to its change, as in /posts/0/content.
func (a *API) batchRecords(r *http.Request, c *Call, in *batchRequest) (reply[v4.RecordBatch], error) {
	scope, z, err := a.recordScope(r, c)
	if err != nil {
		return reply[v4.RecordBatch]{}, err
	}
	changes, err := in.changes()
	if err != nil {
		return reply[v4.RecordBatch]{}, err
	}
	rows, err := a.records.Apply(r.Context(), scope, changes, stamp(c, z))
	if err != nil {
		return reply[v4.RecordBatch]{}, err
	}
	next := func(n int) v4.List[v4.DNSRecord] {
		some := wireRecords(rows[:n], z)
		rows = rows[n:]
		return some
	}
	return reply[v4.RecordBatch]{result: v4.RecordBatch{
		Deletes: next(len(in.Deletes)), Patches: next(len(in.Patches)), Puts: next(len(in.Puts)), Posts: next(len(in.Posts)),
	}}, nil
}

// changes are the request's, in the order that they are made in.
func (in *batchRequest) changes() ([]dns.Change, error) {
	var changes []dns.Change
	for i, d := range in.Deletes {
		changes = append(changes, dns.Change{Verb: dns.Delete, ID: d.ID, At: fmt.Sprintf("/deletes/%d", i)})
	}
	var faults []policy.Fault
	for _, list := range []struct {
		name    string
		verb    dns.Verb
		records []batchRecord
	}{{"patches", dns.Patch, in.Patches}, {"puts", dns.Put, in.Puts}, {"posts", dns.Post, in.Posts}} {
		for i := range list.records {
			record, at := &list.records[i], fmt.Sprintf("/%s/%d", list.name, i)
			d, err := record.draft(list.verb == dns.Patch)
			faults = append(faults, faultsBelow(at, err)...)
			changes = append(changes, dns.Change{Verb: list.verb, ID: record.ID, Draft: d, At: at})
		}
	}
	switch {
	case len(faults) > 0:
		return nil, &authority.Error{Code: authority.CodeInvalid, Faults: faults}
	case len(changes) == 0:
		return nil, invalid("", "give at least one of deletes, patches, puts and posts")
	}
	return changes, nil
}

// faultsBelow are the faults of one change, with pointers from the whole.
func faultsBelow(at string, err error) []policy.Fault {
	var wrong *authority.Error
	if !errors.As(err, &wrong) {
		return nil
	}
	for i := range wrong.Faults {
		wrong.Faults[i].Pointer = at + wrong.Faults[i].Pointer
	}
	return wrong.Faults
}
