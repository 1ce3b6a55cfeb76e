package authority_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

var errDisk = errors.New("the disk is full")

// TestRowEventAndChangeAreOneTransaction: whichever of the three cannot be
// written, none of them is.
func TestRowEventAndChangeAreOneTransaction(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := accountOwner(acme)
	made, cred := w.issueDraft(o, ordinary())
	renamed := ordinary()
	renamed.Name = "renamed"
	verbs := map[string]func() error{
		"issue": func() error {
			_, s, err := w.Issue(t.Context(), w.system(), o, ordinary())
			if !s.IsZero() {
				t.Error("issue: a secret was handed out for a token that is not there")
			}
			return err
		},
		"update": func() error { _, err := w.Update(t.Context(), w.system(), o, made.ID, renamed); return err },
		"roll": func() error {
			s, err := w.Roll(t.Context(), w.system(), o, made.ID)
			if !s.IsZero() {
				t.Error("roll: a secret was handed out that does not work")
			}
			return err
		},
		"revoke": func() error { return w.Revoke(t.Context(), w.system(), o, made.ID) },
		"create a zone": func() error {
			_, err := w.CreateZone(t.Context(), w.system(), authority.ZoneDraft{Name: "new.example", AccountID: acme})
			return err
		},
		"delete a zone":  func() error { return w.DeleteZone(t.Context(), w.system(), blog) },
		"record a purge": func() error { _, err := w.RecordPurge(t.Context(), w.system(), shop, "everything"); return err },
	}
	before := w.everything()
	for _, method := range []string{"AppendEvent", "AppendChange", "Write"} {
		w.store.Fail(method, errDisk)
		for name, verb := range verbs {
			if name == "record a purge" && method == "AppendChange" {
				continue // changes nothing that is cached
			}
			err := verb()
			wantCode(t, err, authority.CodeUnavailable)
			if !errors.Is(err, errDisk) {
				t.Errorf("%s: the cause is lost: %v", name, err)
			}
		}
		w.store.Fail(method, nil)
		if diff := cmp.Diff(before, w.everything()); diff != "" {
			t.Errorf("with %s failing something was written all the same (-want +got):\n%s", method, diff)
		}
	}
	w.allowed(cred, authority.OpDNSCreate, inZone(shop))
}

// everything is what a verb could have changed.
func (w *world) everything() map[string]any {
	w.t.Helper()
	ctx := context.Background()
	tokens, n, err := w.db.Tokens(ctx, authority.TokenQuery{Owner: accountOwner(acme), Limit: 100})
	events, err2 := w.db.Events(ctx, authority.EventQuery{}, 100)
	_, head, err3 := w.db.FeedHead(ctx)
	var zones []string
	err4 := w.db.Zones(ctx, []string{acme}, func(z authority.Zone) bool { zones = append(zones, z.Name); return true })
	if err := errors.Join(err, err2, err3, err4); err != nil {
		w.t.Fatal(err)
	}
	for i := range tokens {
		tokens[i].LastUsedOn = time.Time{}
	}
	return map[string]any{"tokens": tokens, "count": n, "events": events, "feed": head, "zones": zones}
}

// TestLostAnswerIsAnErrorAndTheCacheForgets: the revocation came about though
// nobody was told; the token must not live on in the cache.
func TestLostAnswerIsAnErrorAndTheCacheForgets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := accountOwner(acme)
	made, cred := w.issueDraft(o, ordinary())
	w.allowed(cred, authority.OpDNSCreate, inZone(shop))
	w.store.FailAnswer(errDisk)
	wantCode(t, w.Revoke(t.Context(), w.system(), o, made.ID), authority.CodeUnavailable)
	w.store.FailAnswer(nil)
	w.denied(cred, authority.OpDNSCreate, inZone(shop), policy.UnknownCredential)
}

func TestEventsNameWhoDidWhatFromWhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := accountOwner(acme)
	maker := authority.Draft{Name: "maker", Policies: []policy.Policy{allow("Account API Tokens Write, DNS Write, DNS Read", account(acme))}}
	mine, userCred := w.issueDraft(w.admin.owner(), maker)
	ours, acctCred := w.issueDraft(o, maker)
	request := authority.EventRequest{ID: "8e9b1c60ef9e1c9a-AMS", Method: "POST", URI: "/client/v4/accounts/" + acme + "/tokens", UserAgent: "test/1"}
	for _, c := range []struct {
		who  string
		cred token.Credential
		want authority.Actor
	}{
		{"a user's token", userCred, authority.Actor{
			Type: "user", ID: w.admin.id, Email: w.admin.email, IP: home.String(), Context: "api_token", TokenID: mine.ID, TokenName: "maker",
		}},
		{"an account's token", acctCred, authority.Actor{
			Type: "account", ID: acme, IP: home.String(), Context: "api_token", TokenID: ours.ID, TokenName: "maker",
		}},
		{"an API key", w.admin.credential(), authority.Actor{
			Type: "user", ID: w.admin.id, Email: w.admin.email, IP: home.String(), Context: "api_key",
		}},
	} {
		t.Run(c.who, func(t *testing.T) {
			at := w.attempt(authority.OpAcctTokenCreate, inAccount(acme))
			at.Request = request
			caller, d, err := w.Authorize(t.Context(), c.cred, at)
			if err != nil || !d.Allowed {
				t.Fatal(d, err)
			}
			before, _, err := w.Issue(t.Context(), caller, o, ordinary())
			if err != nil {
				t.Fatal(err)
			}
			renamed := ordinary()
			renamed.Name = "renamed"
			if _, err := w.Update(t.Context(), caller, o, before.ID, renamed); err != nil {
				t.Fatal(err)
			}
			if _, err := w.Roll(t.Context(), caller, o, before.ID); err != nil {
				t.Fatal(err)
			}
			if err := w.Revoke(t.Context(), caller, o, before.ID); err != nil {
				t.Fatal(err)
			}
			for action, e := range map[string]struct{ verb, old, new string }{
				"token_create": {"create", "", "deploy"},
				"token_update": {"update", "deploy", "renamed"},
				"token_roll":   {"update", "renamed", "renamed"},
				"token_revoke": {"delete", "renamed", ""},
			} {
				got := w.events(action)[0]
				if diff := cmp.Diff(c.want, got.Actor); diff != "" {
					t.Errorf("%s: the actor is another (-want +got):\n%s", action, diff)
				}
				if diff := cmp.Diff(request, got.Request); diff != "" {
					t.Errorf("%s: the request is another (-want +got):\n%s", action, diff)
				}
				name := e.new
				if name == "" {
					name = e.old
				}
				want := authority.Event{
					ID: got.ID, At: start, Actor: got.Actor, Request: got.Request, Action: action, Verb: e.verb, Success: true,
					Resource: authority.EventResource{Type: "token", ID: before.ID}, AccountID: acme, Old: got.Old, New: got.New,
					Metadata: map[string]string{"token_name": name, "token_tag": before.ID},
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s is another event (-want +got):\n%s", action, diff)
				}
				if nameIn(t, got.Old) != e.old || nameIn(t, got.New) != e.new {
					t.Errorf("%s: from %s to %s, want the names %q and %q", action, got.Old, got.New, e.old, e.new)
				}
			}
		})
	}
}

func nameIn(t *testing.T, value json.RawMessage) string {
	if value == nil {
		return ""
	}
	var v struct{ Name string }
	if err := json.Unmarshal(value, &v); err != nil {
		t.Error(err)
	}
	return v.Name
}

func TestEventOfAUsersTokenIsInTheUsersLog(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.issue(w.admin.owner(), allow("DNS Write", account(acme)))
	if e := w.events("token_create")[0]; e.UserID != w.admin.id || e.AccountID != "" {
		t.Errorf("the event is in the log of user %q and account %q", e.UserID, e.AccountID)
	}
}

// TestSecretsAreNowhereInTheDatabase looks through the bytes of the files, the
// write-ahead log included.
func TestSecretsAreNowhereInTheDatabase(t *testing.T) {
	t.Parallel()
	w := emptyWorld(t)
	cr, _, err := w.Bootstrap(t.Context(), authority.Bootstrap{Email: "first@example.com", AccountName: "Acme", Zones: []string{"shop.example"}})
	if err != nil {
		t.Fatal(err)
	}
	w.poll()
	secrets := map[string]token.Secret{"the first token": cr.Token, "the first key": cr.Key}
	o := accountOwner(cr.AccountID)
	d := authority.Draft{Name: "dns", Policies: []policy.Policy{allow("DNS Write", account(cr.AccountID))}}
	made, secret, err := w.Issue(t.Context(), w.as(bearer(cr.Token)), o, d)
	if err != nil {
		t.Fatal(err)
	}
	secrets["an issued token"] = secret
	if secrets["a rolled token"], err = w.Roll(t.Context(), w.as(bearer(cr.Token)), o, made.ID); err != nil {
		t.Fatal(err)
	}
	w.allowed(bearer(secrets["a rolled token"]), authority.OpDNSCreate, inZone(cr.Zones[0].ID))
	w.clock.Advance(time.Minute)
	w.FlushUses(t.Context())
	again, err := w.Recover(t.Context(), cr.Email)
	if err != nil {
		t.Fatal(err)
	}
	secrets["the recovered token"], secrets["the recovered key"] = again.Token, again.Key
	if err := w.Revoke(t.Context(), w.system(), o, made.ID); err != nil {
		t.Fatal(err)
	}
	files, events := w.files(), w.allEvents()
	hash := must(w.db.User(t.Context(), cr.UserID))(t).PasswordHash
	for name, s := range secrets {
		digest := s.Digest()
		for form, b := range map[string][]byte{
			"itself": []byte(s.Reveal()), "its random part": []byte(s.Reveal()[len(s.Reveal())-48:]),
			"its digest in base64":     []byte(base64.StdEncoding.EncodeToString(digest[:])),
			"its digest in URL base64": []byte(base64.RawURLEncoding.EncodeToString(digest[:])),
		} {
			if bytes.Contains(files, b) {
				t.Errorf("%s: %s is in the database", name, form)
			}
		}
		// The feed names tokens by the digest; events never do.
		if strings.Contains(strings.ToLower(events), hex.EncodeToString(digest[:])) {
			t.Errorf("%s: an event has its digest", name)
		}
	}
	for name, s := range map[string]string{"the first password": cr.Password, "the second password": again.Password} {
		if bytes.Contains(files, []byte(s)) {
			t.Errorf("%s is in the database", name)
		}
	}
	if strings.Contains(events, "argon2") || strings.Contains(events, hash[len(hash)-20:]) {
		t.Error("an event has a password's hash")
	}
}

// files is what the database's files hold.
func (w *world) files() []byte {
	w.t.Helper()
	names, err := filepath.Glob(filepath.Join(w.dir, "*"))
	if err != nil || len(names) == 0 {
		w.t.Fatal("there is no database: ", err)
	}
	var all []byte
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			w.t.Fatal(err)
		}
		all = append(all, b...)
	}
	return all
}

func (w *world) allEvents() string {
	w.t.Helper()
	b, err := json.Marshal(w.events(""))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(b)
}
