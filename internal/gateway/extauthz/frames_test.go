package extauthz_test

import (
	"bytes"
	"encoding/binary"
	"net"
	"testing"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
	"google.golang.org/protobuf/proto"
)

// TestAQuestionIsAnsweredWithoutMoreFrames: headers, the answer, trailers. Pings to
// find out the width of the line, and updates of windows, would cost more than a
// question's judgement.
func TestAQuestionIsAnsweredWithoutMoreFrames(t *testing.T) {
	w := newWorld(t, "")
	message, err := proto.Marshal(typical(w.Issue("north", "Stores Read", "north").Secret))
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", w.conn.Target())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	frames := http2.NewFramer(conn, conn)
	write := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err = conn.Write([]byte(http2.ClientPreface))
	write(err)
	write(frames.WriteSettings())
	var block bytes.Buffer
	headers := hpack.NewEncoder(&block)
	for stream := uint32(1); stream < 20; stream += 2 {
		block.Reset()
		for _, h := range [][2]string{
			{":method", "POST"}, {":scheme", "http"}, {":path", "/envoy.service.auth.v3.Authorization/Check"}, {":authority", "tokenward"},
			{"content-type", "application/grpc"}, {"te", "trailers"},
		} {
			write(headers.WriteField(hpack.HeaderField{Name: h[0], Value: h[1]}))
		}
		write(frames.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: block.Bytes(), EndHeaders: true}))
		write(frames.WriteData(stream, true, append(binary.BigEndian.AppendUint32([]byte{0}, uint32(len(message))), message...)))
		var kinds []http2.FrameType
		for ended := false; !ended; {
			f, err := frames.ReadFrame()
			if err != nil {
				t.Fatal(err)
			}
			if f.Header().Type == http2.FrameSettings || f.Header().StreamID == 0 && stream == 1 && f.Header().Type == http2.FrameWindowUpdate {
				continue // what the connection begins with
			}
			kinds = append(kinds, f.Header().Type)
			ended = f.Header().StreamID == stream && f.Header().Flags.Has(http2.FlagHeadersEndStream) && f.Header().Type == http2.FrameHeaders
		}
		if len(kinds) != 3 || kinds[0] != http2.FrameHeaders || kinds[1] != http2.FrameData || kinds[2] != http2.FrameHeaders {
			t.Fatalf("stream %d: answered with %v", stream, kinds)
		}
	}
}
