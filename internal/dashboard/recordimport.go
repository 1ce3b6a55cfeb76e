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
	z, err := d.zone(ctx, in, authority.OpDNSList)
	if err != nil {
		return page{}, err
	}
	return d.importForm(in, &z), nil
}

func (d *Dashboard) importForm(in *request, z *authority.Zone) page {
	return showZone(in, "recordimport", "Import a zone file", importData{zoneHead: d.zoneHead(in, z, "records"), MaxKiB: dns.MaxZoneFile >> 10})
}

// importRecords adds the records of a file and reports. Loading the report again
// finds everything there already, and adds nothing.
func (d *Dashboard) importRecords(ctx context.Context, in *request) (page, error) {
	z, err := d.zone(ctx, in, authority.OpDNSImport)
	if err != nil {
		return page{}, err
	}
	text := in.form.Get("file")
	switch {
	case in.form.Trimmed("file") == "":
		in.form.fail("file", "Paste the zone file here.")
		return again(d.importForm(in, &z), in.form), nil
	case len(text) > dns.MaxZoneFile:
		in.form.fail("file", fmt.Sprintf("It is too large: at most %d KiB are possible.", dns.MaxZoneFile>>10))
		return again(d.importForm(in, &z), in.form), nil
	}
	done, err := d.records.Import(ctx, z, dns.ZoneFile{Text: text, Proxied: in.form.Has("proxied")}, recordwire.Stamp(&in.caller, &z))
	if err != nil {
		return d.importAgain(in, &z, err)
	}
	p := d.importForm(in, &z)
	data := p.data.(importData)
	data.Done, data.Parsed, data.NAdded, data.NSame = true, done.Parsed, len(done.Added), len(done.Identical)
	data.Added, data.Identical = importRows(done.Added), importRows(done.Identical)
	p.data, p.title = data, "The zone file is imported"
	return p, nil
}

// importAgain lists what is wrong with the file. Nothing of it was imported.
func (d *Dashboard) importAgain(in *request, z *authority.Zone, err error) (page, error) {
	var wrong *dns.Error
	if code, _ := codeOf(err); !errors.As(err, &wrong) || code != codeInvalid && code != codeExists {
		return page{}, err
	}
	p := d.importForm(in, z)
	data := p.data.(importData)
	for _, f := range wrong.Chain {
		data.Faults = append(data.Faults, sentence(f.Message))
	}
	if len(data.Faults) == 0 {
		data.Faults = []string{sentence(wrong.Message)}
	}
	p.data = data
	in.form.problem("nothing was imported")
	return again(p, in.form), nil
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
	z, err := d.zone(ctx, in, authority.OpDNSExport)
	if err != nil {
		return page{}, err
	}
	text, err := d.records.Export(ctx, z)
	if err != nil {
		return page{}, err
	}
	return download(z.Name+".txt", "text/plain; charset=utf-8", text), nil
}
