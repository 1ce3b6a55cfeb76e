package overhttp

import (
	"fmt"

	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	"google.golang.org/protobuf/proto"

	"github.com/tokenward/tokenward/bench/load"
	"github.com/tokenward/tokenward/bench/model"
)

// extAuthz asks as Envoy does.
func (s *subject) extAuthz(m *model.Model, zone func(int) string, want bool) load.Protocol {
	questions := s.questions(func(n int) []byte { return checkRequest(m.Secret(n), model.Path(zone(n))) })
	return load.GRPC(authv3.Authorization_Check_FullMethodName, s.addr, questions, func(message []byte) error {
		yes, err := passes(message)
		if err == nil && yes != want {
			err = fmt.Errorf("answered %v", yes)
		}
		return err
	})
}

// checkRequest is Envoy's question about a request, as it is with its default
// configuration.
func checkRequest(secret, path string) []byte {
	peer := &corev3.Address{Address: &corev3.Address_SocketAddress{SocketAddress: &corev3.SocketAddress{
		Address: model.From, PortSpecifier: &corev3.SocketAddress_PortValue{PortValue: 51234},
	}}}
	message, err := proto.Marshal(&authv3.CheckRequest{Attributes: &authv3.AttributeContext{
		Source: &authv3.AttributeContext_Peer{Address: peer},
		Request: &authv3.AttributeContext_Request{Http: &authv3.AttributeContext_HttpRequest{
			Id: "1234567890", Method: model.Method, Path: path, Host: "api.example.com", Scheme: "https", Protocol: "HTTP/2",
			Headers: map[string]string{
				":authority": "api.example.com", ":method": model.Method, ":path": path, ":scheme": "https",
				"user-agent": "curl/8", "accept": "*/*", "authorization": "Bearer " + secret,
			},
		}},
		ContextExtensions: map[string]string{"catalog": "v4"},
	}})
	if err != nil {
		panic(err) // its strings are valid UTF-8
	}
	return message
}

// passes tells from a CheckResponse whether the request may pass, without decoding
// it: which of its members is there. That takes less of the time of who asks.
func passes(message []byte) (bool, error) {
	const ( // numbers of members of CheckResponse, all of them messages
		denied = 2<<3 | 2
		ok     = 3<<3 | 2
	)
	for at := 0; at < len(message); {
		switch message[at] {
		case denied:
			return false, nil
		case ok:
			return true, nil
		}
		if at+1 >= len(message) || message[at+1] >= 0x80 {
			break // no member before those is long
		}
		at += 2 + int(message[at+1])
	}
	return false, fmt.Errorf("not a CheckResponse: % x", message)
}
