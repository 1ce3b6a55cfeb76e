package store

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestNothingIsAcknowledgedBeforeItIsSynced watches the system calls of a child that
// writes: between the line that a token is being written and the line that it is kept,
// an fsync or fdatasync must have begun and ended well. With one writer that is the sync
// of this token; with many, of the batch it is in.
func TestNothingIsAcknowledgedBeforeItIsSynced(t *testing.T) {
	for _, writers := range []int{1, 12} {
		t.Run(fmt.Sprintf("writers=%d", writers), func(t *testing.T) {
			const writes = 15
			calls := traceChild(t, writers, writes)
			checkSynced(t, calls, writers*writes)
		})
	}
}

// call is a system call: the lines of the trace at which it began and ended.
type call struct {
	began, ended int
	sync         bool   // an fsync or fdatasync that succeeded
	said         string // what was written to the standard output
}

// traceChild runs the child under strace and gives its calls.
func traceChild(t *testing.T, writers, writes int) []call {
	t.Helper()
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Fatal("this test needs strace (the Debian package of that name; `make deps` installs it)")
	}
	dir := t.TempDir()
	trace := filepath.Join(dir, "trace")
	cmd := exec.CommandContext(t.Context(), strace, "-f", "-qq", "-o", trace, "-e", "trace=fsync,fdatasync,write", "-e", "signal=none", os.Args[0])
	cmd.Env = append(os.Environ(), childDatabase+"="+filepath.Join(dir, "test.db"),
		fmt.Sprintf("%s=%d", childWriters, writers), fmt.Sprintf("%s=%d", childWrites, writes))
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("run the child under strace: %v", err)
	}
	return readTrace(t, trace)
}

// readTrace reads strace's lines. A call that others interrupt is two lines:
//
//	812 fdatasync(7 <unfinished ...>
//	812 <... fdatasync resumed>)          = 0
func readTrace(t *testing.T, path string) []call {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	said := regexp.MustCompile(`write\(1, "([A-Z]+ \d+)\\n"`)
	var calls []call
	open := map[string]int{} // a thread's unfinished call
	lines := bufio.NewScanner(f)
	for n := 0; lines.Scan(); n++ {
		thread, text, _ := strings.Cut(lines.Text(), " ")
		text = strings.TrimSpace(text)
		ok := strings.HasSuffix(text, "= 0")
		if strings.HasPrefix(text, "<... ") {
			if i, begun := open[thread]; begun {
				calls[i].ended = n
				calls[i].sync = strings.Contains(text, "sync resumed") && ok
			}
			delete(open, thread)
			continue
		}
		c := call{began: n, ended: n, sync: strings.Contains(text, "sync(") && ok}
		if m := said.FindStringSubmatch(text); m != nil {
			c.said = m[1]
		}
		if strings.HasSuffix(text, "<unfinished ...>") {
			open[thread] = len(calls)
		}
		calls = append(calls, c)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return calls
}

func checkSynced(t *testing.T, calls []call, want int) {
	t.Helper()
	begun := map[string]call{}
	acknowledged := 0
	for _, c := range calls {
		what, n, _ := strings.Cut(c.said, " ")
		switch what {
		case "BEGIN", "REVOKE":
			begun[n] = c
		case "ACK", "GONE":
			if !syncedBetween(calls, begun[n].ended, c.began) {
				t.Errorf("%s %s was said in line %d of the trace, with no sync since line %d", what, n, c.began, begun[n].ended)
			}
			acknowledged++
		}
	}
	if most := want + (want+2)/3; acknowledged != most {
		t.Errorf("the trace has %d acknowledgements, want %d", acknowledged, most)
	}
}

func syncedBetween(calls []call, from, to int) bool {
	for _, c := range calls {
		if c.sync && c.began > from && c.ended < to {
			return true
		}
	}
	return false
}
