package dashboard

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/tokenform"
)

// wizard is a token on its way: what was typed so far, and what it means.
type wizard struct {
	basis    tokenform.Basis
	site     tokenform.Site
	before   *authority.Token    // as it is, nil for a new one
	template *catalog.Template   // that it started from, nil without one
	form     tokenform.Form      // while document is nil
	document *tokenform.Document // the JSON that is edited instead
	draft    authority.Draft

	problems []string                  // of the whole
	faults   []tokenform.Fault         // of the form
	found    []tokenform.Fault         // as faults, also while nobody has sent the form yet
	lines    []tokenform.DocumentFault // of the document
	noForm   string                    // why there is no form for it, "" if there is

	places places
	typed  []string // by row of form.Resources: text that a zone is searched by
	query  string   // what permissions were searched for
	focus  string   // id of the element that the reader goes on from
	fresh  bool     // nothing was typed yet

	path, list string // of these pages, and of the list of tokens
	data       string // path of what there is to pick
	client     string // address of who asks, "" when it is not known
	version    string // of the token that an edit began with
}

// wizard begins with what the path and the form say; read or begin comes next.
func (d *Dashboard) wizard(ctx context.Context, in *request) (*wizard, error) {
	w := &wizard{basis: d.basis(in), site: d.site(in), list: in.base() + "/api-tokens"}
	w.path = w.list + "/create"
	if addr := in.caller.Addr().Unmap().WithZone(""); addr.IsValid() {
		w.client = addr.String()
	}
	if id := in.path("token"); id != "" {
		t, err := d.authority.Token(ctx, in.caller, in.owner(), id)
		if err != nil {
			return nil, err
		}
		w.before, w.basis.Before, w.path = &t, &t, w.list+"/"+t.ID+"/edit"
		if w.version = in.form.Get("version"); w.version == "" {
			w.version = strconv.FormatInt(t.Version, 10)
		}
	}
	w.useTemplate(in.form.Get("template"))
	_, hash, err := d.pickList(in.account != nil)
	if err != nil {
		return nil, err
	}
	w.data = w.list + "/permissions.json?v=" + hash
	w.places, err = d.places(ctx, in)
	w.basis.Names = w.places.names
	return w, err
}

func (w *wizard) forAccount() bool { return w.basis.Owner.Kind == authority.OwnerAccount }

func (w *wizard) useTemplate(key string) {
	if t, ok := w.basis.Picker.Catalog().Template(key, w.forAccount()); ok && key != "" {
		w.template = &t
	}
}

// begin fills in the form from the query of its address. The error is what is
// wrong with a template URL; it is noted too.
func (w *wizard) begin(q url.Values) error {
	w.form = tokenform.Form{ExpiresOn: tokenform.When{Preset: "90d"}}
	switch {
	case q.Has("permissionGroupKeys"):
		if err := w.fromURL(q); err != nil {
			return err
		}
	case q.Get("template") != "":
		w.useTemplate(q.Get("template"))
		if w.template == nil {
			w.problems = append(w.problems, "There is no such template.")
			return errors.New("no such template")
		}
		w.form = tokenform.FromTemplate(w.basis, w.template)
	}
	w.complete()
	w.settle()
	w.faults = nil // it was not filled in yet
	return nil
}

func (w *wizard) fromURL(q url.Values) error {
	own := url.Values{}
	for _, name := range []string{"permissionGroupKeys", "accountId", "zoneId", "name", "recordTypes", "recordName"} {
		if q.Has(name) {
			own[name] = q[name]
		}
	}
	if w.forAccount() {
		own.Set("to", inAccount+"/api-tokens")
	}
	f, _, err := tokenform.FromTemplateURL(w.basis, own)
	if err != nil {
		for line := range strings.Lines(strings.TrimPrefix(err.Error(), "template URL: ")) {
			w.problems = append(w.problems, sentence("the link: "+strings.TrimSpace(line)))
		}
		return err
	}
	w.form = f
	return nil
}

// read takes what was posted: the form, or the document that is edited instead.
func (w *wizard) read(in *request) {
	v := in.form.values
	if v.Has("document") {
		w.readDocument(v.Get("document"))
		w.form.TimeZone, w.form.Template = v.Get("time_zone"), v.Get("template")
		return
	}
	f, err := tokenform.Decode(v)
	if err != nil {
		w.problems = append(w.problems, sentence(err.Error()))
	}
	w.form, w.query = f, in.form.Trimmed("search")
	pressed := w.form.Press(v, in.caller.Addr())
	w.findZones(v, pressed)
	w.complete()
	w.settle()
	if w.query != "" && in.form.Has("search-permission") {
		w.focus = "f-permission"
	}
	if pressed {
		w.focusAfter(v)
	}
}

// settle finds out what the form means.
func (w *wizard) settle() {
	w.basis.TimeZone = w.form.TimeZone
	w.draft, w.faults = w.form.Draft(w.basis)
	w.found = w.faults
}

// complete fills in what can only be meant one way: the level that reads, where
// none was chosen, a row for the zones that a permission needs, and the only
// account or zone that there is.
func (w *wizard) complete() {
	f := &w.form
	f.Permissions = slices.DeleteFunc(f.Permissions, func(p tokenform.Permission) bool { return p.Group == "" })
	needsAccount, needsZone, onRecords := false, false, w.hasRecords()
	for i := range f.Permissions {
		p := &f.Permissions[i]
		family, ok := w.basis.Picker.Family(p.Group)
		if !ok {
			continue
		}
		p.Category = family.Category
		if first := family.Levels[0].Key; p.Level == "" && (first == "read" || len(family.Levels) == 1) {
			p.Level = first
		}
		needsZone = needsZone || family.Scope == "zone" && !(onRecords && w.basis.Picker.FollowsRecords(*p))
		needsAccount = needsAccount || family.Scope == "account" || family.Scope == "bucket"
	}
	if needsAccount && !w.forAccount() && !w.hasRow(tokenform.AllAccounts, tokenform.OneAccount) {
		f.Resources = append(f.Resources, tokenform.Resource{Effect: tokenform.Include, Kind: tokenform.OneAccount})
	}
	if needsZone && !w.hasRow(tokenform.AllZones, tokenform.ZonesOfAccount, tokenform.OneZone) {
		f.Resources = append(f.Resources, tokenform.Resource{Effect: tokenform.Include, Kind: tokenform.OneZone})
	}
	f.Resources = append(f.Resources, w.basis.Lacking(f)...)
	for i := range f.Resources {
		w.places.only(w.basis.Picker, &f.Resources[i])
	}
}

// hasRecords reports whether a row includes records.
func (w *wizard) hasRecords() bool {
	return slices.ContainsFunc(w.form.Resources, func(r tokenform.Resource) bool {
		return tokenform.RecordRow(r) && r.Effect != tokenform.Exclude
	})
}

// hasRow reports whether a row names one of these kinds, or none yet.
func (w *wizard) hasRow(kinds ...string) bool {
	return slices.ContainsFunc(w.form.Resources, func(r tokenform.Resource) bool {
		return r.Kind == "" || slices.Contains(kinds, r.Kind)
	})
}

// searches reports whether Enter was pressed in the search for permissions,
// which without script sends the whole form.
func (w *wizard) searches(in *request) bool {
	searched := w.query != "" && w.query != in.form.Get("searched")
	if searched && w.document == nil {
		w.focus = "f-permission"
		return true
	}
	return false
}

// faulty reports whether anything keeps the token from being made.
func (w *wizard) faulty() bool { return len(w.problems)+len(w.faults)+len(w.lines) > 0 }
