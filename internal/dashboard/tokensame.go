package dashboard

import (
	"slices"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/tokenform"
)

// sameToken is a token as other tools have it.
type sameToken struct {
	Document      string // as the API has it
	Create        string // the call that makes another like it
	Roll, Delete  string // calls
	Terraform     string
	Command       string // makes another
	CommandRoll   string
	CommandDelete string
}

func (d *Dashboard) sameToken(in *request, b tokenform.Basis, t *authority.Token) (sameToken, error) {
	draft, site := draftOf(t), d.site(in)
	if draft.Status == authority.StatusExposed {
		draft.Status = ""
	}
	document, err := b.Picker.Document(&draft)
	if err != nil {
		return sameToken{}, err
	}
	draft.Policies = slices.Clone(draft.Policies)
	for i := range draft.Policies {
		draft.Policies[i].ID = "" // a new token's have none yet
	}
	create, err := tokenform.CurlCreate(site, b.Picker, &draft)
	if err != nil {
		return sameToken{}, err
	}
	command, err := tokenform.CommandCreate(b, &draft)
	if err != nil {
		return sameToken{}, err
	}
	return sameToken{
		Document: document, Create: create, Roll: tokenform.CurlRoll(site, t.ID), Delete: tokenform.CurlDelete(site, t.ID),
		Terraform: tokenform.Terraform(site, b.Picker, &draft), Command: command,
		CommandRoll: tokenform.CommandRoll(b, t.ID), CommandDelete: tokenform.CommandRevoke(b, t.ID),
	}, nil
}
