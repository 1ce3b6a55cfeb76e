package dashboard

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/tokenform"
)

// wizardSummary is the page before the token is made.
type wizardSummary struct {
	*wizard
	Moved bool // somebody changed the token since the form was opened
}

// summaryPage shows what the token would be, and for an edit what changes.
func (w *wizard) summaryPage() page {
	s := wizardSummary{wizard: w}
	title := "Create this token?"
	if w.before != nil {
		now := strconv.FormatInt(w.before.Version, 10)
		title, s.Moved, w.version = "Change this token?", w.version != now, now
	}
	p := show("wizardsummary", title, s)
	p.nav = w.list
	return p
}

// take puts an error of the authority beside the inputs that it is about. Errors
// that are about none are returned.
func (w *wizard) take(err error) error {
	var own *authority.Error
	if !errors.As(err, &own) {
		return err
	}
	switch own.Code {
	case authority.CodeInvalid, authority.CodeQuota, authority.CodeConflict, authority.CodeExists:
	default:
		return err
	}
	faults := own.Faults
	switch {
	case own.Beyond != nil:
		text, at := w.beyond(own.Beyond), "/policies/"+strconv.Itoa(own.Beyond.Policy)
		if w.document == nil {
			at += "/permission_groups/" + strconv.Itoa(w.groupAt(own.Beyond))
		}
		faults = []policy.Fault{{Pointer: at, Message: text}}
	case len(faults) == 0:
		w.problems = append(w.problems, sentence(own.Message))
	}
	if w.document != nil {
		w.lines = append(w.lines, w.document.Locate(faults)...)
	} else {
		w.faults = append(w.faults, w.form.Locate(w.basis, faults)...)
	}
	return nil
}

// groupAt is where in its policy the first permission stands that is too much.
func (w *wizard) groupAt(b *authority.Beyond) int {
	if b.Policy >= len(w.draft.Policies) {
		return 0
	}
	for i, id := range w.draft.Policies[b.Policy].Groups {
		if id == b.Groups[0] {
			return i
		}
	}
	return 0
}

// beyond says what the reader may not give.
func (w *wizard) beyond(b *authority.Beyond) string {
	var names []string
	for _, id := range b.Groups {
		if l := w.basis.Picker.Level(id); l != nil {
			id = l.Name()
		}
		names = append(names, id)
	}
	p := policy.Policy{Effect: policy.Allow, Groups: b.Groups, Resources: []policy.Resource{b.Resource}}
	return "You cannot give " + shortList(names, 5) + " on " + tokenform.Resources(w.basis, []policy.Policy{p}, w.places.names, 1) +
		", because you do not have it there yourself"
}

// editTokenForm is the form of a token that is there, or its JSON where the form
// has no words for it.
func (d *Dashboard) editTokenForm(ctx context.Context, in *request) (page, error) {
	w, err := d.wizard(ctx, in)
	if err != nil {
		return page{}, err
	}
	w.basis.TimeZone = "UTC"
	f, ok, why := tokenform.FromToken(w.basis, w.before)
	if !ok {
		w.noForm = why
		d := draftOf(w.before)
		return w.documentPage(&d)
	}
	w.form = f
	if l := w.basis.Picker.Level(in.query.Get("add")); l != nil { // a denial's page says what was missing
		w.form.Permissions = append(w.form.Permissions, tokenform.Permission{Group: l.Family().Key, Level: l.Key})
	}
	w.settle()
	w.faults = nil
	return w.formPage(), nil
}

// updateToken saves an edit. What somebody else changed since the summary was
// shown is shown again before it is overwritten.
func (d *Dashboard) updateToken(ctx context.Context, in *request) (page, error) {
	w, err := d.wizard(ctx, in)
	if err != nil {
		return page{}, err
	}
	if w.read(in); w.faulty() {
		return w.failedPage(), nil
	}
	if w.version != strconv.FormatInt(w.before.Version, 10) {
		return w.summaryPage(), nil
	}
	w.draft.Version = w.before.Version // whoever is faster after this look loses nothing
	t, err := d.authority.Update(ctx, in.caller, in.owner(), w.before.ID, w.draft)
	if err != nil {
		if err := w.take(err); err != nil {
			return page{}, err
		}
		return w.failedPage(), nil
	}
	d.tell(ctx, "success", strings.TrimSpace(t.Name)+" is changed. Its secret is the same.")
	return seeOther(w.list + "/" + t.ID), nil
}
