package upstream

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/tokenward/tokenward/internal/gateway"
	"github.com/tokenward/tokenward/internal/policy"
)

// Bounds of Zones.
const (
	zoneTTL     = time.Minute      // for which a zone's account is believed
	noZoneTTL   = 10 * time.Second // and for which it is believed that there is none
	zoneTimeout = 10 * time.Second
	maxZones    = 100_000 // remembered
	maxAsking   = 32      // questions under way
	maxZoneBody = 1 << 20
)

// Zones finds the account and the name of a zone by asking the upstream. What it was told it
// remembers for a time; several who ask for one zone wait for one question. It is
// safe for concurrent use.
type Zones struct {
	proxy *Proxy
	clock func() time.Time
	slots chan struct{}

	mu     sync.RWMutex
	known  map[string]zoneFact
	asking map[string]*question
}

type zoneFact struct {
	account string // "" for no such zone
	name    string
	until   time.Time
}

type question struct {
	done chan struct{}
	fact zoneFact
	err  error
}

// Zones asks the upstream, which is a v4 API, for zones.
func (p *Proxy) Zones() *Zones { return p.zones }

func newZones(p *Proxy) *Zones {
	return &Zones{proxy: p, clock: time.Now, slots: make(chan struct{}, maxAsking),
		known: make(map[string]zoneFact), asking: make(map[string]*question)}
}

// Account is the id of the account that a zone lies in, "" when the upstream has
// no such zone or does not show it. An error means that nobody knows.
func (z *Zones) Account(ctx context.Context, id string) (string, error) {
	fact, err := z.find(ctx, id)
	return fact.account, err
}

// Name is a zone's name, as Account is its account.
func (z *Zones) Name(ctx context.Context, id string) (string, error) {
	fact, err := z.find(ctx, id)
	return fact.name, err
}

func (z *Zones) find(ctx context.Context, id string) (zoneFact, error) {
	if _, ok := policy.ParseID(id); !ok {
		return zoneFact{}, nil
	}
	z.mu.RLock()
	fact, ok := z.known[id]
	z.mu.RUnlock()
	if ok && z.clock().Before(fact.until) {
		return fact, nil
	}
	q := z.ask(id)
	select {
	case <-q.done:
		return q.fact, q.err
	case <-ctx.Done():
		return zoneFact{}, ctx.Err()
	}
}

// ask joins the question about a zone, or puts it.
func (z *Zones) ask(id string) *question {
	z.mu.Lock()
	defer z.mu.Unlock()
	if q := z.asking[id]; q != nil {
		return q
	}
	q := &question{done: make(chan struct{})}
	select {
	case z.slots <- struct{}{}:
	default:
		q.err = errors.New("too many zones are being asked for")
		close(q.done)
		return q
	}
	z.asking[id] = q
	go z.put(id, q)
	return q
}

// put puts a question. It does not end with the request that was the first to ask.
func (z *Zones) put(id string, q *question) {
	ctx, cancel := context.WithTimeout(context.Background(), zoneTimeout)
	defer cancel()
	q.fact, q.err = z.fetch(ctx, id)
	z.mu.Lock()
	delete(z.asking, id)
	if q.err == nil {
		z.remember(id, q.fact)
	}
	z.mu.Unlock()
	<-z.slots
	close(q.done)
}

func (z *Zones) remember(id string, fact zoneFact) {
	for old := range z.known {
		if len(z.known) < maxZones {
			break
		}
		delete(z.known, old) // any one: maps are walked in no order
	}
	ttl := zoneTTL
	if fact.account == "" {
		ttl = noZoneTTL
	}
	fact.until = z.clock().Add(ttl)
	z.known[id] = fact
}

func (z *Zones) fetch(ctx context.Context, id string) (zoneFact, error) {
	p := z.proxy
	u := &url.URL{Scheme: p.base.Scheme, Host: p.base.Host, Path: p.base.Path + "/zones/" + id}
	req := (&http.Request{Method: http.MethodGet, URL: u, Header: http.Header{"Accept": {"application/json"}}}).WithContext(ctx)
	if secret := p.credential.reveal(); secret != "" {
		req.Header[p.cfg.Header] = []string{p.cfg.Scheme + secret}
	}
	data, err := p.get(req, maxZoneBody)
	var other said
	if errors.As(err, &other) {
		switch other.status {
		case http.StatusNotFound, http.StatusForbidden, http.StatusBadRequest:
			return zoneFact{}, nil
		}
	}
	if err != nil {
		return zoneFact{}, fmt.Errorf("ask the upstream for a zone: %s", p.scrub(err.Error()))
	}
	doc, err := gateway.Document(data, maxZoneBody)
	if err != nil {
		return zoneFact{}, fmt.Errorf("ask the upstream for a zone: %w", err)
	}
	if got, ok := idAt(doc, "/result/id"); !ok || got != id {
		return zoneFact{}, errors.New("ask the upstream for a zone: it answers with another")
	}
	account, ok := idAt(doc, "/result/account/id")
	if !ok {
		return zoneFact{}, errors.New("ask the upstream for a zone: its answer names no account")
	}
	name, _ := gateway.Scalar(doc, "/result/name")
	return zoneFact{account: account, name: name}, nil
}
