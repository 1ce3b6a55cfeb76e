package model

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// start is when all tokens were issued.
var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// Token is a token as our store keeps it, of an account, with a digest given. It
// has a condition, which the others' do not have.
func (m *Model) Token(n int, account string, d token.Digest) authority.Token {
	t := authority.Token{
		ID: ID(n), Owner: authority.Owner{Kind: authority.OwnerAccount, ID: account}, Name: fmt.Sprintf("token %d", n),
		Status: authority.StatusActive, IssuedOn: start, ModifiedOn: start, Version: 1, Digest: d,
		Condition: policy.Condition{In: []string{Inside, Inside6}, NotIn: []string{Outside}},
	}
	for i, zones := range m.Policies(n) {
		p := policy.Policy{ID: fmt.Sprintf("%032x", n*m.Shape.Policies+i), Effect: policy.Allow, Groups: groups}
		for _, z := range zones {
			p.Resources = append(p.Resources, policy.Resource{Key: catalog.KindZone + "." + z})
		}
		t.Policies = append(t.Policies, p)
	}
	return t
}

// ZoneRow is a zone as our store keeps it.
func (m *Model) ZoneRow(n int, account string) authority.Zone {
	return authority.Zone{
		ID: m.zones[n], AccountID: account, Name: fmt.Sprintf("zone%d.example", n), Type: "full", Status: "active",
		CreatedOn: start, ModifiedOn: start, Version: 1,
	}
}

// groups are the ids of Names in the built-in catalogue.
var groups = []string{"c8fed203ed3043cba015a93ad1616f1f", "82e64a83756745bbbb1c9c2701bf816b", "e17beae8b8cb423a99b1730f21238bed"}

// Hear has an authority hear its change feed once, without which it trusts no cache.
// It does not follow it further: nothing changes while it is measured.
func Hear(ctx context.Context, a *authority.Authority) error {
	ctx, stop := context.WithCancel(ctx)
	followed := make(chan struct{})
	go func() { defer close(followed); a.Follow(ctx) }()
	defer func() { stop(); <-followed }()
	for deadline := time.Now().Add(10 * time.Second); a.Staleness() < 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			return errors.New("the change feed was not heard")
		}
	}
	return nil
}
