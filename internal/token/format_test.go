package token

import (
	"errors"
	"strings"
	"testing"
)

// The parts are put together at run time: a whole secret in a source file sets
// off secret scanners, as it should.
const (
	body1, sum1 = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "2ae98c30"
	body2, sum2 = "0123456789abcdefghijABCDEFGHIJ0123456789", "fcca43d2"
)

func mustFormat(t testing.TB, prefix string) Format {
	t.Helper()
	f, err := NewFormat(prefix)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestChecksumMatchesThePublishedVectors(t *testing.T) {
	for body, want := range map[string]string{body1: sum1, body2: sum2} {
		if got := checksum(body); string(got[:]) != want {
			t.Errorf("checksum(%s) = %s, want %s", body, got, want)
		}
	}
}

func TestPrefixIsOneToEightLowercaseCharactersThatBeginWithALetter(t *testing.T) {
	for _, p := range []string{"t", "tk", "cf", "a1234567"} {
		if f, err := NewFormat(p); err != nil || f.Prefix() != p {
			t.Errorf("NewFormat(%q) = %q, %v", p, f.Prefix(), err)
		}
	}
	for _, p := range []string{"", "1a", "Tk", "t_", "t-k", "a12345678", "é", "t "} {
		if _, err := NewFormat(p); err == nil {
			t.Errorf("NewFormat(%q) accepted it", p)
		}
	}
	if got := (Format{}).Prefix(); got != "tk" {
		t.Errorf("the zero Format has the prefix %q", got)
	}
}

func TestParseTakesOurSecretsAndNamesTheirKind(t *testing.T) {
	for prefix, tags := range map[string]map[string]Kind{
		"tk": {"tkut_": User, "tkat_": Account, "tkk_": APIKey},
		"cf": {"cfut_": User, "cfat_": Account, "cfk_": APIKey},
	} {
		f := mustFormat(t, prefix)
		for tag, kind := range tags {
			s, err := f.Parse(tag + body2 + sum2)
			if err != nil || s.Kind() != kind || s.Reveal() != tag+body2+sum2 {
				t.Errorf("Parse(%s...) = kind %v, %v; want kind %v", tag, s.Kind(), err, kind)
			}
		}
	}
}

func TestParseLetsImportedAndLegacySecretsThrough(t *testing.T) {
	f := mustFormat(t, "tk")
	for _, s := range []string{
		body1,                            // legacy: 40 characters without a prefix
		strings.Repeat("x", 80),          // the longest
		"_-" + body1,                     // the whole alphabet
		"cfut_" + body2 + sum1,           // somebody else's prefix: their checksum
		"tkut_" + body2 + sum2 + "0",     // our prefix, not our length
		"tkzz_" + body2 + sum2,           // our prefix, no tag of ours
		"TKUT_" + body2 + sum1,           // case matters
		"tkut_" + body1[:35],             // legacy that begins like ours
		"tkk_" + body2 + sum2 + sum2[:1], // a key's tag, not its length
	} {
		got, err := f.Parse(s)
		if err != nil || got.Kind() != Unknown || got.Reveal() != s {
			t.Errorf("Parse(%d characters, %s...) = kind %v, %v", len(s), s[:5], got.Kind(), err)
		}
	}
}

func TestParseRefusesWhatCannotBeASecret(t *testing.T) {
	for name, s := range map[string]string{
		"empty":     "",
		"39":        body1[1:],
		"81":        strings.Repeat("x", 81),
		"336":       strings.Repeat("x", 256+80), // 80 in a byte
		"space":     body1 + " ",
		"newline":   body1 + "\n",
		"NUL":       body1 + "\x00",
		"dot":       "v1.0-" + body1,
		"not ASCII": body1 + "é",
		"ours cut":  "tkut_" + body2[:34],
	} {
		if got, err := (Format{}).Parse(s); err != ErrMalformed || !got.IsZero() {
			t.Errorf("%s: Parse gave %v, want ErrMalformed", name, err)
		}
	}
}

func TestWrongChecksumIsRefusedWithoutALookUp(t *testing.T) {
	f := mustFormat(t, "tk")
	for _, s := range []string{
		"tkut_" + body2 + sum1,
		"tkat_" + body1 + sum2,
		"tkk_" + body2 + sum1,
		"tkut_" + body2 + strings.ToUpper(sum2),
		"tkut_" + "_" + body2[1:] + sum2,
	} {
		if got, err := f.Parse(s); err != nil || got.Genuine() {
			t.Errorf("Parse(%s...%s) gave %v, genuine %v", s[:5], s[len(s)-8:], err, got.Genuine())
		}
	}
}

func TestWrongChecksumPassesWhereSecretsMayHaveBeenMintedElsewhere(t *testing.T) {
	lenient := mustFormat(t, "tk")
	lenient.Lenient = true
	for tag, f := range map[string]Format{"tkut_": lenient, "cfut_": mustFormat(t, "cf")} {
		if got, err := f.Parse(tag + body2 + sum1); err != nil || got.Kind() != User || !got.Genuine() {
			t.Errorf("Parse(%s...) = kind %v, %v", tag, got.Kind(), err)
		}
	}
	for tag, f := range map[string]Format{"tkk_": lenient, "cfk_": mustFormat(t, "cf")} {
		if got, err := f.ParseKey(tag + body2 + sum1); err != nil || got.Kind() != APIKey {
			t.Errorf("ParseKey(%s...) = kind %v, %v", tag, got.Kind(), err)
		}
	}
}

func TestParseKeyTakesAPIKeysOnly(t *testing.T) {
	f := mustFormat(t, "tk")
	hex := strings.Repeat("0a", 30)
	for _, c := range []struct {
		name, in string
		kind     Kind
		err      error
	}{
		{"ours", "tkk_" + body2 + sum2, APIKey, nil},
		{"legacy, shortest", hex[:37], Unknown, nil},
		{"legacy, longest", hex[:45], Unknown, nil},
		{"our checksum is wrong", "tkk_" + body2 + sum1, 0, ErrChecksum},
		{"legacy, too short", hex[:36], 0, ErrMalformed},
		{"legacy, too long", hex[:46], 0, ErrMalformed},
		{"legacy, upper case", strings.ToUpper(hex[:37]), 0, ErrMalformed},
		{"a token", "tkut_" + body2 + sum2, 0, ErrMalformed},
		{"somebody else's key", "cfk_" + body2 + sum2, 0, ErrMalformed},
		{"a newline", "tkk_" + body2[1:] + "\n" + sum2, 0, ErrMalformed},
		{"empty", "", 0, ErrMalformed},
	} {
		got, err := f.ParseKey(c.in)
		if !errors.Is(err, c.err) || got.Kind() != c.kind || got.IsZero() != (c.err != nil) {
			t.Errorf("%s: kind %v, %v; want %v, %v", c.name, got.Kind(), err, c.kind, c.err)
		}
	}
}

func TestParseDoesNotAllocate(t *testing.T) {
	f := mustFormat(t, "tk")
	good, bad, legacy := "tkut_"+body2+sum2, "tkut_"+body2+sum1, body1
	n := testing.AllocsPerRun(100, func() {
		for _, s := range [...]string{good, bad, legacy, ""} {
			got, _ := f.Parse(s)
			if !got.IsZero() {
				got.Digest()
			}
		}
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// FuzzParse holds that what was taken comes back unchanged, and that no secret of
// ours survives a changed character.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"", body1, "tkut_" + body2 + sum2, "tkat_" + body1 + sum1, "tkk_" + body2 + sum1, "cfut_" + body2 + sum2} {
		f.Add(s, uint8(7), byte('x'))
	}
	format := mustFormat(f, "tk")
	f.Fuzz(func(t *testing.T, s string, at uint8, to byte) {
		got, err := format.Parse(s)
		if key, err := format.ParseKey(s); err == nil && key.Reveal() != s {
			t.Fatal("ParseKey changed the string")
		}
		if err != nil {
			if !got.IsZero() {
				t.Fatal("a refused string gave a secret")
			}
			return
		}
		if got.Reveal() != s {
			t.Fatal("Parse changed the string")
		}
		again, err := format.Parse(got.Reveal())
		if err != nil || again.Kind() != got.Kind() || !again.Digest().Equal(got.Digest()) {
			t.Fatal("parse(print(x)) is not x")
		}
		if got.Kind() == Unknown || !got.Genuine() {
			return
		}
		changed := []byte(s)
		i := len(s) - 48 + int(at)%48
		changed[i] = to
		if c, err := format.Parse(string(changed)); to != s[i] && err == nil && c.Genuine() {
			t.Fatalf("character %d changed to %q and was not missed", i, to)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	f := mustFormat(b, "tk")
	s := "tkut_" + body2 + sum2
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.Parse(s); err != nil {
			b.Fatal(err)
		}
	}
}
