package server_test

import (
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/catalog"
)

// TestWhoeverCreatesAnAccountIsItsSuperAdministrator, and only people create
// them.
func TestWhoeverCreatesAnAccountIsItsSuperAdministrator(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	mine, _ := w.token(t, w.key("bob"), "/user/tokens", "User Details Write", catalog.KindUser, catalog.KindUser+"."+w.ids["user/bob"])
	w.refused(t, mine, "POST", "/accounts", obj{"name": "By token"})
	a := w.ok(t, w.key("bob"), "POST", "/accounts", obj{"name": "Bob's", "type": "enterprise"})
	var acct struct{ ID, Name, Type string }
	a.decode(t, &acct)
	if acct.Name != "Bob's" || acct.Type != "enterprise" {
		t.Errorf("the account is %+v", acct)
	}
	w.ok(t, w.key("bob"), "GET", "/accounts/"+acct.ID+"/members", nil)
	w.ok(t, w.key("bob"), "POST", "/zones", obj{"name": "bob.example", "account": obj{"id": acct.ID}})
	w.refused(t, w.key("alice"), "GET", "/accounts/"+acct.ID, nil)
	w.happened(t, "account_create", acct.ID)
	w.ok(t, w.key("bob"), "PUT", "/accounts/"+acct.ID, obj{"id": acct.ID, "name": "Robert's", "type": "enterprise", "settings": obj{"abuse_contact_email": "abuse@example.com"}})
	w.refused(t, w.key("bob"), "PUT", "/accounts/"+w.ids["account/1"], obj{"name": "Mine"})
}

func TestFaultyAccountsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	id := w.ids["account/1"]
	for name, c := range map[string]struct {
		method string
		body   obj
		text   string
	}{
		"no name":          {"POST", obj{}, "name must be given"},
		"a long name":      {"POST", obj{"name": strings.Repeat("é", 101)}, "too long"},
		"a control":        {"POST", obj{"name": "a\u0007b"}, "invalid character"},
		"a type":           {"POST", obj{"name": "x", "type": "big"}, "account type is not supported"},
		"another type":     {"PUT", obj{"name": "x", "type": "enterprise"}, "account type is not supported"},
		"another id":       {"PUT", obj{"name": "x", "id": newID()}, "id must be"},
		"a second factor":  {"PUT", obj{"name": "x", "settings": obj{"enforce_twofactor": true}}, "enforce_twofactor"},
		"no address":       {"PUT", obj{"name": "x", "settings": obj{"abuse_contact_email": "nobody"}}, "abuse_contact_email"},
		"no name, renamed": {"PUT", obj{"name": " "}, "name must be given"},
	} {
		path := "/accounts"
		if c.method == "PUT" {
			path += "/" + id
		}
		a := w.do(t, w.key("alice"), c.method, path, c.body, 400, 1001)
		if _, text := a.first(); !strings.Contains(text, c.text) {
			t.Errorf("%s: %s", name, text)
		}
	}
	a := w.do(t, w.key("alice"), "POST", "/accounts", obj{"name": "", "type": "x"}, 400, 1001)
	if len(a.envelope.Errors) != 2 {
		t.Errorf("both faults should be named: %s", clip(a.raw))
	}
}

func TestUsersChangeWhatTheySayOfThemselves(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	w.ok(t, w.key("bob"), "PATCH", "/user", obj{"first_name": "Bob", "country": "FR"})
	a := w.ok(t, w.key("bob"), "PATCH", "/user", obj{"last_name": "Bar", "country": nil, "email": "other@example.com"})
	var u struct {
		Email   string
		First   *string `json:"first_name"`
		Last    *string `json:"last_name"`
		Country *string
	}
	a.decode(t, &u)
	if u.First == nil || *u.First != "Bob" || *u.Last != "Bar" || u.Country != nil || u.Email != w.emails["bob"] {
		t.Errorf("the user is %s", clip(a.raw))
	}
	a = w.do(t, w.key("bob"), "PATCH", "/user", obj{"first_name": strings.Repeat("x", 61), "zipcode": "a\nb"}, 400, 1001)
	if len(a.envelope.Errors) != 2 {
		t.Errorf("both faults should be named: %s", clip(a.raw))
	}
	w.happened(t, "user_update", w.ids["user/bob"])
}
