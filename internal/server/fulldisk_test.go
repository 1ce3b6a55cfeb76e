//go:build unix

package server_test

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/store"
)

// fullDisk names the folder of the database that a child process is to fill.
const fullDisk = "TOKENWARD_TEST_FULL_DISK"

// TestWhatWasAcknowledgedBeforeTheDiskWasFullIsThere fills the disk of a server in
// a child process: no file of it may grow beyond a limit. Every token that the
// server gave a secret for is in the database afterwards, and no other.
func TestWhatWasAcknowledgedBeforeTheDiskWasFullIsThere(t *testing.T) {
	if os.Getenv(fullDisk) != "" {
		serveUntilTheDiskIsFull(t)
		return
	}
	t.Parallel()
	dir := t.TempDir()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	child.Env = append(os.Environ(), fullDisk+"="+dir)
	out, err := child.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	owner, acknowledged := "", make(map[string]bool)
	for lines := bufio.NewScanner(strings.NewReader(string(out))); lines.Scan(); {
		if id, ok := strings.CutPrefix(lines.Text(), "owner "); ok {
			owner = id
		}
		if id, ok := strings.CutPrefix(lines.Text(), "token "); ok {
			acknowledged[id] = true
		}
	}
	if owner == "" || len(acknowledged) == 0 {
		t.Fatalf("the child issued nothing:\n%s", out)
	}
	mustHoldExactly(t, filepath.Join(dir, "test.db"), owner, acknowledged)
}

func mustHoldExactly(t *testing.T, path, owner string, acknowledged map[string]bool) {
	t.Helper()
	db, err := store.OpenSQLite(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, n, err := db.Tokens(t.Context(), authority.TokenQuery{Owner: authority.Owner{Kind: authority.OwnerUser, ID: owner}, Limit: 100_000})
	if err != nil {
		t.Fatal(err)
	}
	if n != len(acknowledged) || len(rows) != n {
		t.Errorf("%d tokens are there, %d were acknowledged", n, len(acknowledged))
	}
	for _, r := range rows {
		if !acknowledged[r.ID] {
			t.Errorf("token %s is there, and nobody was told", r.ID)
		}
	}
	events, err := db.Events(t.Context(), authority.EventQuery{UserID: owner, Action: "token_create"}, 100_000)
	if err != nil || len(events) != n {
		t.Errorf("%d events for %d tokens, %v", len(events), n, err)
	}
}

// serveUntilTheDiskIsFull is the child: it prints the id of each token that it
// was told of, and goes on a little after the first refusal.
func serveUntilTheDiskIsFull(t *testing.T) {
	w := &world{t: t, clock: new(clock), path: filepath.Join(os.Getenv(fullDisk), "test.db")}
	w.open(config{})
	w.cast = w.newCast()
	fmt.Println("owner", w.ids["user/alice"])
	signal.Ignore(syscall.SIGXFSZ) // the error is what is wanted, not the end
	limit := syscall.Rlimit{Cur: 1 << 20, Max: 1 << 20}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	body := []byte(`{"name": "` + strings.Repeat("x", 120) + `", "policies": []}`)
	refused := 0
	for n := 0; refused < 5; n++ {
		a := w.call(t, call{as: w.key("alice"), method: "POST", path: "/user/tokens", body: body})
		if a.status != http.StatusOK {
			a.mustBeUnavailable(t, "POST /user/tokens on a full disk")
			refused++
			continue
		}
		var made struct{ ID string }
		a.decode(t, &made)
		fmt.Println("token", made.ID)
		if n > 10_000 {
			t.Fatal("the disk is never full")
		}
	}
	if a := w.call(t, call{as: w.key("alice"), method: "GET", path: "/zones/" + w.ids["zone/A"]}); a.status != http.StatusOK {
		t.Errorf("a read on a full disk: %d %s", a.status, clip(a.raw))
	}
}
