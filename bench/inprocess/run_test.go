package inprocess

import (
	"testing"
	"time"

	"github.com/tokenward/tokenward/bench/model"
)

// TestEverySubjectDecidesRightly: what does not is not worth timing.
func TestEverySubjectDecidesRightly(t *testing.T) {
	for _, name := range []string{OursDecision, Ours, Cedar, Casbin, OPA, OPAFlat} {
		row, err := Run(Question{Shape: model.Shape{Tokens: 50, Policies: 10, Zones: 10}, Subject: name, Budget: time.Millisecond, Fill: time.Minute})
		if err != nil {
			t.Error(err)
			continue
		}
		if row.Skipped != "" || row.Decide.Median <= row.Harness.Median || row.Check.Median <= row.SHA256.Median || row.Bytes <= 0 {
			t.Errorf("%s: %+v", name, row)
		}
		t.Logf("%s: decide %+v check %+v sha %+v bytes %.0f loading %.3f", name, *row.Decide, *row.Check, *row.SHA256, row.Bytes, row.Loading)
	}
}

// TestATokenTooManyIsRefusedInFigures: a row that cannot be had says why.
func TestATokenTooManyIsRefusedInFigures(t *testing.T) {
	q := Question{Shape: model.Shape{Tokens: 1_000_000}, Fill: time.Minute}
	for want, err := range map[string]error{
		"not run: 64.0 KiB a token, so 1000000 tokens need 61 GiB; 10 GiB are to be had":      affordable(q, 64<<10, 0, 10<<30),
		"not run: loading takes 200 us a token, so 1000000 tokens need 200 s; 60 s are given": affordable(q, 1, 200*time.Microsecond, 10<<30),
	} {
		if err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if err := affordable(q, 1024, time.Microsecond, 10<<30); err != nil {
		t.Errorf("refused what there is room for: %v", err)
	}
}
