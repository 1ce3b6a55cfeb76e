package load

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"golang.org/x/net/http2/hpack"
)

// Frames of HTTP/2 (RFC 9113, section 6) and their flags.
const (
	frameData     = 0x0
	frameHeaders  = 0x1
	frameReset    = 0x3
	frameSettings = 0x4
	framePing     = 0x6
	frameGoAway   = 0x7
	frameWindow   = 0x8

	flagAck        = 0x1 // of settings and pings
	flagEndStream  = 0x1
	flagEndHeaders = 0x4

	frameHeader = 9
)

// window is how much a server may send before it is told to go on: more than any
// run has it send.
const window = 1<<31 - 1

// GRPC asks questions, each the message of a unary call of a method such as
// "/package.Service/Method", one call at a time on a connection. accept fails for a
// message that is not the one expected.
//
// Data is sent without regard to the server's window: one small question is under
// way, and a server widens its window as it reads.
func GRPC(method, authority string, questions [][]byte, accept func(message []byte) error) Protocol {
	return func() talker {
		t := &grpcTalk{questions: questions, accept: accept, stream: 1}
		// The second time all headers are in the table that both sides keep.
		t.first, t.later = t.headers(method, authority)
		return t
	}
}

type grpcTalk struct {
	questions    [][]byte
	accept       func([]byte) error
	first, later []byte // header blocks
	stream       uint32 // of the next question
	message      []byte // of the answer, as far as it came
	out, back    []byte
}

func (t *grpcTalk) headers(method, authority string) (first, later []byte) {
	var block bytes.Buffer
	enc := hpack.NewEncoder(&block)
	encode := func() []byte {
		block.Reset()
		for _, h := range [][2]string{
			{":method", "POST"}, {":scheme", "http"}, {":path", method}, {":authority", authority},
			{"content-type", "application/grpc"}, {"user-agent", "bench"}, {"te", "trailers"},
		} {
			enc.WriteField(hpack.HeaderField{Name: h[0], Value: h[1]}) // writing to a buffer cannot fail
		}
		return bytes.Clone(block.Bytes())
	}
	first = encode()
	return first, encode()
}

func (t *grpcTalk) hello() []byte {
	b := []byte("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
	const initialWindowSize = 0x4
	b = frame(b, frameSettings, 0, 0, binary.BigEndian.AppendUint32([]byte{0, initialWindowSize}, window))
	return frame(b, frameWindow, 0, 0, binary.BigEndian.AppendUint32(nil, window-65_535))
}

func (t *grpcTalk) question(n int) []byte {
	block := t.later
	if t.stream == 1 {
		block = t.first
	}
	m := t.questions[n%len(t.questions)]
	t.out = frame(t.out[:0], frameHeaders, flagEndHeaders, t.stream, block)
	t.out = frame(t.out, frameData, flagEndStream, t.stream, nil, binary.BigEndian.AppendUint32([]byte{0}, uint32(len(m))), m)
	t.stream += 2
	return t.out
}

// frame appends a frame whose payload is in parts.
func frame(b []byte, kind, flags byte, stream uint32, payload ...[]byte) []byte {
	n := 0
	for _, p := range payload {
		n += len(p)
	}
	b = append(b, byte(n>>16), byte(n>>8), byte(n), kind, flags)
	b = binary.BigEndian.AppendUint32(b, stream)
	for _, p := range payload {
		b = append(b, p...)
	}
	return b
}

func (t *grpcTalk) read(in []byte) (used int, done bool, back []byte, err error) {
	t.back = t.back[:0]
	for !done {
		rest := in[used:]
		if len(rest) < frameHeader {
			break
		}
		n := int(rest[0])<<16 | int(rest[1])<<8 | int(rest[2])
		if len(rest) < frameHeader+n {
			break
		}
		used += frameHeader + n
		if done, err = t.take(rest[3], rest[4], rest[frameHeader:frameHeader+n]); err != nil {
			return 0, false, nil, err
		}
	}
	return used, done, t.back, nil
}

// take takes a frame, and says whether it ends the answer.
func (t *grpcTalk) take(kind, flags byte, payload []byte) (done bool, err error) {
	switch kind {
	case frameSettings:
		if flags&flagAck == 0 {
			t.back = frame(t.back, frameSettings, flagAck, 0)
		}
	case framePing:
		if flags&flagAck == 0 {
			t.back = frame(t.back, framePing, flagAck, 0, payload)
		}
	case frameReset, frameGoAway:
		return false, fmt.Errorf("the server ended a call or the connection: % x", payload)
	case frameData, frameHeaders:
		if kind == frameData {
			t.message = append(t.message, payload...)
		}
		if flags&flagEndStream == 0 {
			return false, nil
		}
		m := t.message
		t.message = t.message[:0]
		if len(m) < 5 {
			return false, fmt.Errorf("a call failed: its answer has no message")
		}
		return true, t.accept(m[5:])
	}
	return false, nil
}
