package authority

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// Defaults of Config.
const (
	DefaultCacheSize     = 262_144
	DefaultMaxStaleness  = 5 * time.Second
	DefaultUserTokens    = 50  // contract 4.6
	DefaultAccountTokens = 500 // contract 4.6
)

// Config is what an Authority is made of.
type Config struct {
	Store   Store
	Catalog *catalog.Catalog
	Format  token.Format
	Logger  *slog.Logger

	// CacheSize is the number of tokens whose records are kept in memory.
	CacheSize int
	// MaxStaleness is how long the cache is trusted after the change feed was
	// last heard: the bound within which a revocation made elsewhere is felt.
	MaxStaleness time.Duration
	// MaxUserTokens and MaxAccountTokens are how many tokens an owner may have.
	MaxUserTokens, MaxAccountTokens int
	// AuditRetention is how long events are kept.
	AuditRetention time.Duration
	// Mailer sends invitations and links for a new password; with nil they are
	// handed to whoever asks for them.
	Mailer Mailer
	// InviteLinks lets invitations be handed to whoever invites when there is no
	// Mailer. It is for a server whose users trust each other: who is handed a
	// link can become the user of that address.
	InviteLinks bool
	// PublicURL is how people reach the server, without a slash at its end. It
	// is asked when a link is made: a server may not know before it listens.
	PublicURL func() string
	// SecretKey seals the secrets of second factors: 32 random bytes that are kept
	// apart from the store. Without it no second factor can be set up or checked.
	SecretKey []byte
	// ZoneAccount finds the account of a zone where zones are kept elsewhere, "" for
	// no such zone; nil asks the store. It is asked at every check, so it must
	// remember. With an error nothing is allowed.
	ZoneAccount func(ctx context.Context, zoneID string) (string, error)
	// Clock tells the time; nil is time.Now.
	Clock func() time.Time
}

// Authority issues, updates, rolls, revokes, verifies and authorizes tokens. It
// is safe for concurrent use.
type Authority struct {
	store      Store
	current    atomic.Pointer[world]
	previous   atomic.Pointer[world] // what was current before; nil at first
	reloading  sync.Mutex
	cacheSize  int
	kinds      kinds
	ops        operations
	format     token.Format
	log        *slog.Logger
	clock      func() time.Time
	mailer     Mailer
	handLinks  bool
	background sync.WaitGroup // what goes on after its request was answered
	asked      chan struct{}  // has room for each who asked for a new password and is being served
	publicURL  func() string
	quota      map[OwnerKind]int

	zones         *zoneCache
	zoneAccountOf func(context.Context, string) (string, error) // nil: zones are in the store

	feed  feed
	tail  tail
	uses  uses
	usage usage

	denied    denied
	retention retention

	sealer       sealer
	limits       signInLimits
	failedSignIn failedSignIns
}

// New makes an Authority. Its cache is not used until Follow has heard the
// change feed. It fails when the catalogue lacks what the authority needs, or
// the secret key has another length.
func New(cfg Config) (*Authority, error) {
	withDefaults(&cfg)
	kinds, err := findKinds(cfg.Catalog.Vocabulary())
	if err != nil {
		return nil, err
	}
	ops, err := findOperations(cfg.Catalog)
	if err != nil {
		return nil, err
	}
	sealer, err := newSealer(cfg.SecretKey)
	if err != nil {
		return nil, err
	}
	a := &Authority{
		store: cfg.Store, cacheSize: cfg.CacheSize, kinds: kinds, ops: ops, format: cfg.Format, log: cfg.Logger, clock: cfg.Clock,
		mailer: cfg.Mailer, handLinks: cfg.InviteLinks, publicURL: cfg.PublicURL, asked: make(chan struct{}, maxAsked),
		quota:  map[OwnerKind]int{OwnerUser: cfg.MaxUserTokens, OwnerAccount: cfg.MaxAccountTokens},
		zones:  newCache[policy.ID, policy.ID](max(1024, cfg.CacheSize/2)),
		uses:   uses{pending: make(map[string]int64)},
		sealer: sealer, limits: newSignInLimits(), zoneAccountOf: cfg.ZoneAccount,
	}
	a.current.Store(newWorld(cfg.Catalog, kinds, cfg.CacheSize))
	a.denied.init()
	a.usage.init()
	a.tail.init()
	a.retention.keep = cfg.AuditRetention
	a.feed.start, a.feed.maxStaleness = cfg.Clock(), cfg.MaxStaleness
	return a, nil
}

func withDefaults(cfg *Config) {
	orDefault(&cfg.CacheSize, DefaultCacheSize)
	orDefault(&cfg.MaxStaleness, DefaultMaxStaleness)
	orDefault(&cfg.MaxUserTokens, DefaultUserTokens)
	orDefault(&cfg.MaxAccountTokens, DefaultAccountTokens)
	orDefault(&cfg.AuditRetention, DefaultAuditRetention)
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
}

func orDefault[T int | time.Duration](v *T, d T) {
	if *v == 0 {
		*v = d
	}
}
