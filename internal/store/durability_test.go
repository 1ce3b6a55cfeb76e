package store

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
)

// fate is what the child said last about a token.
type fate struct{ begun, kept, revoking, gone bool }

// TestWhatIsAcknowledgedSurvivesAKill kills a process that writes, again and again, and
// looks each time at every token of all rounds so far. A kill leaves what the system
// holds in memory; that the disk has it too is what the next file's test shows.
func TestWhatIsAcknowledgedSurvivesAKill(t *testing.T) {
	rounds := 20
	if n, err := strconv.Atoi(os.Getenv("TOKENWARD_TEST_KILLS")); err == nil { // make soak
		rounds = n
	}
	path := filepath.Join(t.TempDir(), "test.db")
	fates := map[int]*fate{}
	for round := range rounds {
		killChild(t, path, round, fates)
		checkFates(t, path, round, fates)
	}
	var kept, gone int
	for _, f := range fates {
		if f.gone {
			gone++
		} else if f.kept {
			kept++
		}
	}
	t.Logf("%d kills, %d tokens acknowledged as kept, %d as gone", rounds, kept, gone)
	if kept < rounds || gone < rounds {
		t.Errorf("the children acknowledged only %d tokens as kept and %d as gone", kept, gone)
	}
}

// killChild starts a child and kills it a random while after a random acknowledgement.
func killChild(t *testing.T, path string, round int, fates map[int]*fate) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childDatabase+"="+path, childWriters+"=16", childWrites+"=0",
		fmt.Sprintf("%s=%d", childFrom, round*10_000_000))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	readFates(t, lines, fates, 20+rand.IntN(600))
	<-time.After(rand.N(5 * time.Millisecond))
	if err := cmd.Process.Kill(); err != nil { // SIGKILL
		t.Fatal(err)
	}
	readFates(t, lines, fates, -1)
	if err := cmd.Wait(); err == nil || cmd.ProcessState.ExitCode() != -1 {
		t.Fatalf("the child ended by itself: %v", err)
	}
}

// readFates reads so many lines, or all that there are. A line without its end was cut
// off by the kill: nobody was told.
func readFates(t *testing.T, lines *bufio.Reader, fates map[int]*fate, most int) {
	t.Helper()
	for ; most != 0; most-- {
		line, err := lines.ReadString('\n')
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		var what string
		var n int
		if _, err := fmt.Sscanf(line, "%s %d\n", &what, &n); err != nil {
			t.Fatalf("the child said %q: %v", line, err)
		}
		if fates[n] == nil {
			fates[n] = &fate{}
		}
		fates[n].heard(what)
	}
}

func (f *fate) heard(what string) {
	switch what {
	case "BEGIN":
		f.begun = true
	case "ACK":
		f.kept = true
	case "REVOKE":
		f.revoking = true
	case "GONE":
		f.gone = true
	}
}

func checkFates(t *testing.T, path string, round int, fates map[int]*fate) {
	t.Helper()
	s := open(t, path, Options{})
	for n, f := range fates {
		k, err := s.TokenByDigest(t.Context(), benchDigest(n))
		if err != nil && !errors.Is(err, authority.ErrNotFound) {
			t.Fatalf("round %d: %v", round, err)
		}
		there := err == nil
		switch {
		case f.gone && there:
			t.Errorf("round %d: token %d was acknowledged as revoked and is back", round, n)
		case f.kept && !f.revoking && !there:
			t.Errorf("round %d: token %d was acknowledged and is lost", round, n)
		case there && k.ID != benchToken(n).ID:
			t.Errorf("round %d: token %d is not what was stored", round, n)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
