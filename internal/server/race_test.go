package server_test

import (
	"fmt"
	"slices"
	"testing"
)

// TestOfManyRollsOfWhatAllHaveReadOneWins, and its secret is the one that works.
func TestOfManyRollsOfWhatAllHaveReadOneWins(t *testing.T) {
	contests(t, func(c *contested) {
		var secret string
		winner := c.meet(rolls(clients))
		winner.answer.decode(c.t, &secret)
		if live := c.live(); !slices.Equal(live, []string{secret}) {
			c.t.Errorf("%d secrets work, want the winner's alone", len(live))
		}
		c.happenedTo(1)
	})
}

// TestOfManyChangesOfWhatAllHaveReadOneWins: an edit that wins keeps the secret,
// and a roll that wins keeps the rest.
func TestOfManyChangesOfWhatAllHaveReadOneWins(t *testing.T) {
	contests(t, func(c *contested) {
		winner := c.meet(slices.Concat(rolls(clients/2), edits(clients/2)))
		secret, definition := c.secrets[0], "before <nil>"
		if winner.below == "/value" {
			winner.answer.decode(c.t, &secret)
		} else {
			var i int
			fmt.Sscanf(winner.body, `{"name":"edit %d"`, &i)
			definition = edited(i)
		}
		if live := c.live(); !slices.Equal(live, []string{secret}) {
			c.t.Errorf("%d secrets work, want one", len(live))
		}
		if got := c.definition(); got != definition {
			c.t.Errorf("the token is %q, want %q", got, definition)
		}
		c.happenedTo(1)
	})
}

// TestManyRollsAtOnceLeaveOneSecretThatWorks: that of a roll which did well.
func TestManyRollsAtOnceLeaveOneSecretThatWorks(t *testing.T) {
	contests(t, func(c *contested) {
		all := rolls(clients)
		c.atOnce(all)
		live := c.live()
		if len(c.secrets) < 2 || len(live) != 1 || live[0] == c.secrets[0] {
			c.t.Errorf("%d rolls did well, then %d secrets work", len(c.secrets)-1, len(live))
		}
		c.happenedTo(did(all))
	})
}

// TestManyRollsAndEditsAtOnceLoseNothing: the token is what one edit made of it,
// whole, and has the secret of one roll.
func TestManyRollsAndEditsAtOnceLoseNothing(t *testing.T) {
	contests(t, func(c *contested) {
		rolled, changed := rolls(clients/2), edits(clients/2)
		c.atOnce(slices.Concat(rolled, changed))
		live := c.live()
		if len(live) != 1 || did(rolled) > 0 && live[0] == c.secrets[0] {
			c.t.Errorf("%d rolls did well, then %d secrets work", did(rolled), len(live))
		}
		c.happenedTo(did(rolled) + did(changed))
		got := c.definition()
		possible := []string{`before <nil>`}
		for i, ch := range changed {
			if ch.ok() {
				possible[0] = "" // it is no longer what it was
				possible = append(possible, edited(i))
			}
		}
		if !slices.Contains(possible, got) {
			c.t.Errorf("the token is %q, want one of %q", got, possible)
		}
	})
}

// TestATokenThatIsDeletedAmongManyChangesIsGone, once and with every secret.
func TestATokenThatIsDeletedAmongManyChangesIsGone(t *testing.T) {
	contests(t, func(c *contested) {
		deleted := deletes(2)
		c.atOnce(slices.Concat(rolls(clients/2-1), deleted, edits(clients/2-1)))
		switch did(deleted) {
		case 0: // both lost, so that it is there
			c.ok(c.t, c.key("alice"), "DELETE", c.path+"/"+c.id, nil)
		case 1:
		default:
			c.t.Error("the token was deleted twice")
		}
		if live := c.live(); len(live) != 0 {
			c.t.Errorf("%d secrets of a deleted token work", len(live))
		}
		c.do(c.t, c.key("alice"), "GET", c.path+"/"+c.id, nil, 404, 1003)
	})
}

// TestWhoLosesAndTriesAgainGetsThere: in the end every change is made once.
func TestWhoLosesAndTriesAgainGetsThere(t *testing.T) {
	contests(t, func(c *contested) {
		waiting, told := slices.Concat(rolls(clients/2), edits(clients/2)), 0
		for try := 0; len(waiting) > 0; try++ {
			if try == clients {
				c.t.Fatalf("%d changes are still not made: nobody wins", len(waiting))
			}
			c.atOnce(waiting)
			won := did(waiting)
			if told += won; won == 0 {
				c.t.Error("of changes at the same time not even one was made")
			}
			waiting = slices.DeleteFunc(waiting, (*change).ok)
		}
		if live := c.live(); told != clients || len(live) != 1 {
			c.t.Errorf("%d changes were made, %d secrets work", told, len(live))
		}
		c.happenedTo(told)
	})
}
