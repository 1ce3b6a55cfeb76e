package dashboard

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/clientip"
	"github.com/tokenward/tokenward/internal/dns"
	"github.com/tokenward/tokenward/internal/tokenform"
)

// Defaults of Config.
const (
	DefaultIdleTimeout = 12 * time.Hour
	DefaultLifetime    = 7 * 24 * time.Hour
)

// Config is what a dashboard is made of.
type Config struct {
	Authority *authority.Authority
	Records   *dns.Service
	ClientIP  *clientip.Resolver
	Logger    *slog.Logger
	// Sessions keeps sessions. What it is given as a key is the session's token
	// and not for keeping: it stores a digest.
	Sessions scs.CtxStore
	// PublicURL is how people reach the server, without a slash at its end. It
	// is asked once requests come: a server may not know before it listens.
	PublicURL func() string
	// Secure says that people reach the server by https, be it through a proxy:
	// cookies are then never sent in clear and browsers are told to stay.
	Secure bool
	// IdleTimeout ends a session that was not used, Lifetime every session.
	IdleTimeout, Lifetime time.Duration
	// Clock tells the time; nil is time.Now.
	Clock func() time.Time
}

// Dashboard serves the pages. It is safe for concurrent use.
type Dashboard struct {
	authority *authority.Authority
	records   *dns.Service
	client    *clientip.Resolver
	log       *slog.Logger
	publicURL func() string
	secure    bool
	idle      time.Duration
	lifetime  time.Duration
	clock     func() time.Time

	sessions  *scs.SessionManager
	turns     turns
	static    *static
	templates templates
	served    map[string]bool // patterns of the routes
	pages     *http.ServeMux  // what does not lie under an account
	accounts  *http.ServeMux  // what does
	origins   *http.CrossOriginProtection
	learned   sync.Once // PublicURL was asked for the origin to trust
	picked    atomic.Pointer[tokenform.Picker]
}

// New makes the handler of everything that the dashboard serves. It fails when a
// template does not parse.
func New(cfg Config) (http.Handler, error) { return build(cfg) }

func build(cfg Config) (*Dashboard, error) {
	withDefaults(&cfg)
	if cfg.Authority == nil || cfg.Records == nil || cfg.Sessions == nil || cfg.ClientIP == nil {
		return nil, errors.New("dashboard: Config lacks Authority, Records, Sessions or ClientIP")
	}
	d := &Dashboard{
		authority: cfg.Authority, records: cfg.Records, client: cfg.ClientIP, log: cfg.Logger,
		publicURL: cfg.PublicURL, secure: cfg.Secure, idle: cfg.IdleTimeout, lifetime: cfg.Lifetime, clock: cfg.Clock,
		sessions: newSessions(&cfg), origins: http.NewCrossOriginProtection(),
	}
	var err error
	if d.static, err = newStatic(); err != nil {
		return nil, fmt.Errorf("dashboard: %w", err)
	}
	if d.templates, err = parseTemplates(d.static); err != nil {
		return nil, fmt.Errorf("dashboard: %w", err)
	}
	d.register(d.routes())
	return d, nil
}

func withDefaults(cfg *Config) {
	if cfg.IdleTimeout == 0 {
		cfg.IdleTimeout = DefaultIdleTimeout
	}
	if cfg.Lifetime == 0 {
		cfg.Lifetime = DefaultLifetime
	}
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.PublicURL == nil {
		cfg.PublicURL = func() string { return "" }
	}
}
