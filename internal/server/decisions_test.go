package server_test

import (
	"strconv"
	"testing"
)

// fewest is how many vectors there are to be: a folder that was moved, or a file
// that no longer parses, must not pass in silence.
const fewest = 300

// TestDecisionsAreAsTheManualSays plays testdata/decisions, each script twice:
// with every fact read from the store, and with facts from the cache.
func TestDecisionsAreAsTheManualSays(t *testing.T) {
	t.Parallel()
	topics := readScripts(t, "testdata/decisions")
	vectors := 0
	for _, scripts := range topics {
		for _, s := range scripts {
			vectors += s.vectors()
		}
	}
	if vectors < fewest {
		t.Fatalf("%d vectors in testdata/decisions, there must be at least %d", vectors, fewest)
	}
	t.Logf("%d vectors", vectors)
	for _, cached := range []bool{false, true} {
		for topic, scripts := range topics {
			t.Run(topic+"/"+factsFrom(cached), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, config{})
				for _, s := range scripts {
					t.Run(s.title, func(t *testing.T) { s.play(t, w, cached) })
				}
			})
		}
	}
}

func factsFrom(cached bool) string {
	if cached {
		return "from the cache"
	}
	return "from the store"
}

func (s *script) vectors() int {
	n := 0
	for i := range s.lines {
		if s.lines[i].expects() {
			n++
		}
	}
	return n
}

func itoa(n int) string { return strconv.Itoa(n) }
