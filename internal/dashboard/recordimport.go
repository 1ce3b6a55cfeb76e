package dashboard

import (
	"context"
	"errors"
	"fmt"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/dns"
	"github.com/tokenward/tokenward/internal/recordwire"
)

// maxImportForm is a zone file of the most bytes as a form sends it: a byte can
// become three.
const maxImportForm = 3*dns.MaxZoneFile + 4<<10

// maxImportRows is how many records a report of an import names.
const maxImportRows = 100

// importData is what the page of an import shows: the form, and what the import
// did or what is wrong with the file.
type importData struct {
	zoneHead
	MaxKiB           int
	Faults           []string
	Done             bool
	Parsed           int
	Added, Identical []importRow
	NAdded, NSame    int
}

type importRow struct{ Type, Name, Content string }

func (d *Dashboard) importPage(ctx context.Context, in *request) (page, error) {
	_, z, err := d.recordScope(ctx, in, authority.OpDNSList)
	if err != nil {
		return page{}, err
	}
	return d.importForm(in, z), nil
}

func (d *Dashboard) importForm(in *request, z *authority.Zone) page {
	return showZone(in, "recordimport", "Import a zone file", importData{zoneHead: d.zoneHead(in, z, "records"), MaxKiB: dns.MaxZoneFile >> 10})
}

// importRecords adds the records of a file and reports. Loading the report again
// finds everything there already, and adds nothing.
func (d *Dashboard) importRecords(ctx context.Context, in *request) (page, error) {
	scope, z, err := d.recordScope(ctx, in, authority.OpDNSImport)
	if err != nil {
		return page{}, err
	}
	text := in.form.Get("file")
	switch {
	case in.form.Trimmed("file") == "":
		in.form.fail("file", "Paste the zone file here.")
		return again(d.importForm(in, z), in.form), nil
	case len(text) > dns.MaxZoneFile:
		in.form.fail("file", fmt.Sprintf("It is too large: at most %d KiB are possible.", dns.MaxZoneFile>>10))
		return again(d.importForm(in, z), in.form), nil
	}
	done, err := d.records.Import(ctx, scope, dns.ZoneFile{Text: text, Proxied: in.form.Has("proxied")}, recordwire.Stamp(&in.caller, z))
	if err != nil {
		return d.importAgain(in, z, err)
	}
	p := d.importForm(in, z)
	data := p.data.(importData)
	data.Done, data.Parsed, data.NAdded, data.NSame = true, done.Parsed, len(done.Added), len(done.Identical)
	data.Added, data.Identical = importRows(done.Added), importRows(done.Identical)
	p.data, p.title = data, "The zone file is imported"
	return p, nil
}

// importAgain lists what is wrong with the file. Nothing of it was imported.
func (d *Dashboard) importAgain(in *request, z *authority.Zone, err error) (page, error) {
	faults := importFaults(err)
	if len(faults) == 0 {
		return page{}, err
	}
	p := d.importForm(in, z)
	data := p.data.(importData)
	data.Faults = faults
	p.data = data
	in.form.problem("nothing was imported")
	return again(p, in.form), nil
}

// importFaults is what is wrong with a file, nil where that is not what went
// wrong.
func importFaults(err error) (out []string) {
	var wrong *dns.Error
	var no *dns.Forbidden
	switch code, _ := codeOf(err); {
	case errors.As(err, &no):
		for i := range no.Changes {
			out = append(out, sentence(barred(&no.Changes[i])))
		}
	case errors.As(err, &wrong) && (code == codeInvalid || code == codeExists):
		for _, f := range wrong.Chain {
			out = append(out, sentence(f.Message))
		}
		if len(out) == 0 {
			out = []string{sentence(wrong.Message)}
		}
	}
	return out
}

func importRows(records []dns.Record) []importRow {
	var out []importRow
	for _, r := range records[:min(len(records), maxImportRows)] {
		out = append(out, importRow{r.Type, r.Name, shortened(r.Content, 80)})
	}
	return out
}

// exportRecords sends the zone as a file.
func (d *Dashboard) exportRecords(ctx context.Context, in *request) (page, error) {
	scope, z, err := d.recordScope(ctx, in, authority.OpDNSExport)
	if err != nil {
		return page{}, err
	}
	text, err := d.records.Export(ctx, scope)
	if err != nil {
		return page{}, err
	}
	return download(z.Name+".txt", "text/plain; charset=utf-8", text), nil
}
