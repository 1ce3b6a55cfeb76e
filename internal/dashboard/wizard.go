package dashboard

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/tokenform"
)

// The wizard makes a token: choose a template, fill in the form, look at the
// summary, copy the secret. What was typed travels in the forms themselves and is
// kept nowhere else; whoever changes it on the way changes their own token, which
// the authority judges.

// maxWizard is how many bytes a form of the wizard may have. A document is longer
// in a form than by itself.
const maxWizard = 2 * tokenform.MaxDocument

func (d *Dashboard) wizardRoutes() []route {
	var out []route
	for _, base := range []string{"/profile", "/{account}"} {
		at := base + "/api-tokens/"
		out = append(out,
			route{pattern: "GET " + at + "create", page: d.chooseTemplate},
			route{pattern: "GET " + at + "create/form", page: d.newTokenForm},
			route{pattern: "POST " + at + "create/form", page: d.tokenFormAgain, maxForm: maxWizard},
			route{pattern: "POST " + at + "create/summary", page: d.tokenSummary, maxForm: maxWizard},
			route{pattern: "POST " + at + "create", page: d.createToken, maxForm: maxWizard, once: true},
			route{pattern: "GET " + at + "{token}/edit", page: d.editTokenForm},
			route{pattern: "POST " + at + "{token}/edit/form", page: d.tokenFormAgain, maxForm: maxWizard},
			route{pattern: "POST " + at + "{token}/edit/summary", page: d.tokenSummary, maxForm: maxWizard},
			route{pattern: "POST " + at + "{token}/edit", page: d.updateToken, maxForm: maxWizard},
			route{pattern: "GET " + at + "permissions.json", page: d.permissionData},
		)
	}
	return out
}

// templateChoice is a template as the first page offers it.
type templateChoice struct {
	Key, Name, Description string
	Permissions            string
}

// chooseTemplate offers the templates, and the form without one.
func (d *Dashboard) chooseTemplate(ctx context.Context, in *request) (page, error) {
	if err := d.mayCreate(ctx, in); err != nil {
		return page{}, err
	}
	p := d.picker()
	var choices []templateChoice
	for _, t := range p.Catalog().Templates(in.account != nil) {
		c := templateChoice{Key: t.Key, Name: t.Name, Description: t.Description}
		var names []string
		for _, g := range t.Groups {
			if l := p.Level(g.ID); l != nil {
				names = append(names, l.Name())
			}
		}
		c.Permissions = shortList(names, 6)
		choices = append(choices, c)
	}
	out := show("wizardstart", "Create an API token", choices)
	out.nav = in.base() + "/api-tokens"
	return out, nil
}

// mayCreate refuses who may create no token here, before they fill in a form.
func (d *Dashboard) mayCreate(ctx context.Context, in *request) error {
	rights, err := d.authority.TokenRights(ctx, in.caller, in.owner())
	if err == nil && !rights.Create {
		err = &authority.Error{Code: authority.CodeForbidden, Message: "you may not create tokens here"}
	}
	return err
}

// newTokenForm is the form as a template, or the query of a template URL
// (contract 5.5), begins it.
func (d *Dashboard) newTokenForm(ctx context.Context, in *request) (page, error) {
	if err := d.mayCreate(ctx, in); err != nil {
		return page{}, err
	}
	w, err := d.wizard(ctx, in)
	if err != nil {
		return page{}, err
	}
	if err := w.begin(in.query); err != nil {
		p := w.formPage()
		p.status = http.StatusBadRequest
		return p, nil
	}
	w.fresh = true
	return w.formPage(), nil
}

// tokenFormAgain shows the form with what a button did to it: a row more or less,
// another preview, the way back from the summary, or the JSON instead.
func (d *Dashboard) tokenFormAgain(ctx context.Context, in *request) (page, error) {
	w, err := d.wizard(ctx, in)
	if err != nil {
		return page{}, err
	}
	w.read(in)
	switch {
	case in.form.Has("to-json"):
		w.toDocument()
	case in.form.Has("to-form"):
		w.toForm()
	}
	return w.formPage(), nil
}

// tokenSummary says once more what the token would be, if it can be.
func (d *Dashboard) tokenSummary(ctx context.Context, in *request) (page, error) {
	w, err := d.wizard(ctx, in)
	if err != nil {
		return page{}, err
	}
	w.read(in)
	if w.searches(in) {
		return w.formPage(), nil
	}
	if !w.faulty() {
		if w.before == nil {
			err = d.authority.MayIssue(ctx, in.caller, in.owner(), w.draft)
		} else {
			err = d.authority.MayUpdate(ctx, in.caller, in.owner(), w.before.ID, w.draft)
		}
		if err := w.take(err); err != nil {
			return page{}, err
		}
	}
	if w.faulty() {
		return w.failedPage(), nil
	}
	return w.summaryPage(), nil
}

// createToken issues the token and shows its secret.
func (d *Dashboard) createToken(ctx context.Context, in *request) (page, error) {
	w, err := d.wizard(ctx, in)
	if err != nil {
		return page{}, err
	}
	if w.read(in); w.faulty() {
		return w.failedPage(), nil
	}
	t, secret, err := d.authority.Issue(ctx, in.caller, in.owner(), w.draft)
	if err != nil {
		if err := w.take(err); err != nil {
			return page{}, err
		}
		return w.failedPage(), nil
	}
	return d.secretPage(in, &t, secret, false), nil
}

// shortList writes a list for people, the first few of it where it is long.
func shortList(items []string, limit int) string {
	if n := len(items) - limit; n > 1 {
		return fmt.Sprintf("%s and %d more", strings.Join(items[:limit], ", "), n)
	}
	return strings.Join(items, ", ")
}
