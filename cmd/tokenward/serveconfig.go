package main

import (
	"log/slog"
	"net/netip"
	"path/filepath"
	"strings"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/catalogfile"
	"github.com/tokenward/tokenward/internal/clientip"
	"github.com/tokenward/tokenward/internal/mail"
	"github.com/tokenward/tokenward/internal/ratelimit"
	"github.com/tokenward/tokenward/internal/token"
)

// serveConfig is how the server runs. It has been checked.
type serveConfig struct {
	DataDir         string             // folder of everything that is kept; may not exist yet
	Listen          string             // host:port; an empty host is every address, port 0 a free one
	Demo            bool               // fill a new data folder with made-up accounts and zones
	PublicURL       string             // how clients reach us, no slash at the end; "" is the listening address
	AllowPlainHTTP  bool               // listening beyond loopback without TLS is intended
	TLSCert, TLSKey string             // PEM files that fit together; both "" for no TLS
	ClientIP        *clientip.Resolver // trusted proxies and the header they write
	Networks        []netip.Prefix     // what GET /ips tells
	TokenFormat     token.Format       // prefix of the secrets that are issued
	MaxStaleness    time.Duration      // how old the change feed may be before the cache is not trusted
	CacheSize       int                // token records in memory
	MaxBody         int64              // bytes of the longest request body under /client/v4
	Catalog         *catalog.Catalog   // with the compatibility table and the custom catalogues that were asked for
	BuiltIn         *catalog.Catalog   // without the custom ones
	Catalogs        []catalogfile.Source
	Upstreams       []upstreamSpec
	Zones, Accounts string // "on" or "off": whether we serve them

	UpstreamAccounts []authority.AccountDraft
	AuditRetention   time.Duration    // how long events are kept
	RateLimits       string           // "on" or "off"
	RateLimit        ratelimit.Config // of what is under /client/v4
	InviteLinks      bool             // without a mail server, who invites gets the link
	APIKeys          string           // "on" or "off"
	Dashboard        string           // "on" or "off"
	SessionIdle      time.Duration    // a session that was not used for so long ends
	SessionLifetime  time.Duration    // and every session after so long
	SecretKeyFile    string           // of the key that seals second factors; may not exist yet
	Mail             *mail.SMTP       // nil sends no mail
	Enforce          string           // host:port of the enforcement endpoint, "" for none
	EnforceServer    string           // what answers there: "net/http" or leanServer
	ExtAuthz         string           // host:port of the same for Envoy, over gRPC, "" for none
	EnforceSecret    string           // what must be shown at either, "" for nothing
	ShutdownTimeout  time.Duration    // what requests under way get when stopping
	LogFormat        string           // "text" or "json"
	LogLevel         slog.Level       // least level that is logged
}

// setting is a row of the checking table: a flag, and what reads or checks it.
type setting struct {
	flag  string
	check func() error
}

// config checks every flag and reports all faults at once. source names a flag
// by where its value came from.
func (f *serveFlags) config(source func(flag string) string) (serveConfig, error) {
	var c serveConfig
	table := []setting{
		{"data", read(&c.DataDir, f.data, notEmpty)},
		{"listen", read(&c.Listen, f.listen, parseListen)},
		{"demo", read(&c.Demo, f.demo, parseToggle)},
		{"allow-plain-http", read(&c.AllowPlainHTTP, f.allowPlainHTTP, parseToggle)},
		{"tls-cert", func() error { return checkKeyPair(string(f.tlsCert), string(f.tlsKey)) }},
		{"token-prefix", read(&c.TokenFormat, f.tokenPrefix, parsePrefix)},
		{"trusted-proxy", func() error { return checkProxies(f.trustedProxies) }},
		{"forwarded-header", func() error { return checkHeader(string(f.forwardedHeader), f.trustedProxies) }},
		{"ips", func() error { return c.readNetworks(f.networks) }},
		{"max-staleness", read(&c.MaxStaleness, f.maxStaleness, parsePositive)},
		{"cache-size", read(&c.CacheSize, f.cacheSize, parseCount)},
		{"compatibility", read(&c.Catalog, f.compatibility, parseCompatibility)},
		{"catalog", func() error { return c.readCatalogs(f.catalogs) }},
		{"max-body", read(&c.MaxBody, f.maxBody, parseSize)},
		{"audit-retention", read(&c.AuditRetention, f.auditRetention, parsePositive)},
		{"rate-limits", read(&c.RateLimits, f.rateLimits, oneOf("on", "off"))},
		{"rate-limit-requests", read(&c.RateLimit.Requests, f.rateRequests, parseCount)},
		{"rate-limit-window", read(&c.RateLimit.Window, f.rateWindow, parsePositive)},
		{"rate-limit-address", read(&c.RateLimit.PerAddress, f.rateAddress, parseCount)},
		{"invite-links", read(&c.InviteLinks, f.inviteLinks, parseToggle)},
		{"api-keys", read(&c.APIKeys, f.apiKeys, oneOf("on", "off"))},
		{"dashboard", read(&c.Dashboard, f.dashboard, oneOf("on", "off"))},
		{"session-idle", read(&c.SessionIdle, f.sessionIdle, parsePositive)},
		{"session-lifetime", read(&c.SessionLifetime, f.sessionLifetime, parsePositive)},
		{"smtp-addr", func() error { return f.readMail(&c) }},
		{"shutdown-timeout", read(&c.ShutdownTimeout, f.shutdownTimeout, parsePositive)},
		{"log-format", read(&c.LogFormat, f.logFormat, oneOf("text", "json"))},
		{"log-level", read(&c.LogLevel, f.logLevel, parseLevel)},
		{"enforce", read(&c.Enforce, f.enforce, parseListenIfGiven)},
		{"enforce-server", read(&c.EnforceServer, f.enforceServer, oneOf("net/http", leanServer))},
		{"ext-authz", read(&c.ExtAuthz, f.extAuthz, parseListenIfGiven)},
		{"enforce-secret-file", func() error { return c.readEnforceSecret(string(f.enforceSecretFile)) }},
		{"enforce", func() error { return c.checkEnforceExposure(c.Enforce, f.tlsCert != "" || f.tlsKey != "") }},
		{"ext-authz", func() error { return c.checkEnforceExposure(c.ExtAuthz, f.tlsCert != "" || f.tlsKey != "") }},
		{"zones", read(&c.Zones, f.zones, oneOf("on", "off"))},
		{"accounts", read(&c.Accounts, f.accounts, oneOf("on", "off"))},
		{"upstream-account", func() error { return c.readUpstreamAccounts(f.upstreamAccounts) }},
		// The rest needs what the rows above have read.
		{"upstream", func() error { return f.readUpstreams(&c) }},
		{"zones", func() error { return c.checkElsewhere(c.Zones == "off") }},
		{"accounts", func() error { return c.checkElsewhere(c.Accounts == "off") }},
		{"upstream-account", func() error { return c.checkElsewhere(len(c.UpstreamAccounts) > 0) }},
		{"listen", func() error { return c.checkExposure(f.tlsCert != "" || f.tlsKey != "") }},
		{"public-url", func() error { return c.readPublicURL(string(f.publicURL)) }},
	}
	if err := runTable(table, source); err != nil {
		return serveConfig{}, err
	}
	c.TLSCert, c.TLSKey = string(f.tlsCert), string(f.tlsKey)
	if c.SecretKeyFile = string(f.secretKeyFile); c.SecretKeyFile == "" {
		c.SecretKeyFile = filepath.Join(c.DataDir, secretKeyFile)
	}
	var err error
	c.ClientIP, err = clientip.New(string(f.forwardedHeader), f.trustedProxies)
	return c, err
}

func runTable(table []setting, source func(flag string) string) error {
	var wrong faults
	for _, s := range table {
		for _, err := range parts(s.check()) {
			wrong.addf("%s: %s", source(s.flag), err)
		}
	}
	return wrong.err()
}

// parts are the errors joined in err.
func parts(err error) []error {
	if err == nil {
		return nil
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	return []error{err}
}

// read is a check that keeps what it parsed.
func read[T any, S ~string](into *T, raw S, parse func(string) (T, error)) func() error {
	return func() error {
		v, err := parse(strings.TrimSpace(string(raw)))
		if err == nil {
			*into = v
		}
		return err
	}
}

// limiter is nil when nobody is limited.
func (c *serveConfig) limiter() *ratelimit.Limiter {
	if c.RateLimits == "off" {
		return nil
	}
	return ratelimit.New(c.RateLimit)
}
