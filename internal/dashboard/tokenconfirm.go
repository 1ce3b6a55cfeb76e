package dashboard

import (
	"context"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/tokenform"
)

// tokenChange is something that is done to a token once it was confirmed.
type tokenChange struct {
	Verb   string // the last part of its path
	Title  string // of the page
	Button string
	Danger bool
	Once   bool // the answer shows a secret
	// What comes of it.
	Text string
}

func rolling() tokenChange {
	return tokenChange{
		Verb: "roll", Title: "Roll this token?", Button: "Roll token", Danger: true, Once: true,
		Text: "It gets a new secret, which is shown once. The one in use stops working at once: whatever uses it is refused until it is given the new one. What the token may do stays as it is.",
	}
}

func disabling() tokenChange {
	return tokenChange{
		Verb: "disable", Title: "Disable this token?", Button: "Disable token", Danger: true,
		Text: "Whatever uses it is refused at once. You can enable it again; its secret stays the same.",
	}
}

func enabling() tokenChange {
	return tokenChange{
		Verb: "enable", Title: "Enable this token?", Button: "Enable token",
		Text: "Whoever has its secret can use it again at once.",
	}
}

func deleting() tokenChange {
	return tokenChange{
		Verb: "delete", Title: "Delete this token?", Button: "Delete token", Danger: true,
		Text: "Whatever uses it is refused at once, and it cannot be brought back. The audit log keeps what was done to it; what it was used for is forgotten.",
	}
}

// tokenConfirmation is what a page shows that asks first.
type tokenConfirmation struct {
	tokenChange
	ID, Name, Path string
	Status         string
	Exposed        bool
	Expired        bool
	Can            []string
	LastUsedOn     time.Time
	LastAddress    string
	Days           int
	Uses           int // allowed, in those days
}

func (d *Dashboard) rollPage(ctx context.Context, in *request) (page, error) {
	return d.confirm(ctx, in, rolling())
}

func (d *Dashboard) disablePage(ctx context.Context, in *request) (page, error) {
	return d.confirm(ctx, in, disabling())
}

func (d *Dashboard) enablePage(ctx context.Context, in *request) (page, error) {
	return d.confirm(ctx, in, enabling())
}

func (d *Dashboard) deletePage(ctx context.Context, in *request) (page, error) {
	return d.confirm(ctx, in, deleting())
}

// confirm asks before a token is changed, and says who would notice.
func (d *Dashboard) confirm(ctx context.Context, in *request, change tokenChange) (page, error) {
	t, err := d.authority.Token(ctx, in.caller, in.owner(), in.path("token"))
	if err != nil {
		return page{}, err
	}
	use, err := d.authority.TokenActivity(ctx, in.caller, in.owner(), t.ID, 0)
	if err != nil {
		return page{}, err
	}
	names, err := d.names(ctx, in, t.Policies...)
	if err != nil {
		return page{}, err
	}
	out := tokenConfirmation{
		tokenChange: change, ID: t.ID, Name: t.Name, Path: in.base() + "/api-tokens/" + t.ID,
		Status: statusOf(&t, in.now()), Exposed: t.Status == authority.StatusExposed,
		Expired: t.StatusAt(in.now()) == authority.StatusExpired, LastUsedOn: t.LastUsedOn, Days: len(use.Days),
	}
	draft := draftOf(&t)
	for _, s := range tokenform.Words(d.basis(in), &draft, names) {
		if s.Kind == tokenform.Can || s.Kind == tokenform.Never {
			out.Can = append(out.Can, sentence(s.Text))
		}
	}
	if len(use.Addresses) > 0 {
		out.LastAddress = use.Addresses[0].Address
	}
	for _, day := range use.Days {
		out.Uses += int(day.Allowed)
	}
	p := show("tokenconfirm", change.Title, out)
	p.nav = in.base() + "/api-tokens"
	return p, nil
}

// refused shows the page that asked again, with why it cannot be done.
func (d *Dashboard) refused(ctx context.Context, in *request, change tokenChange, err error) (page, error) {
	if err := in.form.take(err, nil); err != nil {
		return page{}, err
	}
	p, err := d.confirm(ctx, in, change)
	if err != nil {
		return page{}, err
	}
	return again(p, in.form), nil
}
