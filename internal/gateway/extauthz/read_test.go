package extauthz_test

import (
	"maps"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
	"testing"

	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/tokenward/tokenward/internal/enforce"
	"github.com/tokenward/tokenward/internal/gateway/extauthz"
)

// full is a question that says all that can be said, and of much twice.
func full() asked {
	a := shop("GET", "/stores/north?x=1", placeholder)
	a.said = map[string]string{"catalog": "toyshop", "prefix": "/api", "lists": "filtered", "credential": "kept", "other": "x"}
	a.lines = append(a.lines, [2]string{"x-forwarded-for", "192.0.2.1"}, [2]string{"x-forwarded-for", "192.0.2.2"}, [2]string{"x-auth-key", "a,b"},
		[2]string{"cookie", "a=b"}, [2]string{"x_auth_key", "x"}, [2]string{"tokenward_owner", "x"}, [2]string{"x-original-uri", "/"}, [2]string{"x-made-up", ""}, [2]string{"", "x"})
	return a
}

// messages are questions good and bad, and what Envoy never sends.
func messages(t testing.TB) [][]byte {
	encode := func(r *authv3.CheckRequest) []byte {
		message, err := proto.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		return message
	}
	all := [][]byte{nil, {0xff}}
	for _, of := range forms {
		whole, plain := of(full()), of(shop("PUT", "/stores/south", ""))
		message := encode(whole)
		twice := slices.Concat(encode(plain), message) // the later counts, and headers add up
		all = append(all, message, message[:len(message)-1], append(slices.Clone(message), 0xff), encode(plain), twice)
		for _, other := range []*corev3.Address{
			{Address: &corev3.Address_Pipe{Pipe: &corev3.Pipe{Path: "/run/x"}}}, {Address: &corev3.Address_EnvoyInternalAddress{}},
			{Address: &corev3.Address_SocketAddress{SocketAddress: &corev3.SocketAddress{ResolverName: "x"}}},
		} {
			r := &authv3.CheckRequest{Attributes: &authv3.AttributeContext{Source: &authv3.AttributeContext_Peer{Address: other}}}
			all = append(all, slices.Concat(message, encode(r)))
		}
		whole.Attributes.Request.Http.Method = ""
		all = append(all, encode(whole))
	}
	both := full().joined()
	both.Attributes.Request.Http.HeaderMap = full().raw().Attributes.Request.Http.HeaderMap
	both.Attributes.Request.Http.HeaderMap.Headers[4].Value = "in both fields, "
	// An entry of a map has no third field, as a HeaderValue has.
	third := []byte("x")
	for _, number := range []protowire.Number{3, 3, 2, 4, 1} { // of the entry, headers, http, request, attributes
		third = protowire.AppendBytes(protowire.AppendTag(nil, number, protowire.BytesType), third)
	}
	// Fields of other kinds under numbers that are read.
	odd := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), 7)
	odd = protowire.AppendTag(protowire.AppendTag(odd, 4, protowire.StartGroupType), 4, protowire.EndGroupType)
	return append(all, encode(both), slices.Concat(odd, encode(both)), third)
}

// FuzzRead holds that a message is read as Envoy's own types read it, and that
// nothing is left of the one that was read before in the same memory.
func FuzzRead(f *testing.F) {
	for _, message := range messages(f) {
		f.Add(message)
	}
	before, err := proto.Marshal(full().raw())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, message []byte) {
		got := extauthz.ReadAfter(before, message)
		var r authv3.CheckRequest
		if proto.Unmarshal(message, &r) != nil {
			return // a fault in what is not read has no say
		}
		want := expected(&r)
		if extauthz.Lines(message) > len(linesOf(&r)) {
			return // a key of the map that comes twice: here both count
		}
		sameQuestion(t, got, want)
	})
}

func sameQuestion(t *testing.T, got, want extauthz.Question) {
	t.Helper()
	if (got.Status == 0) != (want.Status == 0) { // with which one it is refused depends on the order of lines
		t.Fatalf("refused with %d, want %d", got.Status, want.Status)
	}
	for _, h := range []http.Header{got.Header, want.Header} {
		for _, lines := range h {
			slices.Sort(lines) // a map has no order
		}
	}
	if !maps.EqualFunc(got.Header, want.Header, slices.Equal) {
		t.Fatalf("header %q, want %q", got.Header, want.Header)
	}
	slices.Sort(got.Odd)
	slices.Sort(want.Odd)
	if !slices.Equal(got.Odd, want.Odd) || got.Keep != want.Keep {
		t.Fatalf("takes out %q, keeps %v; want %q, %v", got.Odd, got.Keep, want.Odd, want.Keep)
	}
	for _, q := range []*extauthz.Question{&got, &want} {
		q.Header = nil
	}
	if g, w := got.Question, want.Question; g.API != w.API || g.Prefix != w.Prefix || g.Lists != w.Lists || g.Method != w.Method || g.Target != w.Target || g.Peer != w.Peer {
		t.Fatalf("%+v, want %+v", g, w)
	}
}

// linesOf are the lines of a client's header as the types have them.
func linesOf(r *authv3.CheckRequest) (lines [][2]string) {
	described := r.GetAttributes().GetRequest().GetHttp()
	for name, value := range described.GetHeaders() {
		lines = append(lines, [2]string{name, value})
	}
	for _, h := range described.GetHeaderMap().GetHeaders() {
		lines = append(lines, [2]string{h.GetKey(), h.GetValue() + string(h.GetRawValue())})
	}
	return lines
}

// expected is what is to be read of a question.
func expected(r *authv3.CheckRequest) extauthz.Question {
	described, said := r.GetAttributes().GetRequest().GetHttp(), r.GetAttributes().GetContextExtensions()
	if described == nil {
		return extauthz.Question{Status: http.StatusForbidden}
	}
	q := extauthz.Question{Keep: said["credential"] == "kept", Question: enforce.Question{
		API: said["catalog"], Prefix: said["prefix"], Lists: said["lists"] == "filtered", Method: described.GetMethod(), Target: described.GetPath(),
		Peer: r.GetAttributes().GetSource().GetAddress().GetSocketAddress().GetAddress(), Header: http.Header{},
	}}
	size, disagrees := 0, false
	for _, l := range linesOf(r) {
		size += len(l[0]) + len(l[1]) + 32
		name := textproto.CanonicalMIMEHeaderKey(l[0])
		switch {
		case strings.HasPrefix(name, ":"):
			disagrees = disagrees || name == ":path" && l[1] != q.Target || name == ":method" && l[1] != q.Method
			continue
		case name == "Authorization" || name == "X-Auth-Email" || name == "X-Auth-Key":
			q.Header[name] = append(q.Header[name], strings.Split(l[1], ",")...)
		default:
			q.Header[name] = append(q.Header[name], l[1])
		}
		if extauthz.IsOdd(l[0]) {
			q.Odd = append(q.Odd, l[0])
		}
	}
	if disagrees || size > extauthz.MaxHeader {
		return extauthz.Question{Status: http.StatusForbidden}
	}
	return q
}
