package store

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// sessionsWorld is sessions on a database of their own, and their time.
type sessionsWorld struct {
	*Sessions
	t    *testing.T
	path string
	time time.Time
}

func newSessionsWorld(t *testing.T) *sessionsWorld {
	w := &sessionsWorld{t: t, path: filepath.Join(t.TempDir(), "test.db"), time: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	w.Sessions = NewSessions(open(t, w.path, Options{}), func() time.Time { return w.time })
	return w
}

func (w *sessionsWorld) commit(token, data string, life time.Duration) {
	w.t.Helper()
	if err := w.CommitCtx(w.t.Context(), token, []byte(data), w.time.Add(life)); err != nil {
		w.t.Fatal(err)
	}
}

func (w *sessionsWorld) find(token string) (string, bool) {
	w.t.Helper()
	b, ok, err := w.FindCtx(w.t.Context(), token)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(b), ok
}

func TestSessionIsFoundByItsTokenUntilItExpires(t *testing.T) {
	w := newSessionsWorld(t)
	w.commit("one", "first", time.Hour)
	w.commit("two", "", 2*time.Hour)
	w.commit("one", "again", time.Hour)
	if got, ok := w.find("one"); got != "again" || !ok {
		t.Errorf("found %q, %v", got, ok)
	}
	if got, ok := w.find("two"); got != "" || !ok {
		t.Errorf("without data: %q, %v", got, ok)
	}
	if _, ok := w.find("three"); ok {
		t.Error("a session that nobody has was found")
	}
	w.time = w.time.Add(time.Hour)
	if _, ok := w.find("one"); ok {
		t.Error("a session was found that had expired")
	}
	for range 2 {
		if err := w.DeleteCtx(t.Context(), "two"); err != nil {
			t.Error(err)
		}
	}
	if _, ok := w.find("two"); ok {
		t.Error("a deleted session was found")
	}
}

func TestSessionsWithoutAContextAreTheSame(t *testing.T) {
	w := newSessionsWorld(t)
	if err := w.Commit("one", []byte("data"), w.time.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if got, ok, err := w.Find("one"); string(got) != "data" || !ok || err != nil {
		t.Errorf("found %q, %v, %v", got, ok, err)
	}
	if err := w.Delete("one"); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := w.Find("one"); ok || err != nil {
		t.Errorf("after it was deleted: %v, %v", ok, err)
	}
}

// TestExpiredSessionsGoInSteps: the table stays as small as its live sessions, and no
// write has to delete all that expired over a night.
func TestExpiredSessionsGoInSteps(t *testing.T) {
	w := newSessionsWorld(t)
	const old = 3 * sessionsPruned
	for n := range old {
		w.commit(fmt.Sprint(n), "", time.Minute)
	}
	w.time = w.time.Add(time.Hour)
	for step, want := range []int{old - sessionsPruned + 1, old - 2*sessionsPruned + 1, 1, 1} {
		w.commit("live", "", time.Hour)
		if got := count(t, w.path, "SELECT count(*) FROM sessions"); got != want {
			t.Errorf("step %d leaves %d sessions, want %d", step, got, want)
		}
	}
}

func TestSessionThatIsTooLongIsRefused(t *testing.T) {
	w := newSessionsWorld(t)
	w.commit("one", strings.Repeat("x", MaxSession), time.Hour)
	if err := w.CommitCtx(t.Context(), "two", make([]byte, MaxSession+1), w.time.Add(time.Hour)); err == nil {
		t.Error("one byte more was taken")
	}
}

func TestTokenOfASessionIsNotInTheDatabase(t *testing.T) {
	w := newSessionsWorld(t)
	token := strings.Repeat("token", 8)
	w.commit(token, "what is in the session", time.Hour)
	seen := false
	for _, suffix := range []string{"", "-wal"} {
		data, err := os.ReadFile(w.path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, []byte(token)) {
			t.Errorf("the token is in %s", w.path+suffix)
		}
		seen = seen || bytes.Contains(data, []byte("what is in the session"))
	}
	if !seen {
		t.Error("the session is in none of the files: the test looks at the wrong ones")
	}
}
