package token

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
)

func testSecret(t testing.TB) Secret {
	t.Helper()
	s, err := (Format{}).Parse("tkut_" + body2 + sum2)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// holder has secrets wherever a struct can have them.
type holder struct {
	Secret   Secret
	Pointer  *Secret
	List     []Secret
	ByName   map[string]Secret
	Any      any
	Digest   Digest
	Cred     Credential
	unmarked Secret
}

func newHolder(s Secret) holder {
	return holder{
		Secret: s, Pointer: &s, List: []Secret{s}, ByName: map[string]Secret{"a": s}, Any: s,
		Digest: s.Digest(), Cred: Credential{Secret: s, Kind: Bearer}, unmarked: s,
	}
}

// leaks reports whether text has the secret, its body or its digest, in a form
// that a printer may choose.
func leaks(text string, s Secret) bool {
	d := s.Digest()
	text = strings.ToLower(text)
	for _, b := range [][]byte{[]byte(s.Reveal()), []byte(body2[:12]), d[:], d[:6]} {
		for _, form := range []string{
			string(b), hex.EncodeToString(b), fmt.Sprintf("% x", b), fmt.Sprintf("%#x", b),
			strings.Trim(fmt.Sprint(b), "[]"), strings.ReplaceAll(strings.Trim(fmt.Sprint(b), "[]"), " ", ","),
			strings.ReplaceAll(fmt.Sprintf("%# x", b), " ", ", "), fmt.Sprintf("%q", b),
		} {
			if strings.Contains(text, strings.ToLower(form)) {
				return true
			}
		}
	}
	return false
}

func TestNoVerbPrintsASecret(t *testing.T) {
	s := testSecret(t)
	h := newHolder(s)
	formats := []string{"%v", "%+v", "%#v", "%s", "%q", "%#q", "%x", "%X", "% x", "%#x", "%d", "%o", "%b", "%c", "%U", "%e", "%t", "%10.3v", "%z"}
	for _, format := range formats {
		for _, v := range []any{s, s.Digest()} {
			if got := fmt.Sprintf(format, v); got != redacted {
				t.Errorf("%s of a %T printed %q", format, v, got)
			}
		}
		for _, v := range []any{&s, h, &h, []holder{h}, map[string]holder{"a": h}, h.Cred} {
			if got := fmt.Sprintf(format, v); leaks(got, s) {
				t.Errorf("%s of a %T leaks", format, v)
			}
		}
	}
	// go vet stops these. fmt then calls no methods, which only Secret survives.
	for _, format := range []string{"%p", "%w", "%*d"} {
		for _, v := range []any{s, &s, Credential{Secret: s}, struct{ hidden Secret }{s}} {
			if got := fmt.Sprintf(format, v); leaks(got, s) {
				t.Errorf("%s of a %T leaks", format, v)
			}
		}
	}
	if got := fmt.Sprint(s) + fmt.Sprintln(s.Digest()) + s.String() + s.Digest().String(); leaks(got, s) {
		t.Errorf("Sprint leaks: %s", got)
	}
}

func TestNoErrorCarriesASecret(t *testing.T) {
	s := testSecret(t)
	err := fmt.Errorf("look up %v: %w", s, errors.Join(fmt.Errorf("digest %x", s.Digest()), ErrChecksum))
	if leaks(err.Error(), s) || !errors.Is(err, ErrChecksum) {
		t.Errorf("%v", err)
	}
	_, err = (Format{}).ParseKey("tkk_" + body2 + sum1)
	if leaks(err.Error(), s) {
		t.Errorf("the error of Parse quotes what it was given")
	}
}

func TestNoLogCarriesASecret(t *testing.T) {
	s := testSecret(t)
	for name, handler := range map[string]func(*bytes.Buffer) slog.Handler{
		"text": func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
		"json": func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
	} {
		var out bytes.Buffer
		slog.New(handler(&out)).With("with", s).WithGroup("g").Info("m",
			"secret", s, "digest", s.Digest(), "pointer", &s, "holder", newHolder(s),
			"list", []Secret{s}, slog.Group("in", "cred", Credential{Secret: s}), "err", fmt.Errorf("for %s", s))
		if leaks(out.String(), s) {
			t.Errorf("the %s handler leaks: %s", name, out.String())
		}
		if n := strings.Count(out.String(), redacted); n < 8 {
			t.Errorf("the %s handler printed %d redactions: %s", name, n, out.String())
		}
	}
}

func TestNoEncodingCarriesASecret(t *testing.T) {
	s := testSecret(t)
	got, err := json.Marshal(newHolder(s))
	if err != nil || leaks(string(got), s) {
		t.Errorf("json: %s, %v", got, err)
	}
	got, err = json.Marshal(map[string]any{"s": s, "d": s.Digest(), "p": &s})
	if want := `{"d":"[redacted]","p":"[redacted]","s":"[redacted]"}`; err != nil || string(got) != want {
		t.Errorf("json: %s, %v", got, err)
	}
	got, err = json.Marshal(map[Digest]int{s.Digest(): 1})
	if err != nil || leaks(string(got), s) {
		t.Errorf("json with a digest as key: %s, %v", got, err)
	}
	type document struct {
		S Secret
		D Digest
	}
	got, err = xml.Marshal(document{s, s.Digest()})
	if err != nil || leaks(string(got), s) {
		t.Errorf("xml: %s, %v", got, err)
	}
}

func TestSecretsCannotBeCompared(t *testing.T) {
	if reflect.TypeFor[Secret]().Comparable() || reflect.TypeFor[Credential]().Comparable() {
		t.Error("== works on secrets: it stops at the first difference")
	}
}

func TestTheZeroValueIsNoSecret(t *testing.T) {
	var s Secret
	if !s.IsZero() || s.Reveal() != "" || s.Kind() != Unknown {
		t.Errorf("IsZero %v, %d characters, kind %v", s.IsZero(), len(s.Reveal()), s.Kind())
	}
	if s.Digest() != sha256.Sum256(nil) {
		t.Error("its digest is not that of nothing")
	}
	if !(Digest{}).IsZero() || s.Digest().IsZero() {
		t.Error("only the zero Digest is zero")
	}
}

// The vector is that of the S3 keys that belong to a token (contract 7.3).
func TestDigestIsTheSHA256OfTheString(t *testing.T) {
	s, err := mustFormat(t, "cf").Parse("cfat_" + body2 + sum2)
	if err != nil {
		t.Fatal(err)
	}
	d := s.Digest()
	if got, want := hex.EncodeToString(d[:]), "b1fad2206009d95f030afa66443ad5c3376a566e83a915ab40b158bc91b0e64d"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	other := testSecret(t).Digest()
	if !d.Equal(d) || d.Equal(other) {
		t.Error("Equal does not tell digests apart")
	}
}

func BenchmarkDigest(b *testing.B) {
	s := testSecret(b)
	b.ReportAllocs()
	for b.Loop() {
		_ = s.Digest()
	}
}

// BenchmarkSHA256 is what Digest cannot be faster than.
func BenchmarkSHA256(b *testing.B) {
	text := []byte(testSecret(b).Reveal())
	b.ReportAllocs()
	for b.Loop() {
		_ = sha256.Sum256(text)
	}
}
