package browser

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// past copies what a token did today to the days before, more or less of it: the
// API has no way to have been used last week. A row is skipped where the day was
// a Sunday, and of what was denied most days.
const past = `
WITH RECURSIVE days (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM days WHERE n < 29)
INSERT INTO token_uses (token_id, day, denied, permission_group, operation, resource, count, last_on)
SELECT token_id, day - n, denied, permission_group, operation, resource,
       CASE denied WHEN 0 THEN count * (9 + (n * 7 + n * n * 3) %% 13) ELSE count + n %% 5 END, last_on - n * 86400
FROM token_uses, days
WHERE token_id = '%[1]s' AND (day - n) %% 7 <> 3 AND (denied = 0 OR n %% 6 = 1)`

// addPast gives the token that is used much a month behind it.
func (s *site) addPast(t *testing.T) {
	t.Helper()
	id := s.token[false][busyToken].ID
	// What was counted is written every two seconds.
	for end := time.Now().Add(patience); s.sqlite(t, fmt.Sprintf("SELECT count(*) FROM token_uses WHERE token_id = '%s'", id)) == "0"; {
		if time.Now().After(end) {
			t.Fatal("what tokens did is not written")
		}
	}
	s.sqlite(t, fmt.Sprintf(past, id))
}

// sqlite runs a statement on the server's database, and gives what it prints.
func (s *server) sqlite(t *testing.T, statement string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(s.Dir, "*.db"))
	if err != nil || len(files) != 1 {
		t.Fatalf("the database is not there: %q, %v", files, err)
	}
	out, err := exec.CommandContext(t.Context(), "sqlite3", "-cmd", ".timeout 5000", files[0], statement).CombinedOutput()
	if err != nil {
		t.Fatalf("sqlite3: %v\n%s", err, out)
	}
	return strings.TrimSpace(string(out))
}
