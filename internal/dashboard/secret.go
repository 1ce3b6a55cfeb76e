package dashboard

import (
	"context"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/token"
	"github.com/tokenward/tokenward/internal/tokenform"
)

// shownSecret is what the page with a token's new secret shows.
type shownSecret struct {
	Name, ID string
	Secret   string
	Rolled   bool   // it is a new secret of a token that was there
	Curl     string // tries it
	List     string // path of the tokens
}

// secretPage shows the secret of a token that was issued or rolled a moment ago,
// this once. Its route has once, so that loading the answer again does nothing.
func (d *Dashboard) secretPage(in *request, t *authority.Token, secret token.Secret, rolled bool) page {
	title := "The token is ready"
	if rolled {
		title = "The new secret"
	}
	p := show("secret", title, shownSecret{
		Name: t.Name, ID: t.ID, Secret: secret.Reveal(), Rolled: rolled, List: in.base() + "/api-tokens",
		Curl: strings.Replace(tokenform.CurlVerify(d.site(in)), "$"+tokenform.SecretVariable, secret.Reveal(), 1),
	})
	p.nav, p.secret = in.base()+"/api-tokens", true
	return p
}

// maxSecret is more than any secret has.
const maxSecret = 200

// envFile sends the secret that a page showed back as a file. The page has it in
// a form, since it is kept nowhere that a link could reach.
func (d *Dashboard) envFile(_ context.Context, in *request) (page, error) {
	secret, name := in.form.Get("secret"), in.form.Get("name")
	if secret == "" || len(secret) > maxSecret || len(name) > 4*authority.MaxTokenName {
		return page{}, errNoForm
	}
	p := download(".env", "text/plain; charset=utf-8", []byte(tokenform.EnvFile(name, secret, d.site(in).VerifyURL())))
	p.secret = true
	return p, nil
}
