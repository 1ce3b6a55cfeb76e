package v4

import (
	"encoding/json"
	"testing"
	"time"
)

func TestTimesComeBackAsTheyWereSent(t *testing.T) {
	for _, s := range []string{`"2026-11-01T00:00:00Z"`, `"2018-07-01T05:20:00Z"`, `"2026-11-01T00:00:00.5Z"`, `"2026-11-01T00:00:00.000001Z"`, `"9999-12-31T23:59:59Z"`} {
		var v Time
		if err := json.Unmarshal([]byte(s), &v); err != nil {
			t.Errorf("%s: %v", s, err)
		}
		prints(t, v, s)
	}
}

func TestTimesAreWrittenInUTCToTheMicrosecond(t *testing.T) {
	for in, want := range map[string]string{
		`"2026-11-01T02:00:00+02:00"`:      `"2026-11-01T00:00:00Z"`,
		`"2026-11-01T00:00:00.000Z"`:       `"2026-11-01T00:00:00Z"`,
		`"2026-11-01T00:00:00.123456789Z"`: `"2026-11-01T00:00:00.123456Z"`,
	} {
		var v Time
		if err := json.Unmarshal([]byte(in), &v); err != nil {
			t.Errorf("%s: %v", in, err)
		}
		prints(t, v, want)
	}
	at := time.Date(2026, 1, 4, 10, 0, 0, 1999, time.FixedZone("", 2*3600))
	prints(t, []any{At(at), AtSecond(at), AtMicro(at)}, `["2026-01-04T08:00:00.000001Z","2026-01-04T08:00:00Z","2026-01-04T08:00:00.000001Z"]`)
	prints(t, AtMicro(at.Truncate(time.Second)), `"2026-01-04T08:00:00.000000Z"`)
}

func TestWhatIsNoRFC3339TimeIsRefused(t *testing.T) {
	for _, s := range []string{
		`""`, `"2026-11-01"`, `"2026-11-01 00:00:00Z"`, `"2026-11-01T00:00:00"`, `"2026-11-01T0:00:00Z"`, `"2026-11-01T00:00:00,5Z"`,
		`"2026-02-30T00:00:00Z"`, `"2026-11-01T24:00:00Z"`, `"2026-11-01T00:00:60Z"`, `"2026-11-01T00:00:00+24:00"`,
		`"9999-12-31T23:59:59-01:00"`, `"0001-01-01T00:00:00+01:00"`, `1793491200`, `{}`, `true`,
	} {
		for _, v := range []any{new(Time), new(MicroTime)} {
			if err := json.Unmarshal([]byte(s), v); err == nil {
				t.Errorf("%s was taken for %v", s, v)
			}
		}
	}
}
