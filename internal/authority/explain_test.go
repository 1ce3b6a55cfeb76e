package authority_test

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
)

// accesses is how many random ones are tried: 20,000, or as many as
// TOKENWARD_TEST_EXPLAIN says.
func accesses(t *testing.T) int {
	t.Helper()
	if s := os.Getenv("TOKENWARD_TEST_EXPLAIN"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 {
			t.Fatalf("TOKENWARD_TEST_EXPLAIN is %q, not a number", s)
		}
		return n
	}
	return 20_000
}

// TestExplainAgreesWithTheGate on random accesses of random tokens, and what it
// says to change makes the access allowed, every part of it being needed.
func TestExplainAgreesWithTheGate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := newChance(w, 20261122)
	system := w.system()
	reasons, mended := map[policy.Reason]int{}, 0
	var s subject
	for i := range accesses(t) {
		if i%500 == 0 {
			c.memberships()
		}
		if i%50 == 0 {
			s = c.subject()
		}
		attempt, q := c.access(&s)
		_, want, err := w.Authorize(t.Context(), s.cred, attempt)
		if err != nil {
			t.Fatal(err)
		}
		x, err := w.Explain(t.Context(), system, *q)
		if err != nil {
			t.Fatalf("%s %s: %v", q.Method, q.Path, err)
		}
		if x.Decision != want || x.Op != attempt.Op {
			t.Fatalf("%s %s: the gate says %+v, explain %+v\n%+v", q.Method, q.Path, want, x.Decision, s.made)
		}
		reasons[want.Reason]++
		if attempt.Op.Records != 0 {
			c.agreeOnRecord(t, &s, attempt, q)
		}
		if want.Allowed && (len(x.InTheWay) > 0 || x.Grant != nil) {
			t.Fatalf("%s %s is allowed, and yet: %+v", q.Method, q.Path, x)
		}
		if !want.Allowed && (i%4 == 0 || i%50 == 1) && w.mends(t, &s, q, &x) {
			mended++
		}
	}
	t.Logf("decisions %v, mended %d", reasons, mended)
	for r := policy.NoGrant; r <= policy.WrongProduct; r++ {
		if r != policy.UnknownCredential && reasons[r] == 0 {
			t.Errorf("nothing came to %q", r)
		}
	}
	if mended == 0 || reasons[policy.PartOfZone] == 0 {
		t.Error("nothing was mended, or was about some records")
	}
}

// agreeOnRecord asks of one record: what the gate lets through and its scope then
// says, and what explain does.
func (c *chance) agreeOnRecord(t *testing.T, s *subject, attempt *authority.Attempt, q *authority.Question) {
	t.Helper()
	byRecord, asked := *attempt, *q
	byRecord.ByRecord, asked.Record = true, c.record(false)
	typ, name, _ := strings.Cut(asked.Record, ":")
	caller, d, err := c.Authorize(t.Context(), s.cred, &byRecord)
	if err != nil {
		t.Fatal(err)
	}
	if d.Allowed {
		zone := attempt.Path.Leaf()
		scope, err := c.RecordScope(t.Context(), caller, attempt.Op.ID, zone.String())
		if err != nil {
			t.Fatalf("%s on %s: the gate lets it through, and then: %v", attempt.Op.ID, asked.Record, err)
		}
		if scope.Whole() != (d.Reason == policy.Granted) {
			t.Fatalf("%s: the gate says %v, its scope %v", attempt.Op.ID, d.Reason, scope.Whole())
		}
		d = scope.Decide(name, typ)
	}
	x, err := c.Explain(t.Context(), c.system(), asked)
	if err != nil {
		t.Fatal(err)
	}
	if x.Decision.Allowed != d.Allowed {
		t.Fatalf("%s on %s: the scope says %+v, explain %+v\n%+v", attempt.Op.ID, asked.Record, d, x.Decision, s.made)
	}
	if !d.Allowed {
		c.mends(t, s, &asked, &x)
	}
}

// mends tries what an explanation says, and reports whether that was enough.
func (w *world) mends(t *testing.T, s *subject, q *authority.Question, x *authority.Explanation) bool {
	t.Helper()
	ask := func(d authority.Draft) policy.Decision {
		draft := *q
		draft.TokenID, draft.Draft = "", &d
		again, err := w.Explain(t.Context(), w.system(), draft)
		if err != nil {
			t.Fatalf("%s %s: %+v: %v", q.Method, q.Path, d, err)
		}
		return again.Decision
	}
	ours := true
	for _, o := range x.InTheWay {
		ours = ours && inHand(o.Kind)
	}
	if !ours {
		if d := ask(mendedBut(&s.made, x, -1)); d.Allowed {
			t.Errorf("%s %s: more stands in the way than did: %+v", q.Method, q.Path, x)
		}
		return false
	}
	if d := ask(mendedBut(&s.made, x, -1)); !d.Allowed {
		t.Errorf("%s %s is still denied (%s) after %+v, grant %+v\n%+v", q.Method, q.Path, d.Reason, x.InTheWay, x.Grant, s.made)
	}
	changes := len(x.InTheWay)
	if x.Grant != nil {
		changes++
		if len(x.Grant.Groups) != 1 || len(x.Grant.Resources) != 1 || len(x.Grant.Resources[0].Nested) > 1 {
			t.Errorf("the grant could be smaller: %+v", x.Grant)
		}
	}
	for skip := range changes {
		if ask(mendedBut(&s.made, x, skip)).Allowed {
			t.Errorf("%s %s is allowed without change %d of %+v, grant %+v\n%+v", q.Method, q.Path, skip, x.InTheWay, x.Grant, s.made)
		}
	}
	return changes > 0
}

// inHand reports whether a change of the token removes an obstacle.
func inHand(k authority.ObstacleKind) bool {
	switch k {
	case authority.ObstacleDisabled, authority.ObstacleExpired, authority.ObstacleNotYetValid, authority.ObstacleAddress, authority.ObstacleDenyPolicy:
		return true
	}
	return false
}

// mendedBut is a token with what an explanation says changed, but for one of the
// changes: the obstacles, then the grant. -1 changes all.
func mendedBut(made *authority.Token, x *authority.Explanation, skip int) authority.Draft {
	d := authority.Draft{Name: made.Name, Condition: made.Condition, NotBefore: made.NotBefore, ExpiresOn: made.ExpiresOn, Status: made.Status}
	gone := map[int]bool{}
	for i, o := range x.InTheWay {
		if i == skip {
			continue
		}
		switch o.Kind {
		case authority.ObstacleDisabled:
			d.Status = authority.StatusActive
		case authority.ObstacleExpired:
			d.ExpiresOn = time.Time{}
		case authority.ObstacleNotYetValid:
			d.NotBefore = time.Time{}
		case authority.ObstacleAddress:
			d.Condition = policy.Condition{}
		case authority.ObstacleDenyPolicy:
			gone[o.Policy.Index] = true
		}
	}
	d.Policies = []policy.Policy{}
	for i, p := range made.Policies {
		if !gone[i] {
			d.Policies = append(d.Policies, p)
		}
	}
	if x.Grant != nil && skip != len(x.InTheWay) {
		d.Policies = append(d.Policies, *x.Grant)
	}
	return d
}
