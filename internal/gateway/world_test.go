package gateway

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// Resources of the world that these tests play in. Zones ours and other lie in
// account ours.
const (
	user      = "7d8e9fa0b1c2d3e4f5061728394a5b6c"
	account   = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
	zone      = "11223344556677889900aabbccddeeff"
	otherZone = "22223344556677889900aabbccddeeff"
	noZone    = "33333344556677889900aabbccddeeff"
	record    = "99aabbccddeeff001122334455667788"
)

// Ids of operations.
const (
	opAccount  = "accounts-account-details"
	opZone     = "zones-0-get"
	opRecords  = "dns-records-for-a-zone-list-dns-records"
	opRecord   = "dns-records-for-a-zone-dns-record-details"
	opDelete   = "dns-records-for-a-zone-delete-dns-record"
	opCreate   = "dns-records-for-a-zone-create-dns-record"
	opUser     = "user-user-details"
	opVerify   = "user-api-tokens-verify-token"
	opVerifyAT = "account-api-tokens-verify-token"
	opZones    = "zones-get"
	opLists    = "lists-get-lists"
	opObject   = "r2-get-object"
)

// holder is whose credential it is and what it may do.
type holder struct {
	name  string
	set   *policy.Set
	email string         // of a key
	of    catalog.Target // TargetUser or TargetAccount
	dead  policy.Reason  // zero: alive
}

// keyring is an Authorizer that knows a few credentials and judges them with
// the real engine and the real vocabulary.
type keyring struct {
	v       *policy.Vocabulary
	format  token.Format
	mu      sync.Mutex
	holders map[token.Digest]*holder
	hook    func(token.Credential, Attempt) error // may panic
	last    Attempt
	sloppy  bool // some of the records count as all
}

func (k *keyring) Authorize(_ context.Context, cred token.Credential, a Attempt) (*holder, policy.Decision, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.last = a
	if k.hook != nil {
		if err := k.hook(cred, a); err != nil {
			return nil, policy.Decision{Allowed: true}, err // a sloppy one: the error must win
		}
	}
	h := k.holders[cred.Secret.Digest()]
	if h == nil || h.email != cred.Email {
		return nil, policy.Decision{Reason: policy.UnknownCredential}, nil
	}
	return h, k.judge(h, &a), nil
}

func (k *keyring) judge(h *holder, a *Attempt) policy.Decision {
	granted := policy.Decision{Allowed: true, Reason: policy.Granted}
	path := a.Path
	_, inAccount := path.Find(k.v.Kind(catalog.KindAccount))
	switch {
	case h.dead != policy.NoGrant && a.Op.Rule != catalog.Known:
		return policy.Decision{Reason: h.dead}
	case !h.set.AllowsFrom(a.Addr):
		return policy.Decision{Reason: policy.Location}
	case a.Op.Rule == catalog.Known && inAccount != (h.of == catalog.TargetAccount),
		a.Op.UserOnly && h.of == catalog.TargetAccount:
		return policy.Decision{Reason: policy.WrongOwner}
	case a.Op.Rule == catalog.Live, a.Op.Rule == catalog.Known:
		return granted
	case a.Op.Rule == catalog.Person:
		return policy.Decision{Reason: policy.NeedsPerson}
	case a.Op.Rule != catalog.Groups:
		return policy.Decision{Reason: policy.Unstated}
	}
	if leaf := path.Leaf(); leaf.Kind == k.v.Kind(catalog.KindZone) && leaf.ID.String() != noZone {
		path = path.In(policy.MakeRef(k.v.Kind(catalog.KindAccount), account))
	}
	if a.Op.Target == catalog.TargetUser {
		path = policy.NewPath(policy.MakeRef(k.v.Kind(catalog.KindUser), user))
	}
	d := h.set.Evaluate(&policy.Access{Accepted: a.Op.Accepted, Path: path, Addr: a.Addr, Each: a.Op.Records})
	if d.Reason == policy.PartOfZone {
		d.Allowed = a.ByRecord || k.sloppy
	}
	return d
}

// grant is a line of a token's policies.
type grant struct {
	effect policy.Effect
	group  string // by name
	key    string // resource key without "com.cloudflare.api.", and after " > " one that is nested in it
}

func allow(group, key string) grant { return grant{policy.Allow, group, key} }
func deny(group, key string) grant  { return grant{policy.Deny, group, key} }

// add puts a holder on the ring and returns the secret.
func (k *keyring) add(tb testing.TB, h holder, cond policy.Condition, grants ...grant) string {
	tb.Helper()
	kind := map[catalog.Target]token.Kind{catalog.TargetUser: token.User, catalog.TargetAccount: token.Account}[h.of]
	if h.email != "" {
		kind = token.APIKey
	}
	h.set = k.compile(tb, h.of, cond, grants)
	secret := k.format.New(kind)
	k.holders[secret.Digest()] = &h
	return secret.Reveal()
}

func (k *keyring) compile(tb testing.TB, of catalog.Target, cond policy.Condition, grants []grant) *policy.Set {
	tb.Helper()
	owner := policy.Owner{Ref: policy.MakeRef(k.v.Kind(catalog.KindUser), user)}
	if of == catalog.TargetAccount {
		owner = policy.Owner{Ref: policy.MakeRef(k.v.Kind(catalog.KindAccount), account), Account: true}
	}
	var policies []policy.Policy
	for _, g := range grants {
		outer, inner, nested := strings.Cut(g.key, " > ")
		on := policy.Resource{Key: "com.cloudflare.api." + outer}
		if nested {
			on.Nested = []string{inner}
		}
		policies = append(policies, policy.Policy{
			Effect: g.effect, Groups: []string{groupID(tb, g.group)}, Resources: []policy.Resource{on},
		})
	}
	rules, faults := policy.Resolve(k.v, owner, policies)
	if len(faults) > 0 {
		tb.Fatalf("policies: %v", faults)
	}
	set, err := policy.Compile(k.v, rules, cond)
	if err != nil {
		tb.Fatal(err)
	}
	return set
}

func groupID(tb testing.TB, name string) string {
	tb.Helper()
	for _, g := range catalog.V4().Groups() {
		if g.Name == name {
			return g.ID
		}
	}
	tb.Fatalf("no group %q", name)
	return ""
}

// world is a gate with a ring of credentials, behind a real server.
type world struct {
	tb     testing.TB
	ring   *keyring
	gate   *Gate[*holder]
	server *httptest.Server
	log    *lockedBuffer

	mu    sync.Mutex
	calls []string // "<operation> <zone> <method>" of each call that reached a handler
	seen  *http.Request
}

// newWorld makes a world whose configuration change may alter.
func newWorld(tb testing.TB, change func(*Config[*holder])) *world {
	tb.Helper()
	w := &world{tb: tb, log: new(lockedBuffer)}
	w.ring = &keyring{v: catalog.V4().Vocabulary(), holders: make(map[token.Digest]*holder)}
	cfg := Config[*holder]{
		Catalog: catalog.V4(), Authorizer: w.ring, AllowKeys: true,
		Handlers: make(map[string]Handler[*holder]),
		Logger:   slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, id := range []string{opAccount, opZone, opRecords, opRecord, opDelete, opCreate, opUser, opVerify, opVerifyAT, opZones, opLists, opObject} {
		cfg.Handlers[id] = w.handle
	}
	if change != nil {
		change(&cfg)
	}
	var err error
	if w.gate, err = New(cfg); err != nil {
		tb.Fatal(err)
	}
	w.server = httptest.NewUnstartedServer(w.gate)
	w.server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	w.server.Start()
	tb.Cleanup(w.server.Close)
	return w
}

func (w *world) handle(rw http.ResponseWriter, r *http.Request, p Pass[*holder]) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls = append(w.calls, p.Match.Op.ID+" "+p.Match.Param("zone_id")+" "+r.Method)
	w.seen = r
	fmt.Fprintf(rw, `{"result":{"name":%q},"success":true,"errors":[],"messages":[]}`, p.Caller.name)
}

// reached is what reached a handler since it was last asked.
func (w *world) reached() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	calls := w.calls
	w.calls = nil
	return calls
}

// reply is an answer, read to its end.
type reply struct {
	*http.Response
	body string
}

// raw sends lines, joined by CRLF, over a connection of its own: exactly these
// bytes, which no client library has tidied. A blank line and the body, if any,
// are among the lines.
func (w *world) raw(lines ...string) reply {
	w.tb.Helper()
	conn, err := net.Dial("tcp", w.server.Listener.Addr().String())
	if err != nil {
		w.tb.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	method, _, _ := strings.Cut(lines[0], " ")
	if _, err := io.WriteString(conn, strings.Join(lines, "\r\n")); err != nil {
		w.tb.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	if err != nil {
		w.tb.Fatalf("%s: %v", lines[0], err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		w.tb.Fatalf("%s: body: %v", lines[0], err)
	}
	return reply{resp, string(body)}
}

// get sends a GET with headers, as they are.
func (w *world) get(target string, headers ...string) reply {
	w.tb.Helper()
	lines := append([]string{"GET " + target + " HTTP/1.1", "Host: api.example.com", "Connection: close"}, headers...)
	return w.raw(append(lines, "", "")...)
}

func bearer(secret string) string { return "Authorization: Bearer " + secret }

// lockedBuffer is a buffer that a server may write while a test reads.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
