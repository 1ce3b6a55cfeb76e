package server_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A script is a block of a file in testdata/decisions; README.md there says how
// to read and write them.
type script struct {
	title string
	lines []scriptLine
}

type scriptLine struct {
	where string // "deny.txt:12"
	text  string
}

// expects reports whether the line says what is to come of something.
func (l *scriptLine) expects() bool { return strings.Contains(l.text, "-> ") }

// readScripts reads the files of a folder, by file name without extension.
func readScripts(t *testing.T, folder string) map[string][]script {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string][]script)
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(f), ".txt")] = parseScripts(t, filepath.Base(f), string(text))
	}
	return all
}

// parseScripts cuts a text into scripts: a line that begins at the margin is a
// title, indented lines belong to the title above, and # starts a comment line.
func parseScripts(t *testing.T, file, text string) []script {
	t.Helper()
	var out []script
	for no, line := range strings.Split(text, "\n") {
		body := strings.TrimSpace(line)
		where := file + ":" + itoa(no+1)
		switch {
		case body == "" || body[0] == '#':
		case body == strings.TrimRight(line, " \t"):
			out = append(out, script{title: body})
		case len(out) == 0:
			t.Fatalf("%s: a script begins with a title at the margin", where)
		default:
			s := &out[len(out)-1]
			s.lines = append(s.lines, scriptLine{where, body})
		}
	}
	return out
}
