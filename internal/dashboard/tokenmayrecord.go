package dashboard

import (
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// The fields of one record in the box that asks what a token may do.
const (
	recordType = "record_type"
	recordName = "record_name"
)

// recordFields are they.
func (d *Dashboard) recordFields(f *form) ([]field, error) {
	typ, err := newField(f, recordType, "Type of the DNS record", "option=:All records")
	if err != nil {
		return nil, err
	}
	for _, t := range recordTypes(d.picker().RecordTypes()) {
		typ.Options = append(typ.Options, option{Value: t, Label: t, Chosen: t == typ.Value})
	}
	name, err := newField(f, recordName, "Name of the DNS record",
		"hint=The complete name, with the zone's: _acme-challenge.example.com", "max=254", "autocomplete=off", "plain")
	return []field{typ, name}, err
}

// recordTypes are all types of records, the usual ones first.
func recordTypes(all []string) []string {
	types := usualTypes()
	for _, t := range all {
		if !slices.Contains(types, t) {
			types = append(types, t)
		}
	}
	return types
}

// askedRecord is the record that a form names, as a question has it; "" for none, and
// for one that is not named well.
func (d *Dashboard) askedRecord(f *form) string {
	typ, name := f.Get(recordType), strings.ToLower(strings.TrimSuffix(f.Trimmed(recordName), "."))
	switch {
	case typ == "" && name == "":
		return ""
	case typ == "":
		f.fail(recordType, "Choose the type of the record.")
		return ""
	case name == "":
		f.fail(recordName, "Write the name of the record.")
		return ""
	}
	v := d.authority.Catalog().Vocabulary()
	record, ok := v.Record(v.Kind(catalog.KindRecord), typ, name)
	if !ok || !strings.Contains(name, ".") {
		f.fail(recordName, "Write the complete name, with the zone's, in Punycode: _acme-challenge.example.com.")
		return ""
	}
	return record.Name
}

// namesRecords reports whether policies hold a token to some records.
func namesRecords(policies []policy.Policy) bool {
	return slices.ContainsFunc(policies, func(p policy.Policy) bool {
		return slices.ContainsFunc(p.Resources, func(r policy.Resource) bool {
			return slices.ContainsFunc(r.Nested, isRecordKey)
		})
	})
}

func isRecordKey(key string) bool { return strings.HasPrefix(key, catalog.KindRecord+".") }
