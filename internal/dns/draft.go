package dns

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
)

// Draft is a record as a caller sends it. A member that is nil or empty was not
// sent: a new record takes the default, a patched one keeps what it has.
type Draft struct {
	Name     string // complete, or relative to the zone; "@" is the apex
	Type     string
	Content  string
	Data     json.RawMessage // wins over Content where both are sent
	Priority *uint16         // of MX, URI and SRV; ignored on other types
	TTL      *int
	Proxied  *bool
	Comment  *string
	Tags     *[]string
	Settings *Settings
	// PrivateRouting says that a private address may be proxied.
	PrivateRouting *bool
}

// The limits of a TTL in seconds. Upstream asks for 60 outside of its largest
// plan; zones here have no plan. 1 is automatic.
const (
	ttlAutomatic = 1
	minTTL       = 30
	maxTTL       = 86400
)

// apply makes the record that the draft means, on top of another. Only members
// that a caller decides are set.
func (d Draft) apply(zone authority.Zone, base Record) (Record, []Fault) {
	r := base
	r.ZoneID = zone.ID
	faults := slices.Concat(
		d.applyType(&r),
		d.applyName(zone.Name, &r),
		d.applyValue(base, &r),
		d.applyNotes(&r),
		d.applyProxy(&r),
	)
	if len(faults) == 0 {
		faults = slices.Concat(checkProxied(r), checkAlias(r))
	}
	return r, faults
}

func (d Draft) applyType(r *Record) []Fault {
	if d.Type != "" {
		r.Type = strings.ToUpper(d.Type)
	}
	if r.Type == "" {
		return []Fault{required("/type", "type")}
	}
	if kinds[r.Type] == nil {
		return []Fault{{numType, "/type", fmt.Sprintf("DNS record type %q is not supported.", d.Type)}}
	}
	return nil
}

func (d Draft) applyName(zone string, r *Record) []Fault {
	name := d.Name
	if name == "" && r.Type == "SRV" {
		name = serviceName(d.Data)
	}
	if name == "" && r.Name != "" {
		return nil
	}
	name, fault := normalizeName(zone, name)
	if fault != nil {
		return []Fault{*fault}
	}
	r.Name = name
	return nil
}

// serviceName is the name of an SRV record from the data of older clients,
// which spell it in three members and send no name.
func serviceName(data json.RawMessage) string {
	var old struct{ Service, Proto, Name string }
	if json.Unmarshal(data, &old) != nil || old.Service == "" || old.Proto == "" {
		return ""
	}
	return strings.Trim(strings.Join([]string{old.Service, old.Proto, strings.TrimPrefix(old.Name, "@")}, "."), ".")
}

// applyValue sets content, data and priority.
func (d Draft) applyValue(base Record, r *Record) []Fault {
	k := kinds[r.Type]
	if k == nil {
		return nil // said already
	}
	var m members
	if k.data != showNone || k.lead { // other types ignore data, whatever it is
		var faults []Fault
		if m, faults = parseMembers(d.Data); len(faults) > 0 {
			return faults
		}
	}
	var (
		v      value
		faults []Fault
	)
	switch {
	case m.hasAny(k) && k.data != showNone:
		v, faults = parseData(r.Type, d.complete(base, r.Type, m))
	case d.changesContent(base, r.Type) || m.hasAny(k):
		v, faults = d.fromContent(base, r.Type, m)
	default:
		return nil
	}
	if len(faults) == 0 {
		v.store(r)
	}
	return faults
}

// changesContent: the value must be read again, though there is no data. A
// priority beside an SRV record says nothing by itself: it is in its data.
func (d Draft) changesContent(base Record, recordType string) bool {
	return d.Content != "" || base.Type != recordType ||
		d.Priority != nil && (recordType == "MX" || recordType == "URI")
}

// complete adds to the members what is there without them: those of the record
// that is patched, and a priority from beside data.
func (d Draft) complete(base Record, recordType string, m members) members {
	all := members{}
	if base.Type == recordType {
		old, _ := parseMembers(base.Data) // written by us
		for name, member := range old {
			all[name] = member
		}
	}
	priority := d.Priority
	if priority == nil && base.Type == recordType {
		priority = base.Priority
	}
	if takesPriority(recordType) && priority != nil {
		all["priority"] = json.RawMessage(fmt.Sprint(*priority))
	}
	for name, member := range m {
		all[name] = member
	}
	return all
}

// fromContent reads content and the priority beside it. MX has no data of its
// own, but newer clients may send it as one.
func (d Draft) fromContent(base Record, recordType string, m members) (value, []Fault) {
	content, priority := d.Content, d.Priority
	if recordType == "MX" {
		if target, ok := memberText(m["target"]); ok {
			content = target
		}
		if raw, ok := m["priority"]; ok {
			priority = new(uint16)
			if json.Unmarshal(raw, priority) != nil {
				return value{}, []Fault{{numValue, "/data/priority", "priority must be " + kinds["MX"].fields[0].sentence() + "."}}
			}
		}
	}
	if base.Type == recordType {
		if content == "" {
			content = base.Content
		}
		if priority == nil {
			priority = base.Priority
		}
	}
	if content == "" {
		return value{}, missingContent(recordType, priority)
	}
	return parseContent(recordType, content, priority)
}

func missingContent(recordType string, priority *uint16) []Fault {
	name, pointer := "content", "/content"
	if kinds[recordType].data != showNone {
		name, pointer = "data", "/data"
	}
	faults := []Fault{required(pointer, name)}
	if recordType == "MX" && priority == nil {
		faults = append(faults, required("/priority", "priority"))
	}
	return faults
}

// store puts the value into a record.
func (v *value) store(r *Record) {
	r.Content, r.Data, r.Priority = v.content(), v.data(), nil
	if v.kind.lead {
		n, _ := strconv.ParseUint(v.words[0], 10, 16) // a canonical number
		priority := uint16(n)
		r.Priority = &priority
	}
}

// applyNotes sets what has no effect on what is published.
func (d Draft) applyNotes(r *Record) (faults []Fault) {
	if d.Comment != nil {
		r.Comment = *d.Comment
		faults = append(faults, checkComment(r.Comment)...)
	}
	if d.Tags != nil {
		r.Tags = distinct(*d.Tags)
		faults = append(faults, checkTags(r.Tags)...)
	}
	if d.Settings != nil {
		r.Settings = r.Settings.with(*d.Settings)
	}
	if d.PrivateRouting != nil {
		r.PrivateRouting = d.PrivateRouting
	}
	return faults
}

// with overrides what the other settings say.
func (s Settings) with(o Settings) Settings {
	for _, pair := range []struct{ to, from **bool }{
		{&s.IPv4Only, &o.IPv4Only}, {&s.IPv6Only, &o.IPv6Only}, {&s.FlattenCNAME, &o.FlattenCNAME},
	} {
		if *pair.from != nil {
			*pair.to = *pair.from
		}
	}
	return s
}

// applyProxy sets the TTL and whether the record is proxied. The TTL of a
// proxied record is always automatic.
func (d Draft) applyProxy(r *Record) []Fault {
	if d.TTL != nil {
		r.TTL = *d.TTL
	}
	if d.Proxied != nil {
		r.Proxied = *d.Proxied
	}
	if r.TTL == 0 {
		r.TTL = ttlAutomatic
	}
	if r.TTL != ttlAutomatic && (r.TTL < minTTL || r.TTL > maxTTL) {
		return []Fault{{numTTL, "/ttl", fmt.Sprintf("TTL must be between %d and %d seconds, or 1 for Automatic.", minTTL, maxTTL)}}
	}
	if r.Proxied {
		r.TTL = ttlAutomatic
	}
	return nil
}

// checkAlias refuses an alias of itself.
func checkAlias(r Record) []Fault {
	if r.Type == "CNAME" && strings.EqualFold(r.Content, r.Name) {
		return []Fault{{numCNAMESelf, "/content", "CNAME content cannot reference itself."}}
	}
	return nil
}
