package dashboard

import (
	"context"
	"errors"

	"github.com/tokenward/tokenward/internal/authority"
)

// overviewData is what the first page of an account, or of the user, shows.
type overviewData struct {
	Name    string
	Tokens  authority.TokenCounts
	Stats   []stat
	Members int // -1: not for the reader to know
	Zones   int // of an account
	Recent  []auditRow
	Log     string // path of the audit log, "" where it is not for the reader
	Create  string // path of the wizard, "" for who may not
}

// stat is a number that leads to what it counts.
type stat struct {
	Label, Path string
	Count       int
	Mark        string // "bad" or "warn" for what should be looked at, when there is any
}

// recentEvents is how many events the overview shows.
const recentEvents = 10

// overview shows an account, or the user, at a glance.
func (d *Dashboard) overview(ctx context.Context, in *request) (page, error) {
	owner := in.owner()
	data := overviewData{Name: in.caller.Email(), Members: -1}
	counts, err := d.authority.TokenCounts(ctx, in.caller, owner)
	switch {
	case err == nil:
		data.Tokens, data.Stats = counts, statsOf(in.base()+"/api-tokens", &counts)
	case !isForbidden(err): // a member who has to do with zones only sees those
		return page{}, err
	}
	rights, err := d.authority.TokenRights(ctx, in.caller, owner)
	if err != nil {
		return page{}, err
	}
	data.Create = createPath(in, &rights)
	if in.account != nil {
		data.Name = in.account.Name
		if err := d.countOthers(ctx, in, &data); err != nil {
			return page{}, err
		}
	}
	if err := d.recent(ctx, in, &data); err != nil {
		return page{}, err
	}
	p := show("overview", "Overview", data)
	p.nav = in.base()
	return p, nil
}

// statsOf are the numbers of tokens, each with its view of the list.
func statsOf(list string, counts *authority.TokenCounts) []stat {
	marks := map[string]string{"exposed": "bad", "expiring": "warn", "unused": "warn", "never-used": "warn", "no-expiry": "warn"}
	var out []stat
	for _, v := range tokenViews() {
		if _, ok := marks[v.key]; !ok && v.key != "" && v.key != "active" {
			continue
		}
		s := stat{Label: v.label, Path: list, Count: v.count(counts)}
		switch {
		case v.key == "":
			s.Label = "API tokens"
		case s.Count > 0:
			s.Mark = marks[v.key]
			fallthrough
		default:
			s.Path += "?show=" + v.key
		}
		out = append(out, s)
	}
	return out
}

// countOthers counts what else an account has.
func (d *Dashboard) countOthers(ctx context.Context, in *request, data *overviewData) error {
	_, n, err := d.authority.Members(ctx, in.caller, in.account.ID, authority.MemberQuery{})
	switch {
	case err == nil:
		data.Members = n
	case !isForbidden(err):
		return err
	}
	_, data.Zones, err = d.authority.Zones(ctx, in.caller, authority.ZoneQuery{
		Match: func(z *authority.Zone) bool { return z.AccountID == in.account.ID },
	})
	return err
}

// recent reads the latest events, where they are for the reader.
func (d *Dashboard) recent(ctx context.Context, in *request, data *overviewData) error {
	events, _, err := d.authority.AuditFrom(ctx, in.caller, authority.AuditQuery{
		Op: auditOp(in), AccountID: in.accountID(), Descending: true, Limit: recentEvents,
	})
	if isForbidden(err) {
		return nil
	}
	if err != nil {
		return err
	}
	words := d.newAuditWords(in)
	if err := words.learn(ctx, events); err != nil {
		return err
	}
	for i := range events {
		data.Recent = append(data.Recent, words.row(&events[i]))
	}
	data.Log = in.base() + "/audit-log"
	return nil
}

// isForbidden is an error that says: not for this reader.
func isForbidden(err error) bool {
	var own *authority.Error
	return errors.As(err, &own) && own.Code == authority.CodeForbidden
}
