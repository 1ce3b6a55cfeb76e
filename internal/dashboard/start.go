package dashboard

import (
	"context"
	"net/url"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
)

func (d *Dashboard) startRoutes() []route {
	return []route{
		{pattern: "GET /{$}", page: d.start},
		{pattern: "GET /accounts", page: d.chooseAccount},
		{pattern: "GET /profile", page: d.overview},
		{pattern: "GET /{account}", page: d.overview},
		{pattern: "POST /theme", page: d.chooseTheme, open: true},
	}
}

// inAccount is what the "to" of a link begins with whose reader is to say in
// which account (contract 5.5).
const inAccount = "/:account"

// start leads to the overview of the account that was looked at last, and of the
// user who has none; or where a link of the form
// /?to=/:account/api-tokens leads, once it is known in which account.
func (d *Dashboard) start(ctx context.Context, in *request) (page, error) {
	to := in.query.Get("to")
	if to == "" {
		if a := d.currentAccount(ctx, in); a != nil {
			return seeOther("/" + a.ID), nil
		}
		return seeOther("/profile"), nil
	}
	rest, ok := strings.CutPrefix(to, inAccount)
	if !ok || rest != "" && !strings.HasPrefix(rest, "/") || localPath(to) == "" || strings.Contains(rest, "/:") {
		return page{}, errNowhere
	}
	if len(in.accounts) == 1 {
		return seeOther(intoAccount(in.accounts[0].ID, rest, in.query)), nil
	}
	return d.chooseAccount(ctx, in)
}

// intoAccount is a link's address in an account, with the rest of its query.
func intoAccount(id, rest string, query url.Values) string {
	q := url.Values{}
	for name, values := range query {
		if name != "to" {
			q[name] = values
		}
	}
	if len(q) == 0 {
		return "/" + id + rest
	}
	return "/" + id + rest + "?" + q.Encode()
}

// accountChoices is what the account chooser shows.
type accountChoices struct {
	Purpose string // what the account is chosen for, "" to look around
	Choices []accountChoice
}

type accountChoice struct {
	authority.Account
	Path string
}

// chooseAccount lists the accounts, each leading to where the link wants to go.
func (d *Dashboard) chooseAccount(_ context.Context, in *request) (page, error) {
	rest, asked := strings.CutPrefix(in.query.Get("to"), inAccount)
	if !asked {
		rest = ""
	}
	data := accountChoices{}
	if asked {
		data.Purpose = "The link leads into an account. Choose which."
	}
	for _, a := range in.accounts {
		data.Choices = append(data.Choices, accountChoice{a, intoAccount(a.ID, rest, in.query)})
	}
	return show("accounts", "Accounts", data), nil
}
