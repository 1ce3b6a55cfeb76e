package upstream

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"github.com/tokenward/tokenward/internal/gateway"
)

// maxRecord is the size of the upstream's answer about one record, in bytes.
const maxRecord = 1 << 20

// recordGet answers with a record that the caller may read.
func (p *Proxy) recordGet(w http.ResponseWriter, z *recordZone) error {
	doc, _, err := p.recordRead(z, z.x.pass.Match.Param("dns_record_id"))
	if err != nil {
		return err
	}
	body, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(body)
	return nil
}

// recordRead asks the upstream for a record: its answer, and what the record is
// judged by. One that the caller may not read is errNoRecord.
func (p *Proxy) recordRead(z *recordZone, id string) (doc any, found record, err error) {
	if !isRecordID(id) {
		return nil, record{}, errNoRecord
	}
	u := &url.URL{Scheme: p.base.Scheme, Host: p.base.Host, Path: p.base.Path + "/zones/" + z.id + "/dns_records/" + id}
	req := (&http.Request{Method: http.MethodGet, URL: u, Header: http.Header{"Accept": {"application/json"}}}).WithContext(z.x.ctx)
	p.introduce(req.Header, z.x.pass, z.in)
	data, err := p.get(req, maxRecord)
	var other said
	if errors.As(err, &other) && (other.status == http.StatusNotFound || other.status == http.StatusBadRequest) {
		return nil, record{}, errNoRecord
	}
	if err != nil {
		return nil, record{}, err
	}
	z.x.moved.Store(true)
	if doc, err = gateway.Document(data, maxRecord); err != nil {
		return nil, record{}, errors.New("the upstream's record cannot be read")
	}
	result, _ := gateway.At(doc, "/result")
	found, ok := z.named(result)
	if got, hasID := idAt(result, "/id"); !ok || !hasID || got != id || !z.records.Sees(found.name, found.typ) {
		return nil, record{}, errNoRecord
	}
	return doc, found, nil
}
