package upstream

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"

	"github.com/tokenward/tokenward/internal/gateway"
	"github.com/tokenward/tokenward/v4"
)

// maxRecordBody is the size of a change of records, in bytes.
const maxRecordBody = 1 << 20

// recordMembers are what can be said of a record. Others are left out.
var recordMembers = []string{
	"name", "type", "content", "data", "priority", "ttl", "proxied", "comment", "tags", "settings", "private_routing",
}

// nameInData are members of an SRV record's data that spell its name in older versions
// of the API. They are left out, so that the name that was judged counts.
var nameInData = []string{"service", "proto", "name"}

// recordWrite makes, changes or deletes one record.
func (p *Proxy) recordWrite(w http.ResponseWriter, r *http.Request, z *recordZone) error {
	op, id := z.x.pass.Match.Op.ID, ""
	var sent map[string]any
	if op == opRecordDelete {
		r.Body = http.NoBody
	} else {
		doc, err := z.readBody(w, r)
		if err != nil {
			return err
		}
		sent = doc
	}
	if op != opRecordCreate {
		id = z.x.pass.Match.Param("dns_record_id")
	}
	release, err := p.changing.hold(z.x.ctx, id)
	if err != nil {
		return err
	}
	defer release()
	z.x.answered = release // the change is made by then
	change, _, err := p.recordChange(z, op, id, sent, nil)
	if err != nil {
		return err
	}
	return p.forwardJudged(w, r, z, change)
}

// recordChange judges one change: the record before, and what becomes of it. It
// gives what is to be sent, nil for a deletion, and the record after. known are
// records as changes before this one, in the same request, leave them.
func (p *Proxy) recordChange(z *recordZone, op, id string, sent map[string]any, known map[string]record) (change map[string]any, after record, err error) {
	var before record
	if op != opRecordCreate {
		var ok bool
		if before, ok = known[id]; !ok {
			if _, before, err = p.recordRead(z, id); err != nil {
				return nil, record{}, err
			}
		}
		if err := z.allowed(before); err != nil {
			return nil, record{}, err
		}
	}
	if op == opRecordDelete {
		return nil, before, nil
	}
	change = make(map[string]any, len(recordMembers))
	for _, name := range recordMembers {
		if v, ok := sent[name]; ok {
			change[name] = v
		}
	}
	if after, err = z.after(change, before, op == opRecordPatch); err != nil {
		return nil, record{}, err
	}
	change["name"], change["type"] = after.name, after.typ
	if data, ok := change["data"].(map[string]any); ok && after.typ == "SRV" {
		for _, name := range nameInData {
			delete(data, name)
		}
	}
	return change, after, z.allowed(after)
}

// after reads what a change calls its record. A PATCH that leaves the name or the
// type alone keeps those that were judged.
func (z *recordZone) after(change map[string]any, before record, patch bool) (record, error) {
	out := before
	for _, m := range [...]struct {
		name string
		into *string
	}{{"name", &out.name}, {"type", &out.typ}} {
		switch v := change[m.name].(type) {
		case string:
			*m.into = v
		case nil:
			if !patch {
				return record{}, badRecord("/"+m.name, m.name+" must be given")
			}
		default:
			return record{}, badRecord("/"+m.name, m.name+" must be a string")
		}
	}
	full, ok := z.records.Complete(z.name, out.name)
	if !ok {
		return record{}, badRecord("/name", "name must be a DNS name in the zone "+z.name)
	}
	return record{full, strings.ToUpper(out.typ)}, nil
}

func (z *recordZone) allowed(r record) error {
	if why := z.records.Denied(r.name, r.typ); why != nil {
		return &refusedRecord{http.StatusForbidden, *why}
	}
	z.judged = append(z.judged, r)
	return nil
}

// readBody reads the JSON object that a client sends, to its end.
func (z *recordZone) readBody(w http.ResponseWriter, r *http.Request) (map[string]any, error) {
	for _, coding := range r.Header["Content-Encoding"] {
		if !strings.EqualFold(coding, "identity") {
			return nil, &refusedRecord{http.StatusUnsupportedMediaType, v4.Error{
				Code: v4.CodeInvalidHeaders, Message: "Invalid request headers: a request body cannot have a Content-Encoding"}}
		}
	}
	if r.Body == nil {
		r.Body = http.NoBody
	}
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRecordBody))
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		return nil, &refusedRecord{http.StatusRequestEntityTooLarge, v4.Error{
			Code: v4.CodeInvalidRequest, Message: "The request body is larger than " + strconv.Itoa(maxRecordBody) + " bytes"}}
	}
	if err != nil {
		return nil, err
	}
	doc, err := gateway.Document(data, maxRecordBody)
	object, ok := doc.(map[string]any)
	if err != nil || !ok {
		return nil, badRecord("", "The request body must be one JSON object in which no member is given twice")
	}
	return object, nil
}

// forwardJudged forwards a request with what was judged for its body, if the caller
// may still do it.
func (p *Proxy) forwardJudged(w http.ResponseWriter, r *http.Request, z *recordZone, change map[string]any) error {
	if err := z.still(); err != nil {
		return err
	}
	r = r.Clone(z.x.ctx)
	r.URL.RawQuery, r.URL.ForceQuery = "", false
	r.TransferEncoding, r.Trailer = nil, nil
	maps.DeleteFunc(r.Header, func(name string, _ []string) bool { return strings.HasPrefix(name, "Content-") || name == "Expect" })
	r.Body, r.ContentLength = http.NoBody, 0
	if change != nil {
		body, err := json.Marshal(change)
		if err != nil {
			return err
		}
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		r.Header.Set("Content-Type", "application/json")
	}
	z.x.phase.Store(waiting)
	p.reverse.ServeHTTP(&writer{ResponseWriter: w}, r)
	return nil
}
