package token

import (
	"strings"
	"testing"
)

func TestNewSecretsHaveTheFormOfTheirKind(t *testing.T) {
	for _, prefix := range []string{"tk", "cf", "abcdefgh"} {
		f := mustFormat(t, prefix)
		for kind, tag := range map[Kind]string{User: "ut_", Account: "at_", APIKey: "k_"} {
			s := f.New(kind)
			rest, ok := strings.CutPrefix(s.Reveal(), prefix+tag)
			if !ok || len(rest) != 48 || strings.Trim(rest[:40], alphabet) != "" || strings.Trim(rest[40:], "0123456789abcdef") != "" {
				t.Errorf("%s %v: a secret of %d characters with the wrong form", prefix, kind, len(s.Reveal()))
			}
			got, err := f.Parse(s.Reveal())
			if err != nil || got.Kind() != kind || !got.Digest().Equal(s.Digest()) {
				t.Errorf("%s %v: Parse refuses it: %v", prefix, kind, err)
			}
		}
	}
	for kind, want := range map[Kind]int{User: 53, Account: 53, APIKey: 52} {
		if got := len((Format{}).New(kind).Reveal()); got != want {
			t.Errorf("%v: %d characters, want %d", kind, got, want)
		}
	}
}

func TestNewOfNoKindPanics(t *testing.T) {
	for _, k := range []Kind{Unknown, APIKey + 1} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("New(%v) did not panic", k)
				}
			}()
			(Format{}).New(k)
		}()
	}
}

// The bound is the quantile of chi-square with 61 degrees of freedom at 1e-9, so
// that chance fails one of the 41 sums once in some twenty million runs. Taking
// the byte modulo 62 would give more than a thousand over all positions.
func TestEveryCharacterIsDrawnAlikeAtEveryPosition(t *testing.T) {
	const secrets, bound = 5000, 153
	var at [bodyLength][256]int
	var overall [256]int
	for range secrets {
		body := (Format{}).New(User).Reveal()[5:45]
		for i := range at {
			at[i][body[i]]++
			overall[body[i]]++
		}
	}
	for i := range at {
		if x := chiSquare(&at[i], secrets); x > bound {
			t.Errorf("position %d: chi-square %.1f is over %d", i, x, bound)
		}
	}
	if x := chiSquare(&overall, secrets*bodyLength); x > bound {
		t.Errorf("all positions: chi-square %.1f is over %d", x, bound)
	}
}

func chiSquare(counts *[256]int, n int) float64 {
	want, sum := float64(n)/float64(len(alphabet)), 0.0
	for i := range len(alphabet) {
		d := float64(counts[alphabet[i]]) - want
		sum += d * d / want
	}
	return sum
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		(Format{}).New(User)
	}
}
