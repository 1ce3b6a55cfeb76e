package extauthz_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"

	"github.com/tokenward/tokenward/internal/enforce"
	"github.com/tokenward/tokenward/internal/enforcetest"
	"github.com/tokenward/tokenward/internal/gateway/extauthz"
)

// placeholder stands for a token that may read the store north.
const placeholder = "TOKEN"

// FuzzCheck holds that every message gets an answer that Envoy can use, and that a
// yes is about what the token may read, or about what is public.
func FuzzCheck(f *testing.F) {
	w := enforcetest.New(f)
	secret := w.Issue("north", "Stores Read", "north").Secret
	judge, ok := w.Open.Config.Handler.(*enforce.Endpoint)
	if !ok {
		f.Fatalf("the endpoint is a %T", w.Open.Config.Handler)
	}
	service := extauthz.ServiceOf(judge)
	seeds := []asked{
		shop("GET", "/stores/north?x=1", placeholder), shop("GET", "/stores/south/../north", placeholder), shop("PUT", "/stores/north", placeholder),
		shop("GET", "/stores/north%2F..%2Fsouth", placeholder), shop("GET", "/health", ""), shop("GET", "/stores/north/products/7", placeholder),
		{method: "GET", target: "/stores/north", lines: [][2]string{bearer(placeholder), bearer(placeholder), {"x-forwarded-for", "10.0.0.1, x"}}, peer: "::1"},
		{method: "GET", target: "/client/v4/zones", said: map[string]string{"catalog": "v4", "prefix": "/client/v4"}},
	}
	for _, a := range seeds {
		for _, of := range forms {
			message, err := proto.Marshal(of(a))
			if err != nil {
				f.Fatal(err)
			}
			f.Add(message)
		}
	}
	f.Fuzz(func(t *testing.T, message []byte) {
		var r authv3.CheckRequest
		if proto.Unmarshal(message, &r) != nil {
			got := understand(t, answered(t, service, message))
			if got.status >= http.StatusInternalServerError {
				t.Fatalf("%+v", got)
			}
			return // in what is read of it a placeholder is no token
		}
		reveal(&r, secret)
		message, err := proto.Marshal(&r)
		if err != nil {
			t.Fatal(err)
		}
		got := understand(t, answered(t, service, message))
		switch {
		case got.status >= http.StatusInternalServerError:
			t.Fatalf("%+v", got)
		case got.status == 204 && !mayPass(&r):
			t.Fatalf("passes: %v", &r)
		}
	})
}

// answered is the answer to a message, which must be a message too.
func answered(t *testing.T, service extauthz.Service, message []byte) *authv3.CheckResponse {
	t.Helper()
	answer, err := service.Answer(metadata.NewIncomingContext(t.Context(), nil), message)
	if err != nil {
		t.Fatal(err)
	}
	res := new(authv3.CheckResponse)
	if err := proto.Unmarshal(answer, res); err != nil {
		t.Fatalf("not an answer: %v", err)
	}
	return res
}

// reveal puts a token in its placeholder's place.
func reveal(r *authv3.CheckRequest, secret string) {
	described := r.GetAttributes().GetRequest().GetHttp()
	for name, value := range described.GetHeaders() {
		described.Headers[name] = strings.ReplaceAll(value, placeholder, secret)
	}
	for _, h := range described.GetHeaderMap().GetHeaders() {
		h.Value = strings.ReplaceAll(h.Value, placeholder, secret)
		h.RawValue = []byte(strings.ReplaceAll(string(h.RawValue), placeholder, secret))
	}
}

// mayPass is what is known of the shop without its catalogue. The built-in one has
// public operations that are not looked for here.
func mayPass(r *authv3.CheckRequest) bool {
	described, said := r.GetAttributes().GetRequest().GetHttp(), r.GetAttributes().GetContextExtensions()
	if said["catalog"] == enforce.BuiltIn {
		return true
	}
	raw, _, _ := strings.Cut(described.GetPath(), "?")
	raw, behindPrefix := strings.CutPrefix(raw, strings.TrimSuffix(said["prefix"], "/"))
	path, err := url.PathUnescape(raw)
	if err != nil || !behindPrefix || described.GetMethod() != http.MethodGet || strings.Contains(path, "..") {
		return false
	}
	rest, inNorth := strings.CutPrefix(path, "/stores/north")
	return path == "/health" || inNorth && (rest == "" || strings.HasPrefix(rest, "/"))
}
