package authority_test

import (
	"reflect"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
)

// TestRandomTokensKeepWhatTheyUsed lets random tokens do random things, applies
// what is suggested, and judges everything again: nothing is allowed that was not,
// and all that was done is still allowed.
func TestRandomTokensKeepWhatTheyUsed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := newChance(w, 3)
	narrower := 0
	for range 150 {
		s := c.subject()
		var tried []*authority.Attempt
		var used []bool
		for range 60 {
			at, _ := c.access(&s)
			at.Addr = home
			tried = append(tried, at)
			used = append(used, len(used)%2 == 0 && c.tries(&s, at))
		}
		before := make([]bool, len(tried))
		for i, at := range tried {
			before[i] = c.would(&s, at)
		}
		got := c.suggest(s.made)
		if !reflect.DeepEqual(got.Policies, s.made.Policies) {
			narrower++
		}
		d := got.Draft(false)
		if _, err := c.Update(t.Context(), c.system(), s.made.Owner, s.made.ID, d); err != nil {
			t.Fatalf("apply %+v: %v", got.Policies, err)
		}
		c.poll()
		for i, at := range tried {
			after := c.would(&s, at)
			if after && !before[i] {
				t.Errorf("%s is allowed now", at.Op.ID)
			}
			if used[i] && !after {
				t.Errorf("%s was used and is denied now", at.Op.ID)
			}
		}
		if t.Failed() {
			t.Fatalf("token %+v\nsuggested (%s) %+v", s.made.Policies, got.State, got.Policies)
		}
	}
	if narrower < 20 {
		t.Errorf("only %d tokens became narrower", narrower)
	}
}

// tries does something with the subject, and reports whether it was allowed.
func (c *chance) tries(s *subject, at *authority.Attempt) bool {
	c.t.Helper()
	_, d, err := c.Authorize(c.t.Context(), s.cred, at)
	if err != nil {
		c.t.Fatal(err)
	}
	return d.Allowed
}

// would is tries without being counted.
func (c *chance) would(s *subject, at *authority.Attempt) bool {
	c.t.Helper()
	again := *at
	again.Again = true
	return c.tries(s, &again)
}
