package dashboard

import (
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
)

// Limits of what is pasted.
const (
	maxAsked      = 16 << 10 // bytes
	maxAskedWords = 500
)

// asked is a request that somebody asks about.
type asked struct {
	method string
	path   string // escaped, without the API's prefix; placeholders stand in it
}

// askedMethods are the methods that can be asked about.
func askedMethods() []string {
	return []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
}

// readAsked reads "GET /zones", an address, or a line for curl. problem says what
// is wrong with it; nothing of the text is in it.
func readAsked(text string) (a asked, problem string) {
	if len(text) > maxAsked {
		return asked{}, "This is too long. The method and the address are enough."
	}
	words, ok := shellWords(text)
	switch {
	case !ok:
		return asked{}, "A quote is opened and not closed."
	case len(words) == 0:
		return asked{}, "Enter a method and a path, or paste a line for curl."
	case len(words) > maxAskedWords:
		return asked{}, "This is too long. The method and the address are enough."
	}
	var address string
	if at := slices.IndexFunc(words, isCurl); at >= 0 {
		a.method, address = curlRequest(words[at+1:])
	} else {
		a.method, address = plainRequest(words)
	}
	if a.path, ok = pathOfAddress(address); !ok {
		return asked{}, "There is no path in it. A path begins with a slash: /zones/{id}/settings."
	}
	if !slices.Contains(askedMethods(), a.method) {
		return asked{}, "The method is not one of " + strings.Join(askedMethods(), ", ") + "."
	}
	return a, ""
}

func isCurl(word string) bool {
	return word == "curl" || word == "curl.exe" || strings.HasSuffix(word, "/curl")
}

// plainRequest reads a method, if there is one, and an address. The version of a
// request line may follow.
func plainRequest(words []string) (method, address string) {
	if len(words) > 1 && !strings.Contains(words[0], "/") {
		return strings.ToUpper(words[0]), words[1]
	}
	return "GET", words[0]
}

// find finds the operation by the gate's own engine. A placeholder is anything
// that fits in its place.
func (a *asked) find(c *catalog.Catalog) (*catalog.Operation, catalog.Miss) {
	worst := catalog.NoPath
	for _, value := range []string{strings.Repeat("0", 32), "00000000-0000-4000-8000-000000000000", "1", "x"} {
		path := a.filled(value)
		m, miss := c.Match(a.method, path)
		if miss == catalog.Hit {
			return m.Op, miss
		}
		worst = max(worst, miss)
		for _, api := range c.APIs() {
			if m, miss := api.Match(a.method, path); miss == catalog.Hit {
				return m.Op, miss
			}
		}
	}
	return nil, worst
}

// withOtherMethods are the operations at the same path.
func (a *asked) withOtherMethods(c *catalog.Catalog) []*catalog.Operation {
	var out []*catalog.Operation
	for _, method := range askedMethods() {
		other := asked{method, a.path}
		if op, _ := other.find(c); op != nil {
			out = append(out, op)
		}
	}
	return out
}

// filled is the path with a value for each placeholder.
func (a *asked) filled(value string) string {
	segments := strings.Split(a.path, "/")
	for i, s := range segments {
		if isPlaceholder(s) {
			segments[i] = value
		}
	}
	return strings.Join(segments, "/")
}

// isPlaceholder reports whether a segment stands for a value: {id}, $ID, ${ID},
// <id>, :id.
func isPlaceholder(s string) bool {
	if len(s) < 2 {
		return false
	}
	return s[0] == '$' || s[0] == ':' || s[0] == '{' && s[len(s)-1] == '}' || s[0] == '<' && s[len(s)-1] == '>'
}

// reduced is the request as it may be shown again: of the path only what are
// plainly words, and {id} for the rest.
func (a *asked) reduced() string {
	segments := strings.Split(a.path, "/")
	for i, s := range segments {
		if s != "" && !isWord(s) {
			segments[i] = "{id}"
		}
	}
	return a.method + " " + strings.Join(segments, "/")
}

// isWord reports whether a segment is letters only, or too short for a secret.
func isWord(s string) bool {
	letters := strings.Trim(s, "abcdefghijklmnopqrstuvwxyz_-") == ""
	short := strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_-.") == "" && len(s) <= 6
	return letters && len(s) <= 32 || short
}

// pathOfAddress is the path of an address below the API's prefix, or the path
// itself, without its query. The prefix is found wherever it is.
func pathOfAddress(address string) (string, bool) {
	rest, hasScheme := address, false
	for _, scheme := range []string{"https://", "http://"} {
		if len(address) > len(scheme) && strings.EqualFold(address[:len(scheme)], scheme) {
			rest, hasScheme = address[len(scheme):], true
		}
	}
	rest, _, _ = strings.Cut(rest, "?")
	rest, _, _ = strings.Cut(rest, "#")
	if _, after, ok := strings.Cut(rest, "/client/v4"); ok && strings.HasPrefix(after, "/") {
		return after, true
	}
	if hasScheme || !strings.HasPrefix(rest, "/") { // a host or a variable stands before the path
		_, after, ok := strings.Cut(rest, "/")
		return "/" + after, ok && after != ""
	}
	return rest, len(rest) > 1
}
