package dns

import "strings"

// locationDefaults are the size and precisions of a location that names none
// (RFC 1876, 3).
var locationDefaults = []string{"1", "10000", "10"}

// expandLocation gives all twelve words for a location that leaves out minutes,
// seconds, the size or the precisions. Content that is a whole line of a zone
// file, as an example of the v4 schema is, loses its class and type.
func expandLocation(words []string) []string {
	if len(words) > 1 && strings.EqualFold(words[0], "IN") && strings.EqualFold(words[1], "LOC") {
		words = words[2:]
	}
	all, words := angle(words, "NS")
	east, words := angle(words, "EW")
	all = append(append(all, east...), words...)
	if missing := len(location) - len(all); 0 < missing && missing <= len(locationDefaults) {
		all = append(all, locationDefaults[len(locationDefaults)-missing:]...)
	}
	return all
}

// angle takes degrees, minutes, seconds and a direction from words, and gives
// the four and what is left.
func angle(words []string, directions string) (four, rest []string) {
	for i := 1; i < min(4, len(words)); i++ {
		if len(words[i]) == 1 && strings.Contains(directions, strings.ToUpper(words[i])) {
			four = append(four, words[:i]...)
			for len(four) < 3 {
				four = append(four, "0")
			}
			return append(four, words[i]), words[i+1:]
		}
	}
	return nil, words
}
