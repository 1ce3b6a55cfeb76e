package upstream

import (
	"net/http"
	"strconv"
	"strings"
)

const (
	headerDeniedBy = "Tokenward-Denied-By"
	headerStatus   = "Tokenward-Upstream-Status"
)

// refusedUs is an upstream's answer to the gateway's own credential. The client
// cannot do anything about it, and its own token is good.
type refusedUs struct{ status int }

func (r refusedUs) Error() string {
	return "the upstream refuses the gateway's credential with " + strconv.Itoa(r.status)
}

// returned looks at an answer before the client gets it.
func (p *Proxy) returned(res *http.Response) error {
	x := exchangeOf(res.Request.Context())
	if x.answered != nil {
		x.answered()
	}
	switch {
	case res.StatusCode == http.StatusUnauthorized, res.StatusCode == http.StatusProxyAuthRequired:
		return refusedUs{res.StatusCode}
	case res.StatusCode == http.StatusSwitchingProtocols:
		x.phase.Store(open)
		p.clean(res.Header)
		return x.slim(res)
	}
	p.clean(res.Header)
	p.clean(res.Trailer)
	if res.StatusCode == http.StatusForbidden {
		res.Header[headerDeniedBy] = []string{"upstream"}
	}
	res.Header["Cache-Control"] = []string{private(res.Header["Cache-Control"])}
	if p.cfg.SharedHost {
		// A page of the upstream's must not act on the pages of this host.
		res.Header.Add("Content-Security-Policy", "sandbox")
	}
	switch kind, _, _ := strings.Cut(res.Header.Get("Content-Type"), ";"); {
	case strings.EqualFold(strings.TrimSpace(kind), "text/event-stream"):
		x.phase.Store(open)
	default:
		x.phase.Store(receiving)
	}
	res.Body = &received{ReadCloser: res.Body, x: x, res: res}
	return nil
}

// clean takes out of an answer's header what speaks for this host, which is the
// gateway's, what only the gateway may say, and the credential if it is there.
func (p *Proxy) clean(h http.Header) {
	secret := p.credential.reveal()
	for name, lines := range h {
		if speaksForUs(name) {
			delete(h, name)
			continue
		}
		if secret == "" {
			continue
		}
		for _, line := range lines {
			if strings.Contains(line, secret) {
				delete(h, name)
				p.log.Error("the upstream repeats the credential in a header, which was left out", "header", name)
				break
			}
		}
	}
}

func speaksForUs(name string) bool {
	switch http.CanonicalHeaderKey(name) {
	case "Set-Cookie", "Set-Cookie2", "Www-Authenticate", "Proxy-Authenticate", "Authentication-Info", "Proxy-Authentication-Info",
		"Alt-Svc", "Clear-Site-Data", "Strict-Transport-Security", "Public-Key-Pins", "Service-Worker-Allowed", "Cf-Ray",
		"X-Accel-Redirect", "X-Sendfile", "X-Content-Type-Options":
		return true
	}
	const own = "Tokenward-"
	return len(name) >= len(own) && strings.EqualFold(name[:len(own)], own)
}

// private is a Cache-Control for one client only. An upstream that does not see
// who asks may call an answer public that was judged for one caller (RFC 9111,
// 3.5).
func private(lines []string) string {
	var out []string
	for part := range strings.SplitSeq(strings.Join(lines, ","), ",") {
		part = strings.TrimSpace(part)
		name, _, _ := strings.Cut(part, "=")
		switch strings.ToLower(name) {
		case "", "public", "private", "s-maxage", "proxy-revalidate":
			continue
		}
		out = append(out, part)
	}
	switch {
	case len(lines) == 0:
		return "no-store"
	case len(out) == 0:
		return "private"
	}
	return "private, " + strings.Join(out, ", ")
}
