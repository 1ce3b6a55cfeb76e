package dashboard

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/dns"
	"github.com/tokenward/tokenward/internal/recordwire"
)

// Codes under shorter names.
const (
	codeInvalid = authority.CodeInvalid
	codeExists  = authority.CodeExists
)

func (in *request) recordsPath(zone string) string { return in.zonePath(zone) + "/records" }

// newRecordPage begins with a type and a name that the address may give.
func (d *Dashboard) newRecordPage(ctx context.Context, in *request) (page, error) {
	_, z, err := d.recordScope(ctx, in, authority.OpDNSList)
	if err != nil {
		return page{}, err
	}
	f := newForm()
	f.Set("type", "A")
	if t := strings.ToUpper(in.query.Get("type")); dns.Components(t) != nil {
		f.Set("type", t)
	}
	f.Set("name", in.query.Get("name"))
	f.Set("ttl", strconv.Itoa(ttlAutomatic))
	return d.recordPage(ctx, in, z, f, nil)
}

// newRecord makes a record, or shows the form for another type.
func (d *Dashboard) newRecord(ctx context.Context, in *request) (page, error) {
	scope, z, err := d.recordScope(ctx, in, authority.OpDNSCreate)
	if err != nil {
		return page{}, err
	}
	if in.form.Has("retype") {
		return d.recordPage(ctx, in, z, in.form, nil)
	}
	draft := readRecord(in.form)
	if !in.form.Failed() {
		var made dns.Record
		if made, err = d.records.Create(ctx, scope, draft, recordwire.Stamp(&in.caller, z)); err == nil {
			d.tell(ctx, "success", "The "+made.Type+" record of "+made.Name+" is added.")
			return seeOther(in.recordsPath(z.ID)), nil
		}
	}
	return d.recordAgain(ctx, in, z, nil, err)
}

func (d *Dashboard) editRecordPage(ctx context.Context, in *request) (page, error) {
	z, _, r, err := d.record(ctx, in, authority.OpDNSGet)
	if err != nil {
		return page{}, err
	}
	f := newForm()
	fillRecord(f, &r, z.Name)
	return d.recordPage(ctx, in, z, f, &r)
}

// record finds the record in the path, its zone, and on which records there the
// reader may do an operation.
func (d *Dashboard) record(ctx context.Context, in *request, op string) (*authority.Zone, *authority.RecordScope, dns.Record, error) {
	scope, z, err := d.recordScope(ctx, in, op)
	if err != nil {
		return z, nil, dns.Record{}, err
	}
	r, err := d.records.Get(ctx, scope, in.path("record"))
	return z, scope, r, err
}

// editRecord changes a record. What the form does not show, such as settings, is
// kept.
func (d *Dashboard) editRecord(ctx context.Context, in *request) (page, error) {
	z, scope, r, err := d.record(ctx, in, authority.OpDNSPatch)
	if err != nil {
		return page{}, err
	}
	if in.form.Has("retype") {
		return d.recordPage(ctx, in, z, in.form, &r)
	}
	draft := readRecord(in.form)
	if !in.form.Failed() {
		var made dns.Record
		if made, err = d.records.Patch(ctx, scope, r.ID, draft, recordwire.Stamp(&in.caller, z)); err == nil {
			d.tell(ctx, "success", "The "+made.Type+" record of "+made.Name+" is changed.")
			return seeOther(in.recordsPath(z.ID)), nil
		}
	}
	return d.recordAgain(ctx, in, z, &r, err)
}

// recordAgain is the form with what was wrong.
func (d *Dashboard) recordAgain(ctx context.Context, in *request, z *authority.Zone, r *dns.Record, err error) (page, error) {
	if err != nil {
		if err := takeRecord(in.form, err); err != nil {
			return page{}, err
		}
	}
	p, err := d.recordPage(ctx, in, z, in.form, r)
	return again(p, in.form), err
}

// recordPage is the form of a record, nil for a new one.
func (d *Dashboard) recordPage(ctx context.Context, in *request, z *authority.Zone, f *form, r *dns.Record) (page, error) {
	head, err := d.recordsHead(ctx, in, z)
	if err != nil {
		return page{}, err
	}
	data := recordForm{zoneHead: head, New: r == nil, Action: in.recordsPath(z.ID) + "/new", MayEdit: head.May.EditRecords}
	title := "Add a record"
	if r != nil {
		data.Record, data.Action, title = *r, in.recordsPath(z.ID)+"/"+r.ID, "Edit a record"
		data.MayEdit = head.May.Edit(*r)
	}
	if err := data.fields(f, z.Name); err != nil {
		return page{}, err
	}
	p := showZone(in, "record", title, data)
	p.form = f
	return p, nil
}

// fields makes the controls of the form's type.
func (data *recordForm) fields(f *form, zone string) error {
	t := f.Get("type")
	var err error
	add := func(name, label string, more ...string) field {
		made, e := newField(f, name, label, more...)
		if e != nil {
			err = e
		}
		return made
	}
	types := []string{"hint=" + explained(t)}
	for _, name := range dns.Types() {
		types = append(types, "option="+name+":"+name)
	}
	data.Type = add("type", "Type", types...)
	data.Name = add("name", "Name", "required", "plain", "max=255", "hint=Such as www. @ is "+zone+" itself.")
	for i, c := range dns.Components(t) {
		more := partOptions(t, &c, f.Get(partName(&c)))
		if i == 0 && f.Has("retype") {
			more = append(more, "autofocus")
		}
		data.Parts = append(data.Parts, add(partName(&c), wordsOf(t, &c).label, more...))
	}
	data.TTL = add("ttl", "TTL", ttlOptions(f.Get("ttl"))...)
	data.Notes = []field{
		add("comment", "Comment", "max=500"),
		add("tags", "Tags", "hint=Such as owner:dns-team, with commas between them.", "plain"),
	}
	data.NotesOpen = f.Get("comment") != "" || f.Get("tags") != "" || f.Error("comment") != "" || f.Error("tags") != ""
	data.CanProxy = dns.CanBeProxied(t)
	return err
}

// partOptions say how a component's control looks.
func partOptions(recordType string, c *dns.Component, value string) []string {
	w := wordsOf(recordType, c)
	var more []string
	if !c.Optional {
		more = append(more, "required")
	}
	for _, choice := range w.choices {
		more = append(more, "option="+choice)
	}
	if len(w.choices) > 0 {
		known := slices.ContainsFunc(w.choices, func(choice string) bool { v, _, _ := strings.Cut(choice, ":"); return v == value })
		if value != "" && !known {
			more = append(more, "option="+value+":"+value)
		}
		return more
	}
	hint := w.hint
	if hint == "" && c.Rule != "" {
		hint = sentence(c.Rule)
	}
	more = append(more, "plain", "hint="+hint, "placeholder="+w.example)
	if c.Whole {
		more = append(more, "inputmode=numeric")
	}
	if c.Long {
		more = append(more, "rows=4")
	}
	return more
}

// ttlOptions are the usual times, and the record's own where it is another.
func ttlOptions(now string) []string {
	out := []string{"option=1:Automatic"}
	usual := []int{30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 18000, 43200, 86400}
	if n, err := strconv.Atoi(now); err == nil && n != ttlAutomatic && !slices.Contains(usual, n) {
		usual = append(usual, n)
		slices.Sort(usual)
	}
	for _, n := range usual {
		out = append(out, "option="+strconv.Itoa(n)+":"+ttlText(n))
	}
	return out
}
