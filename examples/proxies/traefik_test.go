package proxies_test

import (
	"net/http"
	"os"
	"slices"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/tokenward/tokenward/internal/enforcetest"
	"github.com/tokenward/tokenward/internal/enforcewire"
)

// traefik is what the test reads of traefik.yaml.
type traefik struct {
	HTTP struct {
		Routers     map[string]struct{ Middlewares []string }
		Middlewares map[string]struct {
			ForwardAuth struct {
				Address             string
				TrustForwardHeader  *bool    `yaml:"trustForwardHeader"`
				AuthResponseHeaders []string `yaml:"authResponseHeaders"`
			} `yaml:"forwardAuth"`
			Headers struct {
				CustomRequestHeaders map[string]string `yaml:"customRequestHeaders"`
			}
		}
	}
}

// TestTraefiksFileAndWhatItSends: Traefik does not run here. Its file must say what
// keeps identities from being forged, and the endpoint must understand what Traefik
// documents that ForwardAuth sends: a GET with the client's headers and
// X-Forwarded-Method, -Proto, -Host, -Uri and -For.
func TestTraefiksFileAndWhatItSends(t *testing.T) {
	text, err := os.ReadFile("traefik.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file traefik
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	auth := file.HTTP.Middlewares["tokenward"].ForwardAuth
	for _, name := range []string{enforcewire.HeaderTokenID, enforcewire.HeaderTokenName, enforcewire.HeaderOwner, enforcewire.HeaderAccount} {
		if !slices.Contains(auth.AuthResponseHeaders, name) {
			t.Errorf("%s is not taken from the answer", name)
		}
	}
	if auth.TrustForwardHeader == nil || *auth.TrustForwardHeader {
		t.Error("clients may say what is asked about")
	}
	if v, ok := file.HTTP.Middlewares["no-credential"].Headers.CustomRequestHeaders["Authorization"]; !ok || v != "" {
		t.Error("the API gets the credential")
	}
	if got := file.HTTP.Routers["shop"].Middlewares; !slices.Equal(got, []string{"tokenward", "no-credential"}) {
		t.Errorf("the router goes through %q", got)
	}
	w := enforcetest.New(t)
	tok := w.Issue("north", "Stores Read", "north")
	const host = "http://127.0.0.1:9443"
	for target, want := range map[string]int{"/stores/north?x=1": 204, "/stores/south": 403, "/stores/north%2F..%2Fsouth": 400} {
		req, err := http.NewRequest(http.MethodGet, w.Open.URL+auth.Address[len(host):], nil)
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range map[string]string{
			"Authorization": "Bearer " + tok.Secret, "X-Forwarded-Method": "GET", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "api.example.com",
			"X-Forwarded-Uri": target, "X-Forwarded-For": "192.0.2.7", "User-Agent": "curl/8",
		} {
			req.Header.Set(name, value)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s: %d, want %d", target, res.StatusCode, want)
		}
	}
}
