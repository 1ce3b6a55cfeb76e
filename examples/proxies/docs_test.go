package proxies_test

import (
	"os"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/catalogfile"
)

// TestTheDocsShowTheFilesThatAreTested, to the letter.
func TestTheDocsShowTheFilesThatAreTested(t *testing.T) {
	for page, files := range map[string][]string{
		"forward-auth-nginx.md": {"nginx.conf"}, "forward-auth-caddy.md": {"Caddyfile"},
		"forward-auth-haproxy.md": {"haproxy.cfg", "tokenward.lua"}, "forward-auth-traefik.md": {"traefik.yaml"},
		"envoy.md":      {"envoy.yaml"},
		"middleware.md": {"../go-middleware/main.go"},
	} {
		shown, err := os.ReadFile("../../docs/" + page)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(shown), "\n"+string(text)+"```\n") {
				t.Errorf("docs/%s does not show %s as it is", page, file)
			}
		}
	}
}

// TestTheCatalogueIsMadeOfTheOpenAPIDocument.
func TestTheCatalogueIsMadeOfTheOpenAPIDocument(t *testing.T) {
	document, err := os.ReadFile("../shop/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	want, err := catalogfile.Import(document)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../shop/catalog.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("examples/shop/catalog.yaml is not what `tokenward catalog import` makes:\n%s", want)
	}
}
