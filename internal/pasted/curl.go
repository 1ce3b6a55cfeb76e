package pasted

import (
	"slices"
	"strings"
)

// shellWords cuts a line as a shell does, as far as lines that people copy need
// it: quotes, escapes, lines that go on after a backslash. Nothing is expanded.
// ok is false when a quote is not closed.
func shellWords(text string) (words []string, ok bool) {
	var word strings.Builder
	var quote rune
	started, escaped := false, false
	for _, c := range strings.ReplaceAll(text, "\r\n", "\n") {
		switch {
		case escaped:
			escaped = false
			if c != '\n' {
				word.WriteRune(c)
				started = true
			}
		case c == '\\' && quote != '\'':
			escaped = true
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(c)
		case c == '\'' || c == '"':
			quote, started = c, true
		case strings.ContainsRune(" \t\n", c):
			if started {
				words = append(words, word.String())
			}
			word.Reset()
			started = false
		default:
			word.WriteRune(c)
			started = true
		}
	}
	if started {
		words = append(words, word.String())
	}
	return words, quote == 0
}

// curlSwitches are options of curl that take no value; after any other the next
// word is one.
func curlSwitches() []string {
	return []string{
		"--compressed", "--fail", "--fail-with-body", "--include", "--insecure", "--ipv4", "--ipv6", "--location", "--no-buffer",
		"--no-progress-meter", "--path-as-is", "--show-error", "--silent", "--verbose", "--globoff", "--http1.1", "--http2",
		"--http3", "--progress-bar", "--remote-name", "--remote-header-name", "--anyauth", "--basic",
	}
}

// curlRequest finds the method and the address in the words after curl.
func curlRequest(words []string) (method, address string) {
	c := curlLine{}
	for i := 0; i < len(words); i++ {
		w := words[i]
		switch {
		case w == "|" || w == "&&" || w == ";" || w == ">":
			i = len(words) // another command
		case strings.HasPrefix(w, "--"):
			i += c.long(w, next(words, i))
		case strings.HasPrefix(w, "-") && len(w) > 1:
			i += c.short(w[1:], next(words, i))
		case c.address == "":
			c.address = w
		}
	}
	return c.settled(), c.address
}

func next(words []string, i int) string {
	if i+1 < len(words) {
		return words[i+1]
	}
	return ""
}

// curlLine is what is known of a line so far.
type curlLine struct {
	method, address      string
	sends, get, head, up bool
}

// settled is the method that curl uses.
func (c *curlLine) settled() string {
	switch {
	case c.method != "":
		return strings.ToUpper(c.method)
	case c.head:
		return "HEAD"
	case c.up:
		return "PUT"
	case c.sends && !c.get:
		return "POST"
	}
	return "GET"
}

// long takes an option with two dashes, and says how many words after it are its
// own.
func (c *curlLine) long(option, value string) int {
	name, own, joined := strings.Cut(option, "=")
	if joined {
		value = own
	}
	switch {
	case name == "--request":
		c.method = value
	case name == "--url":
		c.address = value
	case name == "--get":
		c.get = true
		return 0
	case name == "--head":
		c.head = true
		return 0
	case name == "--upload-file":
		c.up = true
	case strings.HasPrefix(name, "--data"), strings.HasPrefix(name, "--form"), name == "--json":
		c.sends = true
	case slices.Contains(curlSwitches(), name), strings.HasPrefix(name, "--no-"):
		return 0
	}
	if joined {
		return 0
	}
	return 1
}

// short takes letters after one dash: switches, and at their end one that may
// take a value, which is what follows in the word or else the next word.
func (c *curlLine) short(letters, value string) int {
	for i, letter := range letters {
		switch {
		case letter == 'G':
			c.get = true
		case letter == 'I':
			c.head = true
		case !strings.ContainsRune("XdFTHuoAbcemKwxErCDPQUYyzt", letter):
		default:
			rest, own := letters[i+1:], 1
			if rest != "" {
				value, own = rest, 0
			}
			c.take(letter, value)
			return own
		}
	}
	return 0
}

func (c *curlLine) take(letter rune, value string) {
	switch letter {
	case 'X':
		c.method = value
	case 'd', 'F':
		c.sends = true
	case 'T':
		c.up = true
	}
}
