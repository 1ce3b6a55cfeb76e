package authority

import (
	"strconv"
	"testing"
	"time"
)

func TestTriesAreForgottenWhenThereAreTooMany(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	c := newTries(1)
	c.take("first", now)
	for n := range 3 * triesRemembered {
		c.take(strconv.Itoa(n), now)
		if n%1000 == 0 {
			c.take("often", now)
		}
	}
	if n := len(c.young) + len(c.old); n > 2*triesRemembered {
		t.Errorf("%d keys are remembered", n)
	}
	if c.take("often", now) == 0 {
		t.Error("one that was asked for all the time was forgotten")
	}
	if c.take("first", now) != 0 {
		t.Error("one that was not asked for is still there: nothing was forgotten")
	}
}
