package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/tokenward/tokenward/internal/clientip"
)

func parseListen(s string) (string, error) {
	_, port, err := net.SplitHostPort(s)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return "", fmt.Errorf("%q is not an address such as 127.0.0.1:8484", s)
	}
	return s, nil
}

// checkExposure stops secrets from being sent in clear by accident.
func (c *serveConfig) checkExposure(secured bool) error {
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil || secured || c.AllowPlainHTTP || isLoopback(host) {
		return nil
	}
	return fmt.Errorf("%s is not loopback, and without TLS secrets would cross the network in clear: give --tls-cert and --tls-key, or --allow-plain-http", c.Listen)
}

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.Unmap().IsLoopback()
}

func checkKeyPair(cert, key string) error {
	switch {
	case cert == "" && key == "":
		return nil
	case key == "":
		return errors.New("needs --tls-key")
	case cert == "":
		return errors.New("is missing beside --tls-key")
	}
	_, err := tls.LoadX509KeyPair(cert, key)
	return err
}

// secured is a listener with TLS by the configured certificate, for clients that
// speak a protocol, by its ALPN name.
func (c *serveConfig) secured(l net.Listener, protocol string) (net.Listener, error) {
	pair, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey)
	if err != nil {
		return nil, err
	}
	return tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{pair}, NextProtos: []string{protocol}, MinVersion: tls.VersionTLS12}), nil
}

// checkProxies looks at one proxy at a time, so that each fault is named.
func checkProxies(proxies []string) error {
	var wrong []error
	for _, p := range proxies {
		_, err := clientip.New("", []string{p})
		if prefix, e := netip.ParsePrefix(p); e == nil && prefix.Bits() == 0 {
			err = fmt.Errorf("%s trusts everybody, so every client could choose its own address", p)
		}
		if err != nil {
			wrong = append(wrong, withoutPackage(err))
		}
	}
	return errors.Join(wrong...)
}

func checkHeader(header string, proxies []string) error {
	switch {
	case header == "" && len(proxies) == 0:
		return nil
	case header == "":
		return errors.New("is missing beside --trusted-proxy: say which header the proxies write, such as X-Forwarded-For")
	case len(proxies) == 0:
		return errors.New("needs --trusted-proxy: nobody is trusted to write it")
	}
	_, err := clientip.New(header, nil)
	return withoutPackage(err)
}

// readNetworks reads the networks that GET /ips tells: each once, in order.
func (c *serveConfig) readNetworks(list []string) error {
	var wrong []error
	for _, s := range list {
		p, err := netip.ParsePrefix(strings.TrimSpace(s))
		if err != nil || p.Addr().Is4In6() {
			wrong = append(wrong, fmt.Errorf("%q is not a network such as 198.51.100.0/24 or 2001:db8::/32", s))
			continue
		}
		c.Networks = append(c.Networks, p.Masked())
	}
	slices.SortFunc(c.Networks, netip.Prefix.Compare)
	c.Networks = slices.Compact(c.Networks)
	return errors.Join(wrong...)
}

// withoutPackage drops the "clientip: " or "token: " that the errors of our
// packages begin with.
func withoutPackage(err error) error {
	if err == nil {
		return nil
	}
	if pkg, rest, ok := strings.Cut(err.Error(), ": "); ok && (pkg == "clientip" || pkg == "token") {
		return errors.New(rest)
	}
	return err
}

func (c *serveConfig) readPublicURL(raw string) error {
	if raw == "" {
		return nil
	}
	u, err := url.Parse(raw)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return errors.New("is not a URL such as https://tokens.example.com")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "":
		return errors.New("must be scheme and host only, such as https://tokens.example.com")
	case u.Scheme == "http" && !c.AllowPlainHTTP && !isLoopback(u.Hostname()):
		return errors.New("must begin with https://, or secrets would cross the network in clear (--allow-plain-http permits it)")
	}
	c.PublicURL = u.Scheme + "://" + u.Host
	return nil
}
