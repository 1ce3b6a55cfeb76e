package tokenform

import "strings"

// join writes "a, b and c" with the word given.
func join(items []string, word string) string {
	n := len(items)
	if n < 2 {
		return strings.Join(items, "")
	}
	return strings.Join(items[:n-1], ", ") + " " + word + " " + items[n-1]
}
