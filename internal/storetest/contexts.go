package storetest

import (
	"context"
	"errors"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/dns"
)

func contextTests() []test {
	return []test{
		{"a cancelled read says so and not that there is no row", cancelledReads},
		{"a cancelled write does nothing", cancelledWrite},
		{"a context that ends while f runs does not break the write", cancelDuringWrite},
		{"f's context has the values of the caller's", contextValues},
	}
}

func cancelledReads(t *testing.T, s Stores) {
	household(t, s)
	k, z := newToken(1, accountOwner(1)), newZone(21, 1, "example.com")
	change(t, s, insertAll(k, z))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	a := s.Authority
	reads := map[string]func() error{
		"TokenToCheck":   func() error { _, err := a.TokenToCheck(ctx, k.Digest); return err },
		"TokenByDigest":  func() error { _, err := a.TokenByDigest(ctx, k.Digest); return err },
		"Token":          func() error { _, err := a.Token(ctx, k.Owner, k.ID); return err },
		"TokenStanding":  func() error { _, err := a.TokenStanding(ctx, k.Owner, k.ID); return err },
		"Tokens":         func() error { _, _, err := a.Tokens(ctx, authority.TokenQuery{Owner: k.Owner, Limit: 1}); return err },
		"User":           func() error { _, err := a.User(ctx, id(1)); return err },
		"UserByEmail":    func() error { _, err := a.UserByEmail(ctx, newUser(1).Email); return err },
		"Memberships":    func() error { _, err := a.Memberships(ctx, id(1)); return err },
		"Users":          func() error { _, err := a.Users(ctx); return err },
		"Membership":     func() error { _, err := a.Membership(ctx, id(1)); return err },
		"Members":        func() error { _, err := a.Members(ctx, id(1)); return err },
		"ResourceGroups": func() error { _, err := a.ResourceGroups(ctx, id(1)); return err },
		"Link":           func() error { _, err := a.Link(ctx, digestOf(1)); return err },
		"Links":          func() error { _, err := a.Links(ctx, id(1), authority.LinkInvitation); return err },
		"Device":         func() error { _, err := a.Device(ctx, digestOf(1)); return err },
		"Devices":        func() error { _, err := a.Devices(ctx, id(1)); return err },
		"SecondFactor":   func() error { _, err := a.SecondFactor(ctx, id(1)); return err },
		"RecoveryCodes":  func() error { _, err := a.RecoveryCodes(ctx, id(1)); return err },
		"Account":        func() error { _, err := a.Account(ctx, id(1)); return err },
		"Accounts":       func() error { _, err := a.Accounts(ctx, []string{id(1)}); return err },
		"Zone":           func() error { _, err := a.Zone(ctx, z.ID); return err },
		"ZonesByID":      func() error { _, err := a.ZonesByID(ctx, []string{z.ID}); return err },
		"ZoneByName":     func() error { _, err := a.ZoneByName(ctx, id(1), z.Name); return err },
		"Zones":          func() error { return a.Zones(ctx, []string{id(1)}, func(authority.Zone) bool { return true }) },
		"Changes":        func() error { _, err := a.Changes(ctx, 0, 1); return err },
		"FeedHead":       func() error { _, _, err := a.FeedHead(ctx); return err },
		"Events":         func() error { _, err := a.Events(ctx, authority.EventQuery{}, 1); return err },
		"EventLog": func() error {
			_, err := a.EventLog(ctx, authority.LogQuery{Log: authority.Log{AccountID: id(1)}, Limit: 1})
			return err
		},
		"EventHead":     func() error { _, err := a.EventHead(ctx); return err },
		"TokenUsage":    func() error { _, err := a.TokenUsage(ctx, k.ID, second(0), 1); return err },
		"FindTokens":    func() error { _, _, err := a.FindTokens(ctx, authority.TokenSearch{Owner: k.Owner}); return err },
		"CountTokens":   func() error { _, err := a.CountTokens(ctx, k.Owner, "", second(0)); return err },
		"Record":        func() error { _, err := s.DNS.Record(ctx, z.ID, id(1)); return err },
		"Records":       func() error { return s.DNS.Records(ctx, z.ID, func(dns.Record) bool { return true }) },
		"RecordsByName": func() error { _, err := s.DNS.RecordsByName(ctx, z.ID, z.Name); return err },
	}
	for name, read := range reads {
		err := read()
		wantOther(t, err)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: the error is %v, want %v", name, err, context.Canceled)
		}
	}
}

func cancelledWrite(t *testing.T, s Stores) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := s.Authority.Write(ctx, issue(1, nil))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v, want %v", err, context.Canceled)
	}
	err = s.Authority.TouchTokens(ctx, []authority.TokenUse{{TokenID: id(1), At: micro(1)}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the error of a touch is %v, want %v", err, context.Canceled)
	}
	if err = s.Authority.RecordUsage(ctx, everything(1)); !errors.Is(err, context.Canceled) {
		t.Errorf("the error of recording usage is %v, want %v", err, context.Canceled)
	}
	same(t, "what is there", counts(t, s), [3]int{})
}

// cancelDuringWrite: whoever left while his write ran, the writes beside it stay whole,
// and his own is there exactly when he was told so.
func cancelDuringWrite(t *testing.T, s Stores) {
	const writes = 100
	told := make([]bool, writes)
	each(t, writes, func(n int) error {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		err := s.Authority.Write(ctx, func(ctx context.Context, tx authority.Tx) error {
			if n%3 == 0 {
				cancel()
			}
			return issue(n, nil)(ctx, tx)
		})
		told[n] = err == nil
		if n%3 == 0 && errors.Is(err, context.Canceled) {
			return nil
		}
		return err
	})
	for n, want := range told {
		_, err := s.Authority.Token(t.Context(), accountOwner(1), id(n))
		if (err == nil) != want {
			t.Errorf("write %d was told %v, and reading it gives %v", n, want, err)
		}
	}
}

func contextValues(t *testing.T, s Stores) {
	type key struct{}
	ctx := context.WithValue(t.Context(), key{}, "request 1")
	err := s.Authority.Write(ctx, func(ctx context.Context, _ authority.Tx) error {
		same(t, "the value", ctx.Value(key{}), any("request 1"))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
