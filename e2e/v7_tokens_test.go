package e2e

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/tokenward/tokenward/e2e/demo"
)

// readsZone is a small token.
func (s *server) readsZone(name string) definition {
	return definition{name: name, grants: []grant{{groups: []string{groupZoneRead}, flat: []string{zoneKey(s.zone(0))}}}}
}

func TestV7VerifyTellsALiveTokenAboutItself(t *testing.T) {
	ownersV7(t, func(t *testing.T, s *server, client func(string) tokensV7) {
		made := mustCreate(t, client(s.Boot.Token.Value), s.readsZone("verified"))
		id, status, err := client(made.secret).verify(t.Context())
		if err != nil || id != made.id || status != "active" {
			t.Errorf("verify: id %q, status %q, error %v; want %q and active", id, status, err, made.id)
		}
	})
}

func TestV7AccountTokenIsInvalidOnTheUsersVerifyPath(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	made := mustCreate(t, s.rootV7().accountTokens(s.Boot.AccountID), s.readsZone("an account's"))
	_, _, err := s.v7(made.secret).userTokens().verify(t.Context())
	refusedV7(t, err, 401, 1000, "Invalid API Token")
}

func TestV7RollKillsTheOldSecretAtOnce(t *testing.T) {
	ownersV7(t, func(t *testing.T, s *server, client func(string) tokensV7) {
		tokens := client(s.Boot.Token.Value)
		made := mustCreate(t, tokens, s.readsZone("rolled"))
		for range 3 {
			if _, _, err := client(made.secret).verify(t.Context()); err != nil {
				t.Fatalf("before the roll: %v", err)
			}
			fresh, err := tokens.roll(t.Context(), made.id)
			if err != nil {
				t.Fatal(err)
			}
			if fresh == made.secret || !demo.SecretPattern.MatchString(fresh) {
				t.Fatal("the rolled secret is the old one, or none")
			}
			_, _, err = client(made.secret).verify(t.Context())
			refusedV7(t, err, 401, 1000, "Invalid API Token")
			id, status, err := client(fresh).verify(t.Context())
			if err != nil || id != made.id || status != "active" {
				t.Errorf("the new secret: id %q, status %q, error %v", id, status, err)
			}
			made.secret = fresh
		}
		got, err := tokens.get(t.Context(), made.id)
		if err != nil {
			t.Fatal(err)
		}
		checkToken(t, "after rolling", got.JSON.RawJSON(), s.readsZone("rolled"), "active")
	})
}

// TestV7DeletedTokenIsNotFound: Terraform drops a token from its state only on
// a 404.
func TestV7DeletedTokenIsNotFound(t *testing.T) {
	ownersV7(t, func(t *testing.T, s *server, client func(string) tokensV7) {
		tokens := client(s.Boot.Token.Value)
		made := mustCreate(t, tokens, s.readsZone("deleted"))
		deleted, err := tokens.delete(t.Context(), made.id)
		if err != nil || deleted != made.id {
			t.Fatalf("delete: id %q, error %v", deleted, err)
		}
		_, _, err = client(made.secret).verify(t.Context())
		refusedV7(t, err, 401, 1000, "Invalid API Token")
		for what, call := range map[string]func() error{
			"get":    func() error { _, err := tokens.get(t.Context(), made.id); return err },
			"update": func() error { _, err := tokens.update(t.Context(), made.id, s.readsZone("x")); return err },
			"roll":   func() error { _, err := tokens.roll(t.Context(), made.id); return err },
			"delete": func() error { _, err := tokens.delete(t.Context(), made.id); return err },
		} {
			if status, code := codeV7(call()); status != http.StatusNotFound || code == 0 {
				t.Errorf("%s: status %d, code %d; want 404", what, status, code)
			}
		}
	})
}

func TestV7UpdateReplacesTheDefinitionAndKeepsTheSecret(t *testing.T) {
	ownersV7(t, func(t *testing.T, s *server, client func(string) tokensV7) {
		tokens := client(s.Boot.Token.Value)
		before := s.limited()
		before.expiresOn = date(2098, 1, 1, 0, 0)
		made := mustCreate(t, tokens, before)
		for _, after := range s.definitions() {
			got, err := tokens.update(t.Context(), made.id, after)
			if err != nil {
				t.Fatalf("%s: %v", after.name, err)
			}
			checkToken(t, after.name+", updated", got.JSON.RawJSON(), after, "active")
			if got.ID != made.id || member(t, got.JSON.RawJSON(), "value") != nil {
				t.Errorf("%s: the answer has id %q, or a secret", after.name, got.ID)
			}
			if got, err = tokens.get(t.Context(), made.id); err != nil {
				t.Fatal(err)
			}
			checkToken(t, after.name+", read", got.JSON.RawJSON(), after, "active")
		}
		if id, _, err := client(made.secret).verify(t.Context()); err != nil || id != made.id {
			t.Errorf("verify after the updates: id %q, error %v", id, err)
		}
	})
}

func TestV7DisabledTokenIsRefusedUntilItIsEnabled(t *testing.T) {
	ownersV7(t, func(t *testing.T, s *server, client func(string) tokensV7) {
		tokens, d := client(s.Boot.Token.Value), s.readsZone("switched")
		made := mustCreate(t, tokens, d)
		for _, status := range []string{"disabled", "active"} {
			d.status = status
			got, err := tokens.update(t.Context(), made.id, d)
			if err != nil {
				t.Fatal(err)
			}
			checkToken(t, status, got.JSON.RawJSON(), d, status)
			if id, says, err := client(made.secret).verify(t.Context()); err != nil || id != made.id || says != status {
				t.Errorf("verify: id %q is %q, error %v; want %q", id, says, err, status)
			}
			_, err = s.v7(made.secret).zones.Get(t.Context(), zoneGet(s.zone(0)))
			if status == "active" && err != nil {
				t.Errorf("enabled: %v", err)
			}
			if status == "disabled" {
				refusedV7(t, err, 403, 9109, "Invalid access token")
			}
		}
	})
}

func TestV7TokenIsRefusedBeforeItsTime(t *testing.T) {
	ownersV7(t, func(t *testing.T, s *server, client func(string) tokensV7) {
		d := s.readsZone("tomorrow")
		d.notBefore = time.Now().UTC().Truncate(time.Second).Add(24 * time.Hour)
		made := mustCreate(t, client(s.Boot.Token.Value), d)
		checkToken(t, "created", made.raw, d, "active")
		_, err := s.v7(made.secret).zones.Get(t.Context(), zoneGet(s.zone(0)))
		refusedV7(t, err, 403, 9109, "Invalid access token")
	})
}

func TestV7ConditionDecidesWhereATokenMayBeUsed(t *testing.T) {
	ownersV7(t, func(t *testing.T, s *server, client func(string) tokensV7) {
		const elsewhere = "Cannot use the access token from location: 127.0.0.1"
		for _, c := range []struct {
			name      string
			in, notIn []string
			allowed   bool
		}{
			{"in", []string{"127.0.0.0/8"}, nil, true},
			{"in, among others", []string{"2001:db8::/32", "127.0.0.1/32"}, nil, true},
			{"in elsewhere", []string{"198.51.100.0/24"}, nil, false},
			{"not in", nil, []string{"127.0.0.1/32"}, false},
			{"not in elsewhere", nil, []string{"198.51.100.0/24"}, true},
			{"in but not in", []string{"127.0.0.0/8"}, []string{"127.0.0.1/32"}, false},
		} {
			d := s.readsZone(c.name)
			d.in, d.notIn = c.in, c.notIn
			made := mustCreate(t, client(s.Boot.Token.Value), d)
			_, err := s.v7(made.secret).zones.Get(t.Context(), zoneGet(s.zone(0)))
			if !c.allowed {
				refusedV7(t, err, 403, 9109, elsewhere)
				_, _, err = client(made.secret).verify(t.Context())
				refusedV7(t, err, 401, 1000, "Invalid API Token")
			} else if err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
		}
	})
}

// TestV7PagerSeesEveryTokenOnce: the SDK asks for pages until one is empty.
func TestV7PagerSeesEveryTokenOnce(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	tokens := s.rootV7().accountTokens(s.Boot.AccountID)
	const n = 53
	var sent []string
	for i := range n {
		d := s.readsZone(fmt.Sprintf("token %02d", i))
		mustCreate(t, tokens, d)
		sent = append(sent, d.name)
	}
	for _, c := range []struct {
		perPage float64
		pages   int // with the empty one
	}{{0, 4}, {50, 3}, {25, 4}, {5, 12}} {
		s.calls.take()
		list, err := tokens.list(t.Context(), c.perPage)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, l := range list {
			names = append(names, l.Name)
		}
		slices.Sort(names)
		if !slices.Equal(names, sent) {
			t.Errorf("%v a page: %d tokens, want each of %d once", c.perPage, len(names), n)
		}
		if got := s.calls.count("GET", "/accounts/"+s.Boot.AccountID+"/tokens"); got != c.pages {
			t.Errorf("%v a page: %d pages, want %d", c.perPage, got, c.pages)
		}
	}
}

// TestV7GroupByNameAndScopeIsTheFirstResult: the Terraform provider takes the
// first.
func TestV7GroupByNameAndScopeIsTheFirstResult(t *testing.T) {
	ownersV7(t, func(t *testing.T, s *server, client func(string) tokensV7) {
		tokens := client(s.Boot.Token.Value)
		for _, w := range []struct{ name, scope, id string }{
			{"DNS Read", scopeZone, groupDNSRead},
			{"DNS Write", scopeZone, groupDNSWrite},
			{"Zone Write", scopeZone, groupZoneWrite},
			{"Zone Security Center Insights Read", scopeZone, ""}, // its public id is not certain
			{"Disable ESC Read", scopeZone, "e199d584e69344eba202452019deafe3"},
			{"Disable ESC Read", scopeAccount, "29eefa0805f94fdfae2b058b5b52f319"},
			{"Logs Read", scopeZone, "c4a30cd58c5d42619c86a3c36c441e2d"},
			{"Logs Read", scopeAccount, "6a315a56f18441e59ed03352369ae956"},
			{"Account API Tokens Read", scopeAccount, "eb56a6953c034b9d97dd838155666f06"},
			{"Account API Tokens Write", scopeAccount, groupAccountTokens},
			{"Workers R2 Storage Bucket Item Read", "com.cloudflare.edge.r2.bucket", "6a018a9f2fc74eb6b293b0c548f38b39"},
		} {
			got, err := tokens.groups(t.Context(), w.name, w.scope)
			if err != nil {
				t.Fatal(err)
			}
			if len(got) == 1 && w.id == "" {
				w.id = got[0].id
			}
			if len(got) != 1 || got[0].id != w.id || len(w.id) != 32 || got[0].name != w.name || !slices.Equal(got[0].scopes, []string{w.scope}) {
				t.Errorf("%s in %s: %v, want %s alone", w.name, w.scope, got, w.id)
			}
		}
	})
}

func TestV7GroupsOfAnAccountLeaveOutTheUsers(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	ofUser, err := s.rootV7().userTokens().groups(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	ofAccount, err := s.rootV7().accountTokens(s.Boot.AccountID).groups(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	of := func(list []group, scope string) (n int) {
		for _, g := range list {
			if slices.Contains(g.scopes, scope) {
				n++
			}
		}
		return n
	}
	if len(ofUser) < 300 || of(ofUser, scopeUser) == 0 {
		t.Errorf("%d groups, %d of them for users; want about 400", len(ofUser), of(ofUser, scopeUser))
	}
	if of(ofAccount, scopeUser) != 0 || len(ofAccount) != len(ofUser)-of(ofUser, scopeUser) {
		t.Errorf("an account has %d groups, %d of them for users; a user has %d", len(ofAccount), of(ofAccount, scopeUser), len(ofUser))
	}
	if none, err := s.rootV7().userTokens().groups(t.Context(), "No Such Group", ""); err != nil || len(none) != 0 {
		t.Errorf("a name that is none: %v, error %v", none, err)
	}
}

func TestV7TokenWithoutANameIsRefused(t *testing.T) {
	ownersV7(t, func(t *testing.T, s *server, client func(string) tokensV7) {
		_, err := client(s.Boot.Token.Value).create(t.Context(), s.readsZone(""))
		if status, code := codeV7(err); status != 400 || code != 400 {
			t.Errorf("status %d, code %d; want 400 with code 400", status, code)
		}
	})
}

// TestV7QuotaIsNotRepeatedByClients: 400, because the SDK would repeat a 409 or
// a 429.
func TestV7QuotaIsNotRepeatedByClients(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	const quota = 50 // tokens of a user, with the first one
	for i := 1; i < quota; i++ {
		mustCreate(t, s.rootV7().userTokens(), s.readsZone(fmt.Sprintf("token %02d", i)))
	}
	_, err := s.rootV7().userTokens().create(t.Context(), s.readsZone("one too many"))
	if status, code := codeV7(err); status != 400 || code == 0 {
		t.Errorf("status %d, code %d; want 400", status, code)
	}
}
