package server_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/storetest"
)

// clients is how many ask at once, rounds how often they do.
const (
	clients = 8
	rounds  = 6
)

// contested is a token that many change at the same time.
type contested struct {
	*world
	t       *testing.T
	facts   *storetest.Failing // the store, which can hold its readers up
	path    string             // of its owner's tokens
	owner   authority.Owner
	id      string
	secrets []string // that were ever told and might work
}

// change is one of those who change a token at the same time: a method, what
// stands behind the token's path, a body; and what came of it.
type change struct {
	method, below, body string
	answer              answer
}

func (c *change) ok() bool { return c.answer.status == http.StatusOK }

// contests runs a test for a token of a user and one of an account, judged from
// the cache.
func contests(t *testing.T, test func(*contested)) {
	t.Parallel()
	for _, kind := range []string{"user", "account"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c := &contested{t: t}
			w := newWorld(t, config{facts: func(s authority.Store) authority.Store {
				c.facts = storetest.NewFailing(s)
				return c.facts
			}})
			w.hear()
			c.world, c.path, c.owner = w, "/user/tokens", authority.Owner{Kind: authority.OwnerUser, ID: w.ids["user/alice"]}
			if kind == "account" {
				c.path, c.owner = w.accountTokens(), authority.Owner{Kind: authority.OwnerAccount, ID: w.ids["account/1"]}
			}
			for range rounds {
				c.renew()
				test(c)
			}
		})
	}
}

// renew begins with another token.
func (c *contested) renew() {
	c.t.Helper()
	a := c.ok(c.t, c.key("alice"), "POST", c.path, obj{"name": "before", "policies": []obj{}})
	var m struct{ ID, Value string }
	a.decode(c.t, &m)
	c.id, c.secrets = m.ID, []string{m.Value}
}

// atOnce makes the changes at the same time. Each does well, or is told that it
// lost to another in a way that clients do not repeat by themselves.
func (c *contested) atOnce(changes []*change) {
	c.t.Helper()
	var ready, done sync.WaitGroup
	ready.Add(len(changes))
	for _, ch := range changes {
		done.Go(func() {
			ready.Done()
			ready.Wait()
			ch.answer = c.call(c.t, call{as: c.key("alice"), method: ch.method, path: c.path + "/" + c.id + ch.below, body: []byte(ch.body)})
		})
	}
	done.Wait()
	for _, ch := range changes {
		code, _ := ch.answer.first()
		lost := ch.answer.status == http.StatusBadRequest && code == 1001 || ch.answer.status == http.StatusNotFound && code == 1003
		if !ch.ok() && !lost {
			c.t.Errorf("%s %s: %d %s", ch.method, ch.below, ch.answer.status, clip(ch.answer.raw))
		}
		if ch.ok() && ch.below == "/value" {
			var secret string
			ch.answer.decode(c.t, &secret)
			c.secrets = append(c.secrets, secret)
		}
	}
}

// meet makes the changes at the same time, each of them having read the token
// before any of them writes, and gives the one that did well.
func (c *contested) meet(changes []*change) *change {
	c.t.Helper()
	var arrived sync.WaitGroup
	arrived.Add(len(changes))
	c.facts.Pause("Token", func(context.Context) {
		arrived.Done()
		arrived.Wait()
	})
	c.atOnce(changes)
	c.facts.Pause("Token", nil)
	if n := did(changes); n != 1 {
		c.t.Fatalf("%d of %d changes to the same token did well, want one", n, len(changes))
	}
	return changes[slices.IndexFunc(changes, (*change).ok)]
}

// live are those of the secrets ever told that work.
func (c *contested) live() (live []string) {
	c.t.Helper()
	for _, secret := range c.secrets {
		a := c.call(c.t, call{as: bearer(secret), method: "GET", path: c.path + "/verify"})
		switch code, _ := a.first(); {
		case a.status == http.StatusOK:
			live = append(live, secret)
		case a.status != http.StatusUnauthorized || code != 1000:
			c.t.Errorf("verify: %d %s", a.status, clip(a.raw))
		}
	}
	return live
}

// happenedTo fails the test unless the row was changed as often as clients were
// told so: every one of their changes is there, and none but theirs.
func (c *contested) happenedTo(told int) {
	c.t.Helper()
	row, err := c.store.Token(c.t.Context(), c.owner, c.id)
	if err != nil || row.Version != int64(told)+1 {
		c.t.Errorf("the row has version %d after %d changes that did well: %v", row.Version, told, err)
	}
}

func rolls(n int) (out []*change) {
	for range n {
		out = append(out, &change{method: "PUT", below: "/value", body: "{}"})
	}
	return out
}

// edits are updates to different names, each with an IP condition of its own.
func edits(n int) (out []*change) {
	for i := range n {
		out = append(out, &change{method: "PUT", body: fmt.Sprintf(
			`{"name":"edit %d","policies":[],"condition":{"request_ip":{"not_in":["198.51.100.%d/32"]}}}`, i, i)})
	}
	return out
}

// edited is the definition that an edit leaves.
func edited(i int) string { return fmt.Sprintf("edit %d map[not_in:[198.51.100.%d/32]]", i, i) }

func deletes(n int) (out []*change) {
	for range n {
		out = append(out, &change{method: "DELETE"})
	}
	return out
}

func did(changes []*change) (n int) {
	for _, ch := range changes {
		if ch.ok() {
			n++
		}
	}
	return n
}

// definition is the token's name and condition.
func (c *contested) definition() string {
	c.t.Helper()
	var got struct {
		Name      string
		Condition *struct {
			IP map[string]any `json:"request_ip"`
		}
	}
	a := c.ok(c.t, c.key("alice"), "GET", c.path+"/"+c.id, nil)
	a.decode(c.t, &got)
	if got.Condition == nil {
		return got.Name + " <nil>"
	}
	return fmt.Sprint(got.Name, " ", got.Condition.IP)
}
