package server_test

import (
	"database/sql"
	"net/http"
	"testing"
	"time"
)

// TestAnotherProcessThatHoldsTheDatabaseStopsWritesAlone: reads go on, writes are
// refused as unavailable, and nothing was acknowledged that is not there.
func TestAnotherProcessThatHoldsTheDatabaseStopsWritesAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{busy: 20 * time.Millisecond})
	db := rowsOf(t, w.path)
	before := db.count(t)
	unlock := lock(t, w.path)
	issue := call{as: w.key("alice"), method: "POST", path: "/user/tokens", body: []byte(`{"name": "x", "policies": []}`)}
	a := w.call(t, issue)
	a.mustBeUnavailable(t, "POST /user/tokens while another process writes")
	a = w.call(t, call{as: w.key("alice"), method: "DELETE", path: "/zones/" + w.ids["zone/A"]})
	a.mustBeUnavailable(t, "DELETE of a zone while another process writes")
	if a := w.call(t, call{as: w.key("alice"), method: "GET", path: "/zones/" + w.ids["zone/A"]}); a.status != http.StatusOK {
		t.Errorf("a read while another process writes: %d %s", a.status, clip(a.raw))
	}
	unlock()
	if after := db.count(t); after != before {
		t.Errorf("%s before, %s after", before, after)
	}
	if a := w.call(t, issue); a.status != http.StatusOK {
		t.Errorf("after the other process is done: %d %s", a.status, clip(a.raw))
	}
}

// lock takes the database's write lock, as another process would.
func lock(t *testing.T, path string) (unlock func()) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	if _, err := db.ExecContext(t.Context(), "BEGIN EXCLUSIVE"); err != nil {
		t.Fatal(err)
	}
	return func() {
		if _, err := db.ExecContext(t.Context(), "ROLLBACK"); err != nil {
			t.Fatal(err)
		}
	}
}

// TestAStoreThatWasClosedIsUnavailable, for whoever comes while the server stops.
func TestAStoreThatWasClosedIsUnavailable(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	if err := w.store.Close(); err != nil {
		t.Fatal(err)
	}
	for _, as := range []credential{w.key("alice"), stranger()} {
		for _, path := range []string{"/zones", "/user/tokens/verify", "/zones/" + w.ids["zone/A"], "/accounts/" + w.ids["account/1"] + "/rules/lists"} {
			a := w.call(t, call{as: as, method: "GET", path: path})
			if path == "/user/tokens/verify" && a.status == http.StatusBadRequest {
				continue // a key is no token, which takes no store to see
			}
			a.mustBeUnavailable(t, "GET "+path)
		}
	}
}
