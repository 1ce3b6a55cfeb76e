package extauthz

import (
	"google.golang.org/grpc/encoding"
	_ "google.golang.org/grpc/encoding/proto" // the codec of that name
	"google.golang.org/grpc/mem"
)

// codec reads questions and writes answers itself: the generated messages would be
// half of the work of a check. Other messages (health) go by gRPC's own.
//
// A question that cannot be read is denied: some releases of Envoy send what a
// client's header has as it is, and text that is not UTF-8 would make an error of gRPC.
type codec struct{ encoding.CodecV2 }

func newCodec() codec { return codec{encoding.GetCodecV2("proto")} }

// Marshal writes a message. An answer is one already.
func (c codec) Marshal(message any) (mem.BufferSlice, error) {
	if answer, ok := message.(mem.Buffer); ok {
		return mem.BufferSlice{answer}, nil
	}
	return c.CodecV2.Marshal(message)
}

// Unmarshal reads a message.
func (c codec) Unmarshal(data mem.BufferSlice, message any) error {
	q, ok := message.(*question)
	if !ok {
		return c.CodecV2.Unmarshal(data, message)
	}
	whole := data.MaterializeToBuffer(mem.DefaultBufferPool())
	defer whole.Free()
	q.read(whole.ReadOnlyData())
	return nil
}
