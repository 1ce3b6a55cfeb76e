package main

import (
	"net/url"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
)

// maxTemplateURL is more than what any browser sends.
const maxTemplateURL = 64 << 10

// templateOfURL reads a template URL, which a dashboard's link is. Where the link
// leads is not looked at but for one thing: /<account>/api-tokens is the page for
// tokens of an account, as to=/:account/api-tokens is.
func (c *connection) templateOfURL(s string) (catalog.Template, catalog.Choices, error) {
	fail := func(format string, args ...any) (catalog.Template, catalog.Choices, error) {
		return catalog.Template{}, catalog.Choices{}, usagef("--template-url: "+format, args...)
	}
	if len(s) > maxTemplateURL {
		return fail("longer than %d bytes", maxTemplateURL)
	}
	u, err := url.Parse(s)
	if err != nil {
		return fail("not a URL")
	}
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return fail("its query cannot be read: quote the URL for the shell")
	}
	account, page := strings.CutSuffix(strings.TrimPrefix(u.Path, "/"), "/api-tokens")
	if page && isHexID(account) {
		if c.account != "" && c.account != account {
			return fail("it is about account %s, and --account about another", account)
		}
		q["to"] = []string{"/:account/api-tokens"}
	}
	t, choices, err := catalog.V4().ParseTemplateURL(q)
	switch {
	case err != nil:
		return fail("%s", strings.TrimPrefix(err.Error(), "template URL: "))
	case t.ForAccount && c.account == "":
		return fail("it is for a token of an account: add --account ID")
	case !t.ForAccount && c.account != "":
		return fail("it is for a token of a user: leave --account out")
	}
	return t, choices, nil
}
