package compile

import (
	"iter"
	"strings"
)

// lines yields the lines of a source with their numbers, without empty lines
// and comments.
func lines(text string) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		no := 0
		for line := range strings.Lines(text) {
			no++
			line = strings.TrimSuffix(line, "\n")
			if line == "" || line[0] == '#' {
				continue
			}
			if !yield(no, line) {
				return
			}
		}
	}
}
