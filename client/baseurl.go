package client

import (
	"errors"
	"net"
	"net/url"
	"strings"
)

// parseBase checks an API address and takes the slash from its end. Its errors
// do not repeat the address, which may hold a password.
func parseBase(raw string, plainHTTP bool) (string, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return "", errors.New("client: the base URL is not an absolute URL such as https://tokens.example.com/client/v4")
	}
	base := strings.TrimSuffix(u.EscapedPath(), "/")
	switch {
	case u.User != nil:
		return "", errors.New("client: the base URL must not contain a user name or password")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return "", errors.New("client: the base URL must not have a query or fragment")
	case !strings.HasSuffix(base, "/client/v4"):
		return "", errors.New("client: the base URL must end in /client/v4")
	case u.Scheme == "http" && !plainHTTP && !isLoopback(u.Hostname()):
		return "", errors.New("client: plain http would send secrets in clear: use https, or allow plain http explicitly")
	case u.Scheme != "http" && u.Scheme != "https":
		return "", errors.New("client: the base URL must begin with https:// or http://")
	}
	return u.Scheme + "://" + u.Host + base, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
