package v4

import (
	"strings"
	"testing"
)

// TestRolesOfAMemberComeAsIDsAndAsObjects: create sends the one, update the
// other, and both are taken by both.
func TestRolesOfAMemberComeAsIDsAndAsObjects(t *testing.T) {
	var in MemberRequest
	body := `{"email": "a@example.com", "roles": ["r1", {"id": "r2", "name": "ignored", "permissions": {}}], "api_access_enabled": null}`
	if err := (Decoder{Strict: true}).Decode(strings.NewReader(body), &in); err != nil {
		t.Fatal(err)
	}
	if len(in.Roles) != 2 || in.Roles[0].ID != "r1" || in.Roles[1].ID != "r2" {
		t.Errorf("the roles are %v", in.Roles)
	}
	if f := in.APIAccessEnabled; !f.Present || !f.Null {
		t.Errorf("null is %+v", f)
	}
	for _, bad := range []string{`{"roles": [1]}`, `{"roles": "r1"}`, `{"roles": [{"id": 1}]}`, `{"roles": [null]}`} {
		if err := Decode(strings.NewReader(bad), 0, new(MemberRequest)); err == nil || !strings.Contains(err.Error(), "roles") {
			t.Errorf("%s: %v, want an error that names roles", bad, err)
		}
	}
}
