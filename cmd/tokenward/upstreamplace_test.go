package main

import "testing"

// TestNoUpstreamHidesWhatTheServerItselfServes, nor a path below it.
func TestNoUpstreamHidesWhatTheServerItselfServes(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{
		"/", "/client", "/client/v4", "/docs", "/openapi.json", "/readyz", "/healthz", "/static", "/sign-in", "/sign-in/x", "/Profile", "/accounts",
		"/invitations", "/password", "/reset", "/theme", "/0a1b2c3d4e5f60718293a4b5c6d7e8f9/x",
	} {
		if !isTaken(prefix) {
			t.Errorf("%s can be an upstream's", prefix)
		}
	}
	for _, prefix := range []string{"/shop", "/clients", "/v1", "/api/docs", "/zones"} {
		if isTaken(prefix) {
			t.Errorf("%s cannot be an upstream's", prefix)
		}
	}
}
