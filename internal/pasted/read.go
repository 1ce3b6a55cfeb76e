package pasted

import (
	"slices"
	"strings"
)

// Limits of what is pasted.
const (
	MaxText  = 16 << 10 // bytes
	maxWords = 500
)

// Request is what was pasted, as far as it is kept.
type Request struct {
	Method string
	Path   string // escaped, without the API's prefix; placeholders stand in it
}

// Methods are the methods that a request can have.
func Methods() []string {
	return []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
}

// Read reads "GET /zones", an address, or a line for curl. problem says what is
// wrong with it; nothing of the text is in it.
func Read(text string) (r Request, problem string) {
	if len(text) > MaxText {
		return Request{}, "This is too long. The method and the address are enough."
	}
	words, ok := shellWords(text)
	switch {
	case !ok:
		return Request{}, "A quote is opened and not closed."
	case len(words) == 0:
		return Request{}, "Enter a method and a path, or paste a line for curl."
	case len(words) > maxWords:
		return Request{}, "This is too long. The method and the address are enough."
	}
	var address string
	if at := slices.IndexFunc(words, isCurl); at >= 0 {
		r.Method, address = curlRequest(words[at+1:])
	} else {
		r.Method, address = plainRequest(words)
	}
	if r.Path, ok = pathOfAddress(address); !ok {
		return Request{}, "There is no path in it. A path begins with a slash: /zones/{id}/settings."
	}
	if !slices.Contains(Methods(), r.Method) {
		return Request{}, "The method is not one of " + strings.Join(Methods(), ", ") + "."
	}
	return r, ""
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

// IsPlaceholder reports whether a segment stands for a value: {id}, $ID, ${ID},
// <id>, :id.
func IsPlaceholder(s string) bool {
	if len(s) < 2 {
		return false
	}
	return s[0] == '$' || s[0] == ':' || s[0] == '{' && s[len(s)-1] == '}' || s[0] == '<' && s[len(s)-1] == '>'
}

// Reduced is the request as it may be shown again: of the path only what are
// plainly words, and {id} for the rest.
func (r *Request) Reduced() string {
	segments := strings.Split(r.Path, "/")
	for i, s := range segments {
		if s != "" && !isWord(s) {
			segments[i] = "{id}"
		}
	}
	return r.Method + " " + strings.Join(segments, "/")
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
