package tokenform

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
)

// CommandCreate is the command line that issues a draft: with flags where they
// can say it, with a document on standard input otherwise.
func CommandCreate(b Basis, d *authority.Draft) (string, error) {
	return b.command("token create", d, nil)
}

// CommandUpdate is the command line that makes a token what the draft says. What
// the draft does not have is taken away by name, for the command keeps what is
// not named.
func CommandUpdate(b Basis, id string, d *authority.Draft) (string, error) {
	var none []string
	for _, limit := range []struct {
		flag   string
		absent bool
	}{
		{"--not-before", d.NotBefore.IsZero()},
		{"--expires-on", d.ExpiresOn.IsZero()},
		{"--ip-in", d.Condition.In == nil},
		{"--ip-not-in", d.Condition.NotIn == nil},
		{"--rate-limit", d.RateLimit == nil},
	} {
		if limit.absent {
			none = append(none, limit.flag, "none")
		}
	}
	return b.command("token update "+shellWord(id), d, none)
}

// CommandRoll is the command line that gives a token another secret.
func CommandRoll(b Basis, id string) string {
	return strings.Join(b.start("token roll "+shellWord(id)), " ") + "\n"
}

// CommandRevoke is the command line that deletes a token for good.
func CommandRevoke(b Basis, id string) string {
	return strings.Join(b.start("token revoke "+shellWord(id)), " ") + "\n"
}

// start is the command with the owner.
func (b *Basis) start(verb string) []string {
	if b.forAccount() {
		return []string{"tokenward " + verb, "--account " + shellWord(b.Owner.ID)}
	}
	return []string{"tokenward " + verb}
}

// command writes a command line, one flag a line. flags are pairs.
func (b *Basis) command(verb string, d *authority.Draft, flags []string) (string, error) {
	words, after := b.start(verb), ""
	given, ok := b.flags(d)
	if !ok {
		document, err := b.Picker.Document(d)
		if err != nil {
			return "", err
		}
		given, after = []string{"--from-json", "-"}, " <<'JSON'\n"+document+"JSON"
	}
	flags = slices.Concat(given, flags)
	for i := 0; i+1 < len(flags); i += 2 {
		words = append(words, flags[i]+" "+shellWord(flags[i+1]))
	}
	return strings.Join(words, " \\\n  ") + after + "\n", nil
}

// flags says a draft in flags, as pairs, and reports whether they can say it.
func (b *Basis) flags(d *authority.Draft) ([]string, bool) {
	f, ok, _ := FromDraft(*b, d)
	if !ok || d.Name == "" || d.Name != strings.TrimSpace(d.Name) {
		return nil, false
	}
	flags := []string{"--name", d.Name}
	for _, p := range f.Permissions {
		l, _ := b.Picker.families[p.Group].Level(p.Level)
		switch l.Group.Scope {
		case catalog.KindAccount, catalog.KindZone, catalog.KindUser:
		default: // no flag names such resources
			return nil, false
		}
		flags = append(flags, "--permission", l.Group.Name+"@"+lastWord(l.Group.Scope))
	}
	if slices.ContainsFunc(f.Resources, RecordRow) {
		rows, ok := b.recordFlags(f.Resources)
		return slices.Concat(flags, rows, limitFlags(d)), ok
	}
	values := map[string][]string{}
	for _, r := range f.Resources {
		flag, value := r.flag()
		values[flag] = append(values[flag], value)
		flags = append(flags, flag, value)
	}
	for flag, list := range values {
		if flag == "" || len(list) > 1 && slices.Contains(list, "all") {
			return nil, false
		}
	}
	return append(flags, limitFlags(d)...), true
}

// flag is the row as a flag and its value; "" where there is none.
func (r Resource) flag() (flag, value string) {
	switch {
	case r.Effect != Include:
	case r.Kind == AllAccounts:
		return "--account-resource", "all"
	case r.Kind == OneAccount:
		return "--account-resource", r.AccountID
	case r.Kind == AllZones:
		return "--zone", "all"
	case r.Kind == OneZone && r.AccountID == "":
		return "--zone", r.ZoneID
	}
	return "", ""
}

func limitFlags(d *authority.Draft) []string {
	var flags []string
	for _, cidr := range d.Condition.In {
		flags = append(flags, "--ip-in", cidr)
	}
	for _, cidr := range d.Condition.NotIn {
		flags = append(flags, "--ip-not-in", cidr)
	}
	if !d.NotBefore.IsZero() {
		flags = append(flags, "--not-before", d.NotBefore.UTC().Format(time.RFC3339Nano))
	}
	if !d.ExpiresOn.IsZero() {
		flags = append(flags, "--expires-on", d.ExpiresOn.UTC().Format(time.RFC3339Nano))
	}
	if l := d.RateLimit; l != nil {
		flags = append(flags, "--rate-limit", fmt.Sprintf("%d/%ds", l.Requests, l.Period))
	}
	if d.Status == authority.StatusActive || d.Status == authority.StatusDisabled {
		flags = append(flags, "--status", string(d.Status))
	}
	return flags
}

// recordFlags says rows of records in flags, and reports whether they can say it:
// the same records in some zones, or in all zones of an account.
func (b *Basis) recordFlags(rows []Resource) ([]string, bool) {
	var zones []string
	records := map[string][]string{} // by what they lie in
	for _, r := range rows {
		if !RecordRow(r) || r.Effect != Include {
			return nil, false
		}
		in := r.AccountID + "/" + r.ZoneID
		if records[in] == nil {
			flag := []string{"--zone", r.ZoneID}
			if r.Kind == AccountRecords {
				flag = []string{"--zone", "all"}
			}
			if r.AccountID != "" {
				flag = append(flag, "--account-resource", r.AccountID)
			}
			zones = append(zones, flag...)
		}
		records[in] = append(records[in], r.recordIDs()...)
	}
	var flags []string
	for _, ids := range records {
		slices.Sort(ids)
		switch same := withFlag("--record", ids); {
		case flags == nil:
			flags = same
		case !slices.Equal(flags, same):
			return nil, false
		}
	}
	if len(records) > 1 && slices.Contains(zones, "all") {
		return nil, false
	}
	return slices.Concat(zones, flags), true
}

func withFlag(flag string, values []string) []string {
	var out []string
	for _, v := range values {
		out = append(out, flag, v)
	}
	return out
}
