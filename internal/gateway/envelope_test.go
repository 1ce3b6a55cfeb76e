package gateway

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/v4"
)

// verdict writes a failure on one line: "400 6003 Invalid request headers | 6111
// Invalid format for Authorization header". It fails the test when the answer is
// not a complete envelope or lacks a header that every answer has.
func (r reply) verdict(t *testing.T) string {
	t.Helper()
	r.checkHeaders(t)
	var members map[string]json.RawMessage
	if err := json.Unmarshal([]byte(r.body), &members); err != nil {
		t.Fatalf("not JSON: %v: %q", err, r.body)
	}
	if len(members) != 4 || string(members["success"]) != "false" || string(members["result"]) != "null" || string(members["messages"]) != "[]" {
		t.Fatalf("not an envelope of a failure: %s", r.body)
	}
	var errs []struct {
		Code    int
		Message string
		Chain   []struct {
			Code    int
			Message string
		} `json:"error_chain"`
	}
	if err := json.Unmarshal(members["errors"], &errs); err != nil || len(errs) == 0 {
		t.Fatalf("no errors: %s", r.body)
	}
	var b strings.Builder
	fmt.Fprint(&b, r.StatusCode)
	for _, e := range errs {
		fmt.Fprintf(&b, " %d %s", e.Code, e.Message)
		for _, c := range e.Chain {
			if c.Code >= v4.CodeNeedsGroup && c.Code <= v4.CodeUnstated || c.Code == v4.CodePartOfZone {
				continue // chain_test.go and byrecord_test.go are about these
			}
			fmt.Fprintf(&b, " | %d %s", c.Code, c.Message)
		}
	}
	return b.String()
}

var rayForm = regexp.MustCompile(`^[0-9a-f]{16}-TW$`)

func (r reply) checkHeaders(t *testing.T) {
	t.Helper()
	for name, want := range map[string]string{
		"Content-Type": "application/json", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
	} {
		if got := r.Header.Values(name); len(got) != 1 || got[0] != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if ray := r.Header.Values("Cf-Ray"); len(ray) != 1 || !rayForm.MatchString(ray[0]) {
		t.Errorf("cf-ray is %q", ray)
	}
}
