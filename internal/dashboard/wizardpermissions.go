package dashboard

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/tokenward/tokenward/internal/tokenform"
)

// pickable is a permission as the script that searches them wants it.
type pickable struct {
	Key         string `json:"key"`
	Name        string `json:"name"`
	Category    string `json:"category"`
	Scope       string `json:"scope"`
	Levels      string `json:"levels"`
	Description string `json:"text"`
}

// pickList is all that there is to pick, as JSON, with a hash of it.
func (d *Dashboard) pickList(forAccount bool) (content []byte, hash string, err error) {
	var out []pickable
	for _, c := range d.picker().Categories(forAccount) {
		for _, f := range c.Families {
			p := pickable{Key: f.Key, Name: f.Name, Category: c.Title, Scope: f.Scope}
			for i := range f.Levels {
				if i > 0 {
					p.Levels += ", "
				}
				p.Levels += f.Levels[i].Title
			}
			p.Description = f.Levels[len(f.Levels)-1].Group.Description
			out = append(out, p)
		}
	}
	if content, err = json.Marshal(out); err != nil {
		return nil, "", err
	}
	sum := sha256.Sum256(content)
	return content, hex.EncodeToString(sum[:8]), nil
}

// permissionData answers the list. Under the hash of its content it never
// changes, and browsers keep it.
func (d *Dashboard) permissionData(_ context.Context, in *request) (page, error) {
	content, hash, err := d.pickList(in.account != nil)
	if err != nil {
		return page{}, err
	}
	p := download("permissions.json", "application/json", content)
	p.file.keep = in.query.Get("v") == hash
	return p, nil
}

// optionGroup is options under a title.
type optionGroup struct {
	Title   string
	Options []option
}

// Pickable are the permissions that can be added: all, or those that were
// searched for.
func (w *wizard) Pickable() []optionGroup {
	if w.query != "" {
		g := optionGroup{Title: "Found"}
		for _, f := range w.basis.Picker.Search(w.query, w.forAccount()) {
			g.Options = append(g.Options, pickOption(f))
		}
		return []optionGroup{g}
	}
	var out []optionGroup
	for _, c := range w.basis.Picker.Categories(w.forAccount()) {
		g := optionGroup{Title: c.Title}
		for _, f := range c.Families {
			g.Options = append(g.Options, pickOption(f))
		}
		out = append(out, g)
	}
	return out
}

func pickOption(f *tokenform.Family) option { return option{Value: f.Key, Label: f.Name} }

// Next is the number of the row that a permission would be added as.
func (w *wizard) Next() int { return len(w.form.Permissions) }
