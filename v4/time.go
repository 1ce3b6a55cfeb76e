package v4

import (
	"bytes"
	"errors"
	"time"
)

// Time is a date of a token. It reads RFC 3339 and prints RFC 3339 in UTC, with
// no fraction when it has none, so that "2026-11-01T00:00:00Z" comes back as it
// was sent: Terraform compares the strings (contract 0, rule 13). A fraction is
// kept to the microsecond, which is what is stored, so that no instant moves by
// being read and sent again.
//
// Use a pointer where it may be absent or null.
type Time struct{ time.Time }

// At is t to the microsecond, for dates that a client chose.
func At(t time.Time) Time { return Time{t.UTC().Truncate(time.Microsecond)} }

// AtSecond is t to the second, for dates that we chose: issued_on, modified_on
// and last_used_on have no fraction (contract 1.4).
func AtSecond(t time.Time) Time { return Time{t.UTC().Truncate(time.Second)} }

// MarshalJSON prints the time, quoted.
func (t Time) MarshalJSON() ([]byte, error) { return printTime(t.Time, time.RFC3339Nano) }

// UnmarshalJSON takes a quoted RFC 3339 time.
func (t *Time) UnmarshalJSON(b []byte) error { return parseTime(b, &t.Time) }

// MicroTime is a date of an account, a zone or a record: as [Time], but printed
// with six digits, "2026-01-04T08:00:00.000000Z" (contract 1.8).
type MicroTime struct{ time.Time }

// AtMicro is t to the microsecond.
func AtMicro(t time.Time) MicroTime { return MicroTime(At(t)) }

// MarshalJSON prints the time, quoted.
func (t MicroTime) MarshalJSON() ([]byte, error) {
	return printTime(t.Time, "2006-01-02T15:04:05.000000Z07:00")
}

// UnmarshalJSON takes a quoted RFC 3339 time.
func (t *MicroTime) UnmarshalJSON(b []byte) error { return parseTime(b, &t.Time) }

func printTime(t time.Time, layout string) ([]byte, error) {
	t = t.UTC().Truncate(time.Microsecond)
	if t.Year() < 0 || t.Year() > 9999 {
		return nil, errors.New("v4: a year that RFC 3339 cannot write")
	}
	return t.AppendFormat(nil, `"`+layout+`"`), nil
}

func parseTime(b []byte, t *time.Time) error {
	if string(b) == "null" {
		return nil
	}
	var in time.Time
	if err := in.UnmarshalJSON(b); err != nil || !isStrict(b, in) {
		return &DecodeError{Problem: "must be an RFC 3339 time such as 2026-11-01T00:00:00Z"}
	}
	in = in.UTC().Truncate(time.Microsecond)
	if in.Year() < 1 || in.Year() > 9999 { // the offset led out of the calendar
		return &DecodeError{Problem: "must be a time in the years 1 to 9999"}
	}
	*t = in
	return nil
}

// isStrict refuses what package time lets pass beside RFC 3339: an hour of one
// digit, a comma before the fraction and an offset of a day or more.
func isStrict(quoted []byte, t time.Time) bool {
	_, offset := t.Zone()
	const day = 24 * 60 * 60
	return quoted[len(`"2026-11-01T00`)] == ':' && bytes.IndexByte(quoted, ',') < 0 && -day < offset && offset < day
}
