package extauthz

import (
	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	"google.golang.org/grpc/encoding"
	_ "google.golang.org/grpc/encoding/proto" // the codec of that name
	"google.golang.org/grpc/mem"
)

// codec reads and writes messages of gRPC. A question that cannot be read becomes an
// empty one, which is denied: some releases of Envoy send what a client's header has
// as it is, and text that is not UTF-8 would make an error of gRPC.
type codec struct{ encoding.CodecV2 }

func newCodec() codec { return codec{encoding.GetCodecV2("proto")} }

// Unmarshal reads a message.
func (c codec) Unmarshal(data mem.BufferSlice, message any) error {
	err := c.CodecV2.Unmarshal(data, message)
	if question, ok := message.(*authv3.CheckRequest); ok && err != nil {
		question.Reset() // what was read of it before the fault is not judged either
		return nil
	}
	return err
}
