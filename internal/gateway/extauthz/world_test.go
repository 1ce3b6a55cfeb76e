package extauthz_test

import (
	"strings"
	"testing"

	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"

	"github.com/tokenward/tokenward/internal/enforcetest"
)

// world is a server that Envoy asks, and a client in the place of Envoy.
type world struct {
	*enforcetest.World
	authv3.AuthorizationClient
	conn *grpc.ClientConn
}

// newWorld makes a server that asks for a secret, unless it is "", and trusts hops.
func newWorld(t testing.TB, secret string, trusted ...string) *world {
	t.Helper()
	w := &world{World: enforcetest.New(t)}
	w.conn = dial(t, w.ServeExtAuthz(secret, trusted...))
	w.AuthorizationClient = authv3.NewAuthorizationClient(w.conn)
	return w
}

func dial(t testing.TB, addr string) *grpc.ClientConn {
	t.Helper()
	conn, err := grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// asked is a question as Envoy asks it.
type asked struct {
	method, target string
	lines          [][2]string // of the client's header, names in lower case
	said           map[string]string
	peer           string // "" is 192.0.2.7
}

func bearer(secret string) [2]string { return [2]string{"authorization", "Bearer " + secret} }

// shop is a question about the shop, by who shows a secret, if it is not "".
func shop(method, target, secret string) asked {
	a := asked{method: method, target: target, said: map[string]string{"catalog": enforcetest.API}}
	if secret != "" {
		a.lines = append(a.lines, bearer(secret))
	}
	return a
}

// joined is the question of an Envoy that joins lines, as it does by default.
func (a asked) joined() *authv3.CheckRequest {
	r := a.bare()
	h := map[string]string{":method": a.method, ":path": a.target, ":authority": "api.example.com", ":scheme": "https", "user-agent": "curl/8"}
	for _, l := range a.lines {
		if before, ok := h[l[0]]; ok {
			h[l[0]] = before + "," + l[1]
		} else {
			h[l[0]] = l[1]
		}
	}
	r.Attributes.Request.Http.Headers = h
	return r
}

// raw is that of one with encode_raw_headers.
func (a asked) raw() *authv3.CheckRequest {
	r := a.bare()
	lines := append([][2]string{{":method", a.method}, {":path", a.target}, {":authority", "api.example.com"}, {":scheme", "https"}, {"user-agent", "curl/8"}}, a.lines...)
	r.Attributes.Request.Http.HeaderMap = new(corev3.HeaderMap)
	for _, l := range lines {
		r.Attributes.Request.Http.HeaderMap.Headers = append(r.Attributes.Request.Http.HeaderMap.Headers, &corev3.HeaderValue{Key: l[0], RawValue: []byte(l[1])})
	}
	return r
}

func (a asked) bare() *authv3.CheckRequest {
	peer := a.peer
	if peer == "" {
		peer = "192.0.2.7"
	}
	return &authv3.CheckRequest{Attributes: &authv3.AttributeContext{
		Source:            &authv3.AttributeContext_Peer{Address: address(peer)},
		ContextExtensions: a.said,
		Request: &authv3.AttributeContext_Request{Http: &authv3.AttributeContext_HttpRequest{
			Id: "1", Method: a.method, Path: a.target, Host: "api.example.com", Scheme: "https", Protocol: "HTTP/1.1", Size: -1,
		}},
	}}
}

func address(ip string) *corev3.Address {
	return &corev3.Address{Address: &corev3.Address_SocketAddress{SocketAddress: &corev3.SocketAddress{
		Address: ip, PortSpecifier: &corev3.SocketAddress_PortValue{PortValue: 4711}}}}
}

// reply is an answer as Envoy acts on it.
type reply struct {
	code    codes.Code
	status  int                 // 204 for a yes
	set     map[string][]string // headers: of the request that passes, or of the denial
	removed []string
	body    string
}

// ask asks, and holds the answer to what Envoy demands of one.
func (w *world) ask(t testing.TB, r *authv3.CheckRequest, shown ...string) reply {
	t.Helper()
	ctx := t.Context()
	for _, s := range shown {
		ctx = metadata.AppendToOutgoingContext(ctx, "tokenward-enforce", s)
	}
	res, err := w.Check(ctx, r)
	if err != nil {
		t.Fatalf("an error of gRPC: %v", err)
	}
	return understand(t, res)
}

func understand(t testing.TB, res *authv3.CheckResponse) reply {
	t.Helper()
	if err := res.ValidateAll(); err != nil {
		t.Errorf("not a valid answer: %v", err)
	}
	out := reply{code: codes.Code(res.GetStatus().GetCode()), set: map[string][]string{}}
	var headers []*corev3.HeaderValueOption
	switch kind := res.HttpResponse.(type) {
	case *authv3.CheckResponse_OkResponse:
		out.status, out.removed, headers = 204, kind.OkResponse.HeadersToRemove, kind.OkResponse.Headers
	case *authv3.CheckResponse_DeniedResponse:
		out.status, out.body, headers = int(kind.DeniedResponse.Status.Code), kind.DeniedResponse.Body, kind.DeniedResponse.Headers
	default:
		t.Errorf("an answer of type %T", kind)
	}
	if (out.code == codes.OK) != (out.status == 204) {
		t.Errorf("the code %s beside the status %d", out.code, out.status)
	}
	for _, h := range headers {
		key := h.Header.Key
		if key != strings.ToLower(key) || h.Append != nil || len(out.set[key]) == 0 && h.AppendAction != corev3.HeaderValueOption_OVERWRITE_IF_EXISTS_OR_ADD {
			t.Errorf("%v does not take the place of what a client sent", h)
		}
		out.set[key] = append(out.set[key], h.Header.Value)
	}
	return out
}
