package pasted_test

import (
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/pasted"
)

// TestReadTakesMethodAndPath, and nothing else, from what people paste.
func TestReadTakesMethodAndPath(t *testing.T) {
	secret := strings.Repeat("s3", 20)
	for text, want := range map[string]pasted.Request{
		"/zones":                    {Method: "GET", Path: "/zones"},
		"delete /zones/{id}":        {Method: "DELETE", Path: "/zones/{id}"},
		"PUT /user/tokens HTTP/1.1": {Method: "PUT", Path: "/user/tokens"},
		"curl https://t.example/client/v4/zones?x=" + secret + " -H 'Authorization: Bearer " + secret + "'": {Method: "GET", Path: "/zones"},
		"curl -XPATCH \\\n -d '{\"a\":\"" + secret + "\"}' $URL/client/v4/zones/$ZONE":                      {Method: "PATCH", Path: "/zones/$ZONE"},
		"curl --json '{}' https://u:" + secret + "@t.example/client/v4/accounts":                            {Method: "POST", Path: "/accounts"},
	} {
		if got, problem := pasted.Read(text); got != want || problem != "" {
			t.Errorf("%q is read as %+v, %s", text, got, problem)
		}
	}
}

// TestNothingOfTheTextIsInAProblem, and nothing like a secret in what is shown.
func TestNothingOfTheTextIsInAProblem(t *testing.T) {
	secret := strings.Repeat("s3", 20)
	for _, text := range []string{"", secret, "'" + secret, "BREW /" + secret, "curl -H " + secret, strings.Repeat(secret+" ", 600), strings.Repeat(secret, 600)} {
		if _, problem := pasted.Read(text); problem == "" || strings.Contains(problem, secret) {
			t.Errorf("the problem is %q", problem)
		}
	}
	r, _ := pasted.Read("GET /zones/" + secret + "/settings")
	if got := r.Reduced(); got != "GET /zones/{id}/settings" {
		t.Errorf("it is shown as %q", got)
	}
}
