package dashboard

import (
	"context"
	"net/http"
)

// themeAge in seconds is how long a browser remembers the theme.
const themeAge = 365 * 24 * 60 * 60

// theme is what the reader chose, "" for the system's.
func (d *Dashboard) theme(in *request) string {
	switch t := in.cookie(cookieName(d.secure, "theme")); t {
	case "light", "dark":
		return t
	}
	return ""
}

// chooseTheme keeps the choice in a cookie, so that it also holds on the page
// where one signs in. It says nothing about who it is.
func (d *Dashboard) chooseTheme(_ context.Context, in *request) (page, error) {
	theme := in.form.Get("theme")
	age := themeAge
	switch theme {
	case "light", "dark":
	case "system":
		theme, age = "", -1
	default:
		return page{}, errNoForm
	}
	in.cookies = append(in.cookies, &http.Cookie{
		Name: cookieName(d.secure, "theme"), Value: theme, Path: "/", MaxAge: age,
		HttpOnly: true, Secure: d.secure, SameSite: http.SameSiteLaxMode,
	})
	return seeOther(in.next()), nil
}
