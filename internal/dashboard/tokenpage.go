package dashboard

import (
	"context"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/tokenform"
)

// tokenData is what the page of a token shows.
type tokenData struct {
	Token    authority.Token
	Path     string
	Status   string
	Exposed  bool
	On       bool
	Does     []tokenform.Sentence // what it may do, and never
	Limits   []tokenform.Sentence // from where, when, how often
	Warnings []tokenform.Warning
	Rights   authority.TokenRights
	ByForm   bool // it can be changed in the form; else as a document
	Use      tokenUse
	History  tokenHistory
	Same     sameToken
	Record   []field // of the box that asks what it may do
}

// tokenPage shows all there is to know about a token but its secret.
func (d *Dashboard) tokenPage(ctx context.Context, in *request) (page, error) {
	owner := in.owner()
	t, err := d.authority.Token(ctx, in.caller, owner, in.path("token"))
	if err != nil {
		return page{}, err
	}
	use, err := d.authority.TokenActivity(ctx, in.caller, owner, t.ID, 0)
	if err != nil {
		return page{}, err
	}
	names, err := d.names(ctx, in, append(placesUsed(&use), t.Policies...)...)
	if err != nil {
		return page{}, err
	}
	data := tokenData{
		Token: t, Path: in.base() + "/api-tokens/" + t.ID, Status: statusOf(&t, in.now()),
		Exposed: t.Status == authority.StatusExposed, On: t.Status != authority.StatusDisabled,
	}
	if data.Rights, err = d.authority.TokenRights(ctx, in.caller, owner); err != nil {
		return page{}, err
	}
	if data.History, err = d.tokenHistory(ctx, in, t.ID); err != nil {
		return page{}, err
	}
	b := d.basis(in)
	data.say(b, names)
	data.Use = d.useOf(in, &use, names)
	if data.Same, err = d.sameToken(in, b, &t); err != nil {
		return page{}, err
	}
	if namesRecords(t.Policies) {
		if data.Record, err = d.recordFields(new(form)); err != nil {
			return page{}, err
		}
	}
	p := show("token", t.Name, data)
	p.nav = in.base() + "/api-tokens"
	return p, nil
}

// say puts the token into words.
func (data *tokenData) say(b tokenform.Basis, names tokenform.Names) {
	draft := draftOf(&data.Token)
	for _, s := range tokenform.Words(b, &draft, names) {
		s.Text, s.Full = sentence(s.Text), sentence(s.Full)
		switch s.Kind {
		case tokenform.Can, tokenform.Never:
			data.Does = append(data.Does, s)
		case tokenform.State: // the head of the page says so
		default:
			data.Limits = append(data.Limits, s)
		}
	}
	data.Warnings = tokenform.Warnings(b, &draft, nil)
	_, data.ByForm, _ = tokenform.FromToken(b, &data.Token)
}

// tokenHistory is what was done to a token.
type tokenHistory struct {
	Rows   []historyRow
	Whole  bool   // there is nothing older
	Hidden bool   // the reader may not read the audit log
	Log    string // path of the log about this token
	Found  string // where its secret was found in public, "" when that is not known
}

// historySize is how many events the page of a token shows.
const historySize = 15

func (d *Dashboard) tokenHistory(ctx context.Context, in *request, id string) (tokenHistory, error) {
	events, whole, err := d.authority.TokenHistory(ctx, in.caller, in.owner(), id, historySize)
	if isForbidden(err) {
		return tokenHistory{Hidden: true}, nil
	}
	if err != nil {
		return tokenHistory{}, err
	}
	out := tokenHistory{Whole: whole}
	if out.Log, err = query(in.base()+"/audit-log", "resource", id, "range", "all"); err != nil {
		return tokenHistory{}, err
	}
	for i := range events {
		out.Rows = append(out.Rows, historyRowOf(&events[i]))
		if out.Found == "" {
			out.Found = events[i].Metadata["found_at"]
		}
	}
	return out, nil
}
