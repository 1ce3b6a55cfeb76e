package dashboard

import (
	"context"

	"github.com/tokenward/tokenward/internal/authority"
)

// tokensPerPage is how many tokens a page of the list has.
const tokensPerPage = 50

// tokenListData is what the list of tokens shows.
type tokenListData struct {
	Rows       []tokenRow
	Counts     authority.TokenCounts
	Found      int
	Page, Last int
	Views      []viewLink
	Sort       map[string]sortLink
	Search     string
	Show       string // the view, and the order, which a search keeps
	By, Dir    string
	Rights     authority.TokenRights
	Create     string // path of the wizard, "" for who may not
	OfAccount  bool
}

// tokenList shows the tokens of the user, or of the account in the path.
func (d *Dashboard) tokenList(ctx context.Context, in *request) (page, error) {
	if in.query.Has("permissionGroupKeys") {
		return d.newTokenForm(ctx, in) // not by a redirect: such addresses are long
	}
	data, f, err := d.askedFor(in)
	if err != nil {
		return page{}, err
	}
	owner := in.owner()
	tokens, found, err := d.authority.ListTokens(ctx, in.caller, owner, f)
	if err != nil {
		return page{}, err
	}
	if len(tokens) == 0 && found > 0 { // beyond the last page, which was longer a moment ago
		last, err := query(in.self(), "page", pageNumber(pagesFor(found, tokensPerPage)))
		return seeOther(last), err
	}
	data.Found, data.Last = found, pagesFor(found, tokensPerPage)
	if data.Counts, err = d.authority.TokenCounts(ctx, in.caller, owner); err != nil {
		return page{}, err
	}
	if data.Views, err = viewLinks(in.self(), data.Show, &data.Counts); err != nil {
		return page{}, err
	}
	if data.Rights, err = d.authority.TokenRights(ctx, in.caller, owner); err != nil {
		return page{}, err
	}
	names, err := d.names(ctx, in, policiesOf(tokens)...)
	if err != nil {
		return page{}, err
	}
	b := d.basis(in)
	for i := range tokens {
		data.Rows = append(data.Rows, rowOf(&b, &tokens[i], names, in.base()))
	}
	data.Create = createPath(in, &data.Rights)
	p := show("tokens", "API tokens", data)
	p.nav = in.base() + "/api-tokens"
	return p, nil
}

// askedFor is what the request asks to see.
func (d *Dashboard) askedFor(in *request) (tokenListData, authority.TokenFilter, error) {
	at, offset := in.pageOf(tokensPerPage)
	view := viewOf(in.query.Get("show"))
	data := tokenListData{
		Page: at, Search: in.query.Get("q"), Show: view.key, OfAccount: in.account != nil,
		By: in.query.Get("sort"), Dir: in.query.Get("dir"),
	}
	f := authority.TokenFilter{Search: data.Search, Offset: offset, Limit: tokensPerPage}
	view.set(&f)
	var err error
	data.Sort, err = in.order(&f)
	return data, f, err
}

// createPath is where a token is made, "" for who may not.
func createPath(in *request, rights *authority.TokenRights) string {
	if !rights.Create {
		return ""
	}
	return in.base() + "/api-tokens/create"
}
