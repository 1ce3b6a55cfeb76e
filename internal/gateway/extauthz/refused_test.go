package extauthz_test

import (
	"bytes"
	"strings"
	"testing"

	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/tokenward/tokenward/internal/enforcetest"
	"github.com/tokenward/tokenward/internal/gateway/extauthz"
)

// TestWhatIsNotDescribedIsDenied.
func TestWhatIsNotDescribedIsDenied(t *testing.T) {
	w := newWorld(t, "")
	secret := w.Issue("north", "Stores Read", "north").Secret
	changed := func(change func(*authv3.CheckRequest, *authv3.AttributeContext_HttpRequest)) *authv3.CheckRequest {
		r := shop("GET", "/stores/north", secret).joined()
		change(r, r.Attributes.Request.Http)
		return r
	}
	type http = authv3.AttributeContext_HttpRequest
	for what, r := range map[string]*authv3.CheckRequest{
		"nothing":           {},
		"no request":        {Attributes: &authv3.AttributeContext{Source: &authv3.AttributeContext_Peer{Address: address("192.0.2.7")}}},
		"a TCP connection":  changed(func(r *authv3.CheckRequest, _ *http) { r.Attributes.Request.Http = nil }),
		"an empty request":  changed(func(r *authv3.CheckRequest, _ *http) { r.Attributes.Request.Http = new(http) }),
		"no catalogue":      changed(func(r *authv3.CheckRequest, _ *http) { r.Attributes.ContextExtensions = nil }),
		"another catalogue": changed(func(r *authv3.CheckRequest, _ *http) { r.Attributes.ContextExtensions["catalog"] = "other" }),
		"no method":         changed(func(_ *authv3.CheckRequest, h *http) { h.Method = "" }),
		"no path":           changed(func(_ *authv3.CheckRequest, h *http) { h.Path = "" }),
		"another path":      changed(func(_ *authv3.CheckRequest, h *http) { h.Headers[":path"] = "/stores/south" }),
		"another method":    changed(func(_ *authv3.CheckRequest, h *http) { h.Headers[":method"] = "PUT" }),
		"bytes in the path": withPath(shop("GET", "/stores/nor!h", secret).raw(), "/stores/nor\xffh"),
		"a prefix that is a word": changed(func(r *authv3.CheckRequest, h *http) {
			r.Attributes.ContextExtensions["prefix"] = "stores"
		}),
	} {
		if got := w.ask(t, r); got.status != 403 && got.status != 404 || got.code != codes.PermissionDenied || !enforcetest.IsFailure(got.body) {
			t.Errorf("%s: %+v", what, got)
		}
	}
}

// withPath has the raw header tell of another path.
func withPath(r *authv3.CheckRequest, path string) *authv3.CheckRequest {
	for _, h := range r.Attributes.Request.Http.HeaderMap.Headers {
		if h.Key == ":path" {
			h.RawValue = []byte(path)
		}
	}
	return r
}

// TestAQuestionThatCannotBeReadIsDenied, though all of it that can be is good: an
// error of gRPC would let it pass where nobody's answer is a yes.
func TestAQuestionThatCannotBeReadIsDenied(t *testing.T) {
	w := newWorld(t, "")
	a := shop("GET", "/stores/north", w.Issue("north", "Stores Read", "north").Secret)
	a.lines = append(a.lines, [2]string{"x-name", "caf\u00e9"})
	whole, err := proto.Marshal(a.joined())
	if err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		sent   []byte
		status int
	}{
		"as it should be":   {whole, 204},
		"text not in UTF-8": {bytes.Replace(whole, []byte("caf\u00e9"), []byte("caf\xe9!"), 1), 403},
		"cut off":           {whole[:len(whole)-1], 403},
		"more after it":     {append(bytes.Clone(whole), 0xff), 403},
	} {
		res := new(authv3.CheckResponse)
		if err := w.conn.Invoke(t.Context(), authv3.Authorization_Check_FullMethodName, c.sent, res, grpc.ForceCodecV2(asIs{encoding.GetCodecV2("proto")})); err != nil {
			t.Errorf("%s: an error of gRPC: %v", what, err)
			continue
		}
		if r := understand(t, res); r.status != c.status || r.status != 204 && !enforcetest.IsFailure(r.body) {
			t.Errorf("%s: %+v", what, r)
		}
	}
}

// asIs sends bytes.
type asIs struct{ encoding.CodecV2 }

func (asIs) Marshal(v any) (mem.BufferSlice, error) {
	return mem.BufferSlice{mem.SliceBuffer(v.([]byte))}, nil
}

func TestHugeHeadersAreDenied(t *testing.T) {
	w := newWorld(t, "")
	secret := w.Issue("north", "Stores Read", "north").Secret
	good := shop("GET", "/stores/north", secret)
	for what, line := range map[string][2]string{
		"a long value": {"x-long", strings.Repeat("x", extauthz.MaxHeader)}, "a long name": {strings.Repeat("x", extauthz.MaxHeader), ""},
	} {
		a := good
		a.lines = append([][2]string{line}, a.lines...)
		for form, of := range forms {
			if r := w.ask(t, of(a)); r.status != 431 || r.code != codes.PermissionDenied || !enforcetest.IsFailure(r.body) {
				t.Errorf("%s, %s: %d %s", form, what, r.status, r.body)
			}
		}
	}
	many := good
	for range extauthz.MaxHeader / 32 {
		many.lines = append(many.lines, [2]string{"x", ""})
	}
	if r := w.ask(t, many.raw()); r.status != 431 {
		t.Errorf("many lines: %d %s", r.status, r.body)
	}
	// What is too long to be read at all is an error, which Envoy denies too.
	far := good
	far.lines = append(far.lines, [2]string{"x-long", strings.Repeat("x", 4*extauthz.MaxHeader)})
	if _, err := w.Check(t.Context(), far.raw()); status.Code(err) != codes.ResourceExhausted {
		t.Errorf("a long message: %v", err)
	}
}

// TestABodyIsNotJudged, though Envoy sends it along: it forwards what was sent.
func TestABodyIsNotJudged(t *testing.T) {
	w := newWorld(t, "")
	a := shop("POST", "/moves", w.Issue("full", "Products Write", "*").Secret).raw()
	a.Attributes.Request.Http.RawBody = []byte(`{"from": "north", "to": "north", "product": "7"}`)
	if r := w.ask(t, a); r.status != 403 || !strings.Contains(r.body, "in the request's body") || !strings.Contains(r.body, "7025") {
		t.Errorf("%+v", r)
	}
}

// TestRevokedTokenIsDeniedToEnvoyAtOnce, and a store that is away is nobody's fault.
func TestRevokedTokenIsDeniedToEnvoyAtOnce(t *testing.T) {
	w := newWorld(t, "")
	tok := w.Issue("north", "Stores Read", "north")
	if r := w.ask(t, shop("GET", "/stores/north", tok.Secret).raw()); r.status != 204 {
		t.Fatalf("%+v", r)
	}
	w.Kill(tok)
	if r := w.ask(t, shop("GET", "/stores/north", tok.Secret).raw()); r.status != 401 {
		t.Fatalf("%+v", r)
	}
	w.Store.Close()
	r := w.ask(t, shop("GET", "/stores/north", strings.Repeat("y", 48)).raw())
	if r.status != 503 || r.code != codes.Unavailable || len(r.set["retry-after"]) != 1 || !enforcetest.IsFailure(r.body) {
		t.Errorf("with the store away: %+v", r)
	}
}

func TestWhoDoesNotShowTheSecretIsDenied(t *testing.T) {
	w := newWorld(t, enforcetest.Secret)
	good := shop("GET", "/stores/north", w.Issue("north", "Stores Read", "north").Secret).raw()
	for what, shown := range map[string][]string{"none": nil, "wrong": {"guess"}, "twice": {enforcetest.Secret, enforcetest.Secret}, "empty": {""}} {
		if r := w.ask(t, good, shown...); r.status != 401 || r.code != codes.Unauthenticated {
			t.Errorf("%s: %+v", what, r)
		}
	}
	if r := w.ask(t, good, enforcetest.Secret); r.status != 204 {
		t.Errorf("shown: %+v", r)
	}
	// A client of the API cannot show it in Envoy's place.
	a := shop("GET", "/stores/north", "")
	a.lines = [][2]string{{"tokenward-enforce", enforcetest.Secret}}
	if r := w.ask(t, a.raw()); r.status != 401 {
		t.Errorf("by a client: %+v", r)
	}
}
