package dashboard

import (
	"net/url"
	"path"
	"strings"
)

// maxNext bounds the address to come back to. Template links are long.
const maxNext = 8 << 10

// localPath is s if it is a path here, with or without a query, and else "". It
// decides where a redirect may lead: what browsers read as another host
// ("//host", "/\host", with tabs and newlines left out) is none.
func localPath(s string) string {
	if len(s) > maxNext || !strings.HasPrefix(s, "/") || strings.HasPrefix(s, "//") {
		return ""
	}
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c == 0x7f || c == '\\' {
			return ""
		}
	}
	u, err := url.Parse(s)
	if err != nil || u.Host != "" || u.Scheme != "" || u.Fragment != "" || path.Clean(u.Path) != u.Path {
		return ""
	}
	return s
}

// withNext adds to a path where to go afterwards.
func withNext(to, next string) string {
	if next = localPath(next); next == "" || next == "/" {
		return to
	}
	return to + "?" + url.Values{"next": {next}}.Encode()
}

// next is where the request says to go afterwards, "/" if it does not.
func (in *request) next() string {
	from := in.query.Get("next")
	if in.form.Has("next") {
		from = in.form.Get("next")
	}
	if p := localPath(from); p != "" {
		return p
	}
	return "/"
}
