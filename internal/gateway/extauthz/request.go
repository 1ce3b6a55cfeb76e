package extauthz

import (
	"net/http"

	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"

	"github.com/tokenward/tokenward/internal/enforce"
	"github.com/tokenward/tokenward/v4"
)

// Keys of context_extensions, by which Envoy's configuration says what it asks
// about. Clients have no say in them.
const (
	extensionAPI        = "catalog"    // the catalogue's name
	extensionPrefix     = "prefix"     // taken off paths
	extensionLists      = "lists"      // "filtered": the API filters its lists itself
	extensionCredential = "credential" // "kept": the API gets Authorization
)

// fault is why there is nothing to be judged.
type fault struct {
	status, code int
	why          string
}

func (f *fault) refusal() enforce.Answer { return enforce.Refusal(f.status, f.code, f.why) }

func undescribed(why string) *fault {
	return &fault{http.StatusForbidden, v4.CodeNotJudgedHere, "The proxy does not describe the request: " + why}
}

// read makes of Envoy's question the one that is judged. A body that Envoy sent
// along is not looked at: Envoy would forward what was sent, not what was judged.
func read(r *authv3.CheckRequest) (enforce.Question, *fault) {
	attributes := r.GetAttributes()
	described := attributes.GetRequest().GetHttp()
	if described == nil {
		return enforce.Question{}, undescribed("it is not one of HTTP")
	}
	header, wrong := readHeader(described)
	if wrong != nil {
		return enforce.Question{}, wrong
	}
	said := attributes.GetContextExtensions()
	return enforce.Question{
		API: said[extensionAPI], Prefix: said[extensionPrefix], Lists: said[extensionLists] == "filtered",
		Method: described.GetMethod(), Target: described.GetPath(),
		Header: header, Peer: addressOf(attributes.GetSource().GetAddress()),
	}, nil
}

// addressOf is the address of Envoy's peer, "" for one that has none.
func addressOf(a *corev3.Address) string { return a.GetSocketAddress().GetAddress() }
