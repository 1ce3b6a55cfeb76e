package upstream

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/gateway"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/v4"
)

// Records judges records of a zone for a caller who may do an operation on some of
// them only. Names are complete, in lower case and Punycode, without a trailing dot.
type Records struct {
	// Complete gives the name that a record of a zone gets when somebody sends name
	// for it; ok is false for what is none.
	Complete func(zone, name string) (full string, ok bool)
	// Sees says whether the caller may read a record. One that they may not read is,
	// for them, not there.
	Sees func(name, typ string) bool
	// Denied is why the caller may not do the operation on a record, nil where they
	// may. It is asked for records that they named or may read.
	Denied func(name, typ string) *v4.Error
}

// Operations on DNS records that a Proxy judges record by record.
const (
	opRecordList   = "dns-records-for-a-zone-list-dns-records"
	opRecordGet    = "dns-records-for-a-zone-dns-record-details"
	opRecordCreate = "dns-records-for-a-zone-create-dns-record"
	opRecordPut    = "dns-records-for-a-zone-update-dns-record"
	opRecordPatch  = "dns-records-for-a-zone-patch-dns-record"
	opRecordDelete = "dns-records-for-a-zone-delete-dns-record"
	opRecordBatch  = "dns-records-for-a-zone-batch-dns-records"
)

// ByRecord are the ids of the operations that Forward does for callers with
// Pass.Records. A zone file, to import or to export, is not taken apart here.
func ByRecord() []string {
	return []string{opRecordList, opRecordGet, opRecordCreate, opRecordPut, opRecordPatch, opRecordDelete, opRecordBatch}
}

// recordZone is the zone of an exchange whose caller has some of its records.
type recordZone struct {
	x       *exchange
	in      *http.Request
	id      string
	name    string
	records *Records
	judged  []record // that the request's changes were allowed on
}

// record is what a record is judged by.
type record struct{ name, typ string }

var errNoRecord = errors.New("there is no such record, or the caller may not read it")

// byRecord answers a request whose caller has some of a zone's records. What is
// written is written anew from what was judged: a name in full, a type in upper
// case, and no member that is not a record's.
//
// Between the look at a record and its change somebody else can rename it, at the
// upstream itself: its API has no conditional requests. Changes that come this way
// wait for each other.
func (p *Proxy) byRecord(w http.ResponseWriter, r *http.Request, x *exchange) {
	z, err := p.recordZone(r, x)
	if err != nil {
		p.failed(w, r, err)
		return
	}
	switch x.pass.Match.Op.ID {
	case opRecordList:
		p.list(w, r, x, z.filter())
	case opRecordGet:
		err = p.recordGet(w, z)
	case opRecordBatch:
		err = p.recordBatch(w, r, z)
	case opRecordCreate, opRecordPut, opRecordPatch, opRecordDelete:
		err = p.recordWrite(w, r, z)
	default:
		fail(w, http.StatusForbidden, notByRecord)
	}
	if err != nil {
		p.refuseRecord(w, r, err)
	}
}

func (p *Proxy) recordZone(r *http.Request, x *exchange) (*recordZone, error) {
	records, err := x.records()
	if err != nil {
		return nil, err
	}
	z := &recordZone{x: x, in: r, id: x.pass.Match.Param("zone_id"), records: records}
	if z.name, err = p.zones.Name(x.ctx, z.id); err != nil {
		return nil, err
	}
	// A name that is not as ours are would make other names of the client's.
	if full, ok := records.Complete(z.name, "@"); !ok || full != z.name || z.name == "" || strings.ToLower(z.name) != z.name {
		return nil, errors.New("the name of the zone cannot be read")
	}
	return z, nil
}

// records are those that the caller has now.
func (x *exchange) records() (*Records, error) {
	records, err := x.pass.Records(x.ctx)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", errUnjudged, err)
	case records == nil:
		return nil, errNotAllowed
	}
	return records, nil
}

// still refuses a caller who may not do any more what was judged: reading their
// body, waiting for others and looking at records takes time.
func (z *recordZone) still() error {
	if z.x.pass.Still != nil && !z.x.pass.Still(z.x.ctx) {
		return errNotAllowed
	}
	records, err := z.x.records()
	if err != nil {
		return err
	}
	for _, r := range z.judged {
		if records.Denied(r.name, r.typ) != nil {
			return errNotAllowed
		}
	}
	return nil
}

// named reads the name and the type of a record as the upstream has it. false is
// for what cannot be read, which is nobody's.
func (z *recordZone) named(doc any) (record, bool) {
	name, ok := gateway.Scalar(doc, "/name")
	typ, ok2 := gateway.Scalar(doc, "/type")
	full, ok3 := z.records.Complete(z.name, name)
	// A name that is not in the zone is not completed to one that is.
	inZone := strings.EqualFold(strings.TrimSuffix(name, "."), z.name) || strings.HasSuffix(strings.ToLower(strings.TrimSuffix(name, ".")), "."+z.name)
	return record{full, typ}, ok && ok2 && ok3 && inZone
}

func (z *recordZone) sees(doc any) bool {
	r, ok := z.named(doc)
	return ok && z.records.Sees(r.name, r.typ)
}

// Pages of a list of records.
const (
	recordPage    = 100  // rows when the client does not say, as upstream
	maxRecordPage = 5000 // and at most
)

func (z *recordZone) filter() *filter {
	return &filter{
		items: "/result", size: recordPage, most: maxRecordPage,
		paging: catalog.Paging{
			Count: "/result_info/count", TotalCount: "/result_info/total_count", TotalPages: "/result_info/total_pages",
			Page: "/result_info/page", PerPage: "/result_info/per_page",
		},
		shows: func(item any) bool { return z.sees(item) },
	}
}

// refuseRecord answers a request of byRecord that is not carried out.
func (p *Proxy) refuseRecord(w http.ResponseWriter, r *http.Request, err error) {
	var told *refusedRecord
	switch {
	case errors.As(err, &told):
		if told.status == http.StatusForbidden {
			w.Header().Set(headerDeniedBy, "gateway")
		}
		fail(w, told.status, told.tell)
	case errors.Is(err, errNoRecord):
		fail(w, http.StatusNotFound, noRecord)
	default:
		p.failed(w, r, err)
	}
}

// refusedRecord is what a client is told whose change is not made.
type refusedRecord struct {
	status int
	tell   v4.Error
}

func (r *refusedRecord) Error() string { return r.tell.Message }

func badRecord(pointer, message string) error {
	e := v4.Error{Code: v4.CodeInvalidRequest, Message: message}
	if pointer != "" {
		e.Source = &v4.Source{Pointer: pointer}
	}
	return &refusedRecord{http.StatusBadRequest, e}
}

// below is an error with its place in the request, where it has none: that of a
// change among several.
func below(at string, err error) error {
	var told *refusedRecord
	switch {
	case at == "" || err == nil:
		return err
	case errors.As(err, &told):
		tell := told.tell
		if tell.Source != nil {
			at += tell.Source.Pointer
		}
		tell.Source = &v4.Source{Pointer: at}
		return &refusedRecord{told.status, tell}
	case errors.Is(err, errNoRecord):
		tell := noRecord
		tell.Source = &v4.Source{Pointer: at + "/id"}
		return &refusedRecord{http.StatusNotFound, tell}
	}
	return err
}

func isRecordID(id string) bool {
	_, ok := policy.ParseID(id)
	return ok
}
