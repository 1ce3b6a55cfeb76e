package dashboard

import "slices"

// tokenRoutes are the pages about tokens that are there; making and changing them
// is the wizard's. Each is served for the user and for accounts.
func (d *Dashboard) tokenRoutes() []route {
	of := func(base string) []route {
		at := base + "/api-tokens"
		return []route{
			{pattern: "GET " + at, page: d.tokenList},
			{pattern: "POST " + at + "/env", page: d.envFile},
			{pattern: "GET " + at + "/{token}", page: d.tokenPage},
			{pattern: "POST " + at + "/{token}/may", page: d.tokenMay},
			{pattern: "GET " + at + "/{token}/suggestion", page: d.suggestionPage},
			{pattern: "POST " + at + "/{token}/suggestion", page: d.applySuggestion},
			{pattern: "GET " + at + "/{token}/roll", page: d.rollPage},
			{pattern: "POST " + at + "/{token}/roll", page: d.roll, once: true},
			{pattern: "GET " + at + "/{token}/disable", page: d.disablePage},
			{pattern: "POST " + at + "/{token}/disable", page: d.disable},
			{pattern: "GET " + at + "/{token}/enable", page: d.enablePage},
			{pattern: "POST " + at + "/{token}/enable", page: d.enable},
			{pattern: "GET " + at + "/{token}/delete", page: d.deletePage},
			{pattern: "POST " + at + "/{token}/delete", page: d.deleteToken},
		}
	}
	return slices.Concat(of("/profile"), of("/{account}"))
}
