package main

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func newServe(p program) *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the authority: the v4 API behind its gate, and the dashboard",
		Long: `Run the authority. On the first start it makes the data folder and writes the
first credentials into bootstrap.json in it, which only its owner can read.

It stops on SIGINT or SIGTERM, after the requests that are under way.`,
		Example: `  # try it out: accounts, zones and a token are made up
  tokenward serve --demo

  # behind a proxy on the same machine
  tokenward serve --data /var/lib/tokenward --public-url https://tokens.example.com \
    --trusted-proxy 127.0.0.1/32 --forwarded-header X-Forwarded-For

  # facing the network
  tokenward serve --listen 0.0.0.0:443 --tls-cert cert.pem --tls-key key.pem`,
		Args: cobra.NoArgs,
	}
	f.addTo(cmd.Flags())
	offerVariables(cmd.Flags())
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := f.config(func(flag string) string { return sourceOf(cmd.Flags(), p.env, flag) })
		if err != nil {
			return err
		}
		return runServe(cmd.Context(), cfg, p.stdout, p.stderr)
	}
	return cmd
}

// serveFlags are the flags of serve as they were written: all of them are checked
// together, so that every fault is reported at once.
type serveFlags struct {
	data, listen, publicURL      text
	demo, allowPlainHTTP         toggle
	inviteLinks                  toggle
	trustedProxies, networks     []string
	catalogs                     []string
	upstreams, upstreamAccounts  []string
	upstreamTokenFile            text
	zones, accounts              text
	forwardedHeader, tokenPrefix text
	tlsCert, tlsKey              text
	maxStaleness, cacheSize      text
	logFormat, logLevel          text
	shutdownTimeout, maxBody     text
	auditRetention               text
	rateLimits, rateAddress      text
	rateRequests, rateWindow     text
	compatibility                text
	smtpAddr, smtpFrom           text
	smtpUser, smtpPasswordFile   text
	apiKeys, secretKeyFile       text
	enforce, enforceSecretFile   text
	enforceServer, extAuthz      text
	dashboard                    text
	sessionIdle, sessionLifetime text
}

func (f *serveFlags) addTo(fs *pflag.FlagSet) {
	add := func(v pflag.Value, name, value, usage string) { addText(fs, v, name, value, usage) }
	add(&f.data, "data", "./tokenward-data", "`folder` that holds everything; made when it is missing")
	add(&f.listen, "listen", "127.0.0.1:8484", "`address` to listen on")
	add(&f.demo, "demo", "false", "fill a new data folder with made-up accounts and zones")
	add(&f.publicURL, "public-url", "", "`URL` by which clients reach the server, when that is not the address it listens on")
	add(&f.allowPlainHTTP, "allow-plain-http", "false", "listen beyond loopback without TLS, where a proxy or a private network protects the traffic")
	add(&f.tlsCert, "tls-cert", "", "`file` with the certificate chain (PEM)")
	add(&f.tlsKey, "tls-key", "", "`file` with the certificate's key (PEM)")
	fs.StringSliceVar(&f.trustedProxies, "trusted-proxy", nil, "`CIDR` of proxies whose forwarding header counts; repeatable")
	fs.StringSliceVar(&f.networks, "ips", nil, "`CIDR` that GET /ips tells, for firewalls of what stands behind the server: where its requests come from; repeatable")
	add(&f.forwardedHeader, "forwarded-header", "", "`header` in which those proxies list the client's address, such as X-Forwarded-For")
	add(&f.tokenPrefix, "token-prefix", "tk", "`prefix` of the secrets that are issued")
	add(&f.maxStaleness, "max-staleness", "5s", "`time` for which a revocation may go unnoticed on another node")
	add(&f.cacheSize, "cache-size", "262144", "`number` of token records kept in memory")
	add(&f.compatibility, "compatibility", "docs-2026-04-20", "`table` of the products that take tokens owned by an account; 'tokenward compatibility --json' lists them, none refuses nothing")
	fs.StringSliceVar(&f.catalogs, "catalog", nil, "`file` with a catalogue of an API of your own, or FILE@ACCOUNT to bind it to an account; repeatable. It is loaded again when it changes and on SIGHUP")
	fs.StringArrayVar(&f.upstreams, "upstream", nil, "`URL` of an API to forward requests to, or a list of url=URL,catalog=NAME,prefix=PATH,host=NAME,token-file=FILE and limits; repeatable")
	add(&f.upstreamTokenFile, "upstream-token-file", "", "`file` with the credential for upstreams that name no token-file; read again when it changes")
	add(&f.zones, "zones", "on", "`on` or off: whether zones and DNS records are kept here; off leaves them to the upstream of the v4 API")
	add(&f.accounts, "accounts", "on", "`on` or off: whether reading accounts is served here; off leaves it to the upstream of the v4 API")
	fs.StringSliceVar(&f.upstreamAccounts, "upstream-account", nil, "`ID` of an account of the upstream's that tokens are to be about, or ID=NAME; repeatable")
	add(&f.maxBody, "max-body", "1MiB", "`size` of the longest request body of the API")
	add(&f.auditRetention, "audit-retention", "13140h", "`time` for which events of the audit log are kept")
	add(&f.rateLimits, "rate-limits", "on", "`on` or off: whether requests to the API are limited")
	add(&f.rateRequests, "rate-limit-requests", "1200", "`number` of requests that a user, or an account's token, may make in --rate-limit-window")
	add(&f.rateWindow, "rate-limit-window", "5m", "`time` that --rate-limit-requests is about, and that whoever exceeds it is blocked for")
	add(&f.rateAddress, "rate-limit-address", "200", "`number` of requests that a client address may make in a second")
	add(&f.apiKeys, "api-keys", "on", "`on` or off: whether users can use their API keys")
	add(&f.dashboard, "dashboard", "on", "`on` or off: whether the pages for people are served")
	add(&f.sessionIdle, "session-idle", "12h", "`time` after which who does nothing in the dashboard is signed out")
	add(&f.sessionLifetime, "session-lifetime", "168h", "`time` after which everybody is")
	add(&f.secretKeyFile, "secret-key-file", "", "`file` with the key that seals the secrets of second factors; secret.key in the data folder unless given, and made when it is missing")
	add(&f.smtpAddr, "smtp-addr", "", "`address` of a mail server for invitations and new passwords; without one, links are made by tokenward user alone")
	add(&f.inviteLinks, "invite-links", "false", "without a mail server, hand the link of an invitation to whoever invites: for users who trust each other, since a link makes its holder the user of that address")
	add(&f.smtpFrom, "smtp-from", "", "`address` that mail comes from")
	add(&f.smtpUser, "smtp-user", "", "`name` to sign in to the mail server with, if it asks for one")
	add(&f.smtpPasswordFile, "smtp-password-file", "", "`file` with the password for it")
	add(&f.enforce, "enforce", "", "`address` of the enforcement endpoint, for proxies and servers that ask whether a request may pass, such as 127.0.0.1:9443")
	add(&f.enforceServer, "enforce-server", "net/http", "`server` of that endpoint: net/http, or lean, which answers proxies with about half of the work and leaves all else to net/http")
	add(&f.extAuthz, "ext-authz", "", "`address` where Envoy asks the same, by its ext_authz filter over gRPC, such as 127.0.0.1:9444")
	add(&f.enforceSecretFile, "enforce-secret-file", "", "`file` with a secret that they must show; needed beyond loopback, and by the Go middleware")
	add(&f.shutdownTimeout, "shutdown-timeout", "30s", "`time` that requests under way get when the server stops")
	add(&f.logFormat, "log-format", "text", "`form` of the log: text or json")
	add(&f.logLevel, "log-level", "info", "least `level` that is logged: debug, info, warn or error")
}
