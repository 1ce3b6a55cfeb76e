package extauthz

import (
	"net/http"
	"strings"

	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	typev3 "github.com/envoyproxy/go-control-plane/envoy/type/v3"
	rpcstatus "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"

	"github.com/tokenward/tokenward/internal/enforce"
	"github.com/tokenward/tokenward/internal/enforcewire"
	"github.com/tokenward/tokenward/internal/gateway"
)

// overwrite has Envoy put a header in the place of all that the client sent under
// its name. Releases that do not know it do the same unless told to append.
const overwrite = corev3.HeaderValueOption_OVERWRITE_IF_EXISTS_OR_ADD

// identity is the headers that say whose request it is, as net/http and as Envoy
// write them.
var identity = [...]struct{ name, lower string }{
	{enforcewire.HeaderTokenID, "tokenward-token-id"},
	{enforcewire.HeaderTokenName, "tokenward-token-name"},
	{enforcewire.HeaderOwner, "tokenward-owner"},
	{enforcewire.HeaderAccount, "tokenward-account"},
}

// stopped are the headers that never reach the API, whether Envoy told of them or
// not (allowed_headers keeps some from us). The first one may be kept.
var stopped = [...]string{"authorization", "proxy-authorization", "cookie", "x-auth-email", "x-auth-key"}

// passing is all that is made for a yes, in one piece.
type passing struct {
	response authv3.CheckResponse
	status   rpcstatus.Status
	kind     authv3.CheckResponse_OkResponse
	ok       authv3.OkHttpResponse
	headers  [len(identity)]*corev3.HeaderValueOption
	options  [len(identity)]corev3.HeaderValueOption
	values   [len(identity)]corev3.HeaderValue
}

// allowed lets a request pass: it sets whose it is and takes out what the API must
// not get. Envoy takes out after it has set, so what is set is not taken out.
func allowed(asked *authv3.AttributeContext, whose http.Header) *authv3.CheckResponse {
	p := new(passing)
	remove := make([]string, 0, len(stopped)+len(identity))
	if asked.GetContextExtensions()[extensionCredential] == "kept" {
		remove = append(remove, stopped[1:]...)
	} else {
		remove = append(remove, stopped[:]...)
	}
	set := 0
	for i := range identity {
		value := whose.Get(identity[i].name)
		if value == "" {
			remove = append(remove, identity[i].lower)
			continue
		}
		p.values[set].Key, p.values[set].Value = identity[i].lower, value
		p.options[set].Header, p.options[set].AppendAction = &p.values[set], overwrite
		p.headers[set] = &p.options[set]
		set++
	}
	p.ok.Headers = p.headers[:set]
	p.ok.HeadersToRemove = withOdd(remove, asked.GetRequest().GetHttp())
	p.kind.OkResponse = &p.ok
	p.response.Status, p.response.HttpResponse = &p.status, &p.kind // the zero status is OK
	return &p.response
}

// withOdd adds the headers that a client sent and that may be read for one that is
// taken out or set, under another spelling, or for one of more rarely used ones.
func withOdd(remove []string, r *authv3.AttributeContext_HttpRequest) []string {
	for name := range r.GetHeaders() {
		if isOdd(name) {
			remove = append(remove, name)
		}
	}
	for _, line := range r.GetHeaderMap().GetHeaders() {
		if isOdd(line.GetKey()) {
			remove = append(remove, line.GetKey())
		}
	}
	return remove
}

func isOdd(name string) bool {
	switch {
	case enforcewire.IsOurs(name):
		for i := range identity {
			if strings.EqualFold(name, identity[i].lower) {
				return false
			}
		}
		return true
	case gateway.StopsHere(name):
		for _, known := range stopped {
			if strings.EqualFold(name, known) {
				return false
			}
		}
		return true
	}
	return false
}

// denied hands on a refusal as the gate worded it.
func denied(answer enforce.Answer) *authv3.CheckResponse {
	response := &authv3.DeniedHttpResponse{
		Status: &typev3.HttpStatus{Code: typev3.StatusCode(answer.Status)},
		Body:   string(answer.Body),
	}
	for name, lines := range answer.Header {
		for i, line := range lines {
			option := &corev3.HeaderValueOption{Header: &corev3.HeaderValue{Key: strings.ToLower(name), Value: line}}
			if i == 0 {
				option.AppendAction = overwrite
			}
			response.Headers = append(response.Headers, option)
		}
	}
	return &authv3.CheckResponse{
		Status:       &rpcstatus.Status{Code: int32(codeOf(answer.Status))},
		HttpResponse: &authv3.CheckResponse_DeniedResponse{DeniedResponse: response},
	}
}

// codeOf is the code that goes with a refusal's status. Envoy denies by every code
// but OK.
func codeOf(status int) codes.Code {
	switch {
	case status == http.StatusUnauthorized:
		return codes.Unauthenticated
	case status >= http.StatusInternalServerError:
		return codes.Unavailable
	}
	return codes.PermissionDenied
}
