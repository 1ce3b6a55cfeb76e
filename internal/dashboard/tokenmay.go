package dashboard

import (
	"context"
	"net/netip"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/pasted"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/tokenform"
)

// maxNeeded is how many permissions an answer lists; there can be hundreds.
const maxNeeded = 6

// mayData is the page that says whether a token may do something.
type mayData struct {
	Token   authority.Token
	Path    string                 // of the token's page
	Answer  *authority.Explanation // nil when there is none
	Why     string
	On      []string // what was judged, by name
	Needs   []neededGroup
	More    int    // permissions that are not listed
	Grant   string // the permission to add, "" for none
	GrantOn string
	Add     string // path of the form that adds it, "" for who may not
	MaxText int
	Record  []field // by which one record is named; none where it would not matter
}

// tokenMay answers whether a token may do what was typed or pasted. That may hold
// a secret: it is not kept, and shown again only as pasted.Request.Reduced gives it.
func (d *Dashboard) tokenMay(ctx context.Context, in *request) (page, error) {
	text := in.form.Get("request")
	in.form.Set("request", "")
	t, err := d.authority.Token(ctx, in.caller, in.owner(), in.path("token"))
	if err != nil {
		return page{}, err
	}
	data := mayData{Token: t, Path: in.base() + "/api-tokens/" + t.ID, MaxText: pasted.MaxText}
	q, ok := questionOf(in.form, text)
	q.Record = d.askedRecord(in.form)
	if ok && !in.form.Failed() {
		q.Owner, q.TokenID = in.owner(), t.ID
		x, err := d.authority.Explain(ctx, in.caller, q)
		fields := map[string]string{"/path": "request", "/method": "request", "/record": recordName}
		if err == nil {
			err = d.answerMay(ctx, in, &data, &x)
		}
		if err := in.form.take(err, fields); err != nil {
			return page{}, err
		}
	}
	if namesRecords(t.Policies) || q.Record != "" || in.form.Failed() && in.form.Has(recordName) || data.Answer != nil && data.Answer.Op.Records != 0 {
		if data.Record, err = d.recordFields(in.form); err != nil {
			return page{}, err
		}
	}
	p := show("tokenmay", "May "+t.Name+" do this?", data)
	p.nav, p.form = in.base()+"/api-tokens", in.form
	if in.form.Failed() {
		return again(p, in.form), nil
	}
	return p, nil
}

// questionOf reads the form, whose request is given by itself.
func questionOf(f *form, text string) (q authority.Question, ok bool) {
	read, problem := pasted.Read(text)
	if problem != "" {
		f.fail("request", problem)
	} else {
		f.Set("request", read.Reduced())
		q.Method, q.Path = read.Method, read.Path
	}
	if from := f.Trimmed("from"); from != "" {
		var err error
		if q.Addr, err = netip.ParseAddr(from); err != nil || q.Addr.Zone() != "" {
			f.fail("from", "This is not an IP address.")
		}
	}
	return q, !f.Failed()
}

// answerMay puts an explanation into words.
func (d *Dashboard) answerMay(ctx context.Context, in *request, data *mayData, x *authority.Explanation) error {
	places := policy.Policy{}
	for _, key := range x.Judged {
		places.Resources = append(places.Resources, policy.Resource{Key: key})
	}
	policies := []policy.Policy{places}
	if x.Grant != nil {
		policies = append(policies, *x.Grant)
	}
	names, err := d.names(ctx, in, policies...)
	if err != nil {
		return err
	}
	data.Answer, data.Why = x, sentence(x.Decision.Reason.String())
	for _, key := range x.Judged {
		data.On = append(data.On, d.placeName(key, names))
	}
	for _, g := range x.Accepted {
		if l := d.picker().Level(g.ID); l != nil {
			data.Needs = append(data.Needs, neededGroup{l, l.Family().Scope})
		}
	}
	data.More = max(0, len(data.Needs)-maxNeeded)
	data.Needs = data.Needs[:len(data.Needs)-data.More]
	if x.Grant == nil {
		return nil
	}
	return d.suggest(ctx, in, data, names)
}

// suggest names the grant, with the way to add it for who may.
func (d *Dashboard) suggest(ctx context.Context, in *request, data *mayData, names tokenform.Names) error {
	grant := data.Answer.Grant
	data.Grant = grant.Groups[0]
	if l := d.picker().Level(grant.Groups[0]); l != nil {
		data.Grant = l.Name()
	}
	data.GrantOn = tokenform.Resources(d.basis(in), []policy.Policy{*grant}, names, 1)
	rights, err := d.authority.TokenRights(ctx, in.caller, in.owner())
	if err != nil || !rights.Update {
		return err
	}
	data.Add, err = query(data.Path+"/edit", "add", grant.Groups[0])
	return err
}
