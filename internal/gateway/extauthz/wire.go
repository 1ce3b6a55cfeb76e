package extauthz

import (
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"
)

// Numbers of the fields that are read and written of Envoy's messages. Tests hold
// them against the messages that Envoy's project generates.
const (
	requestAttributes = 1 // CheckRequest

	attributesSource     = 1 // AttributeContext
	attributesRequest    = 4
	attributesExtensions = 10

	peerAddress = 1 // AttributeContext.Peer

	addressSocket   = 1 // Address, of which one is set
	addressPipe     = 2
	addressInternal = 3

	socketAddress = 2 // SocketAddress

	describedHTTP = 2 // AttributeContext.Request

	httpMethod    = 2 // AttributeContext.HttpRequest
	httpHeaders   = 3
	httpPath      = 4
	httpHeaderMap = 13

	mapHeaders = 1 // HeaderMap

	entryKey      = 1 // HeaderValue, and an entry of a map
	entryValue    = 2
	entryRawValue = 3 // HeaderValue only

	responseStatus = 1 // CheckResponse
	responseDenied = 2
	responseOK     = 3

	statusCode = 1 // google.rpc.Status and HttpStatus

	deniedStatus  = 1 // DeniedHttpResponse
	deniedHeaders = 2
	deniedBody    = 3

	okHeaders = 2 // OkHttpResponse
	okRemove  = 5

	optionHeader = 1 // HeaderValueOption
	optionAction = 3
)

// each hands the fields of a message that are texts, bytes and messages to take, in
// their order. It reports false when the message is broken or take does.
func each(message []byte, take func(field protowire.Number, value []byte) bool) bool {
	for len(message) > 0 {
		field, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			return false
		}
		message = message[n:]
		if kind != protowire.BytesType {
			if n = protowire.ConsumeFieldValue(field, kind, message); n < 0 {
				return false
			}
			message = message[n:]
			continue
		}
		value, n := protowire.ConsumeBytes(message)
		if n < 0 || !take(field, value) {
			return false
		}
		message = message[n:]
	}
	return true
}

// entry is a HeaderValue or an entry of a map, in the message's memory.
type entry struct{ key, value, raw []byte }

// readEntry reads one. Its key and its value are texts.
func readEntry(message []byte) (e entry, ok bool) {
	ok = each(message, func(field protowire.Number, value []byte) bool {
		switch field {
		case entryKey:
			e.key = value
			return utf8.Valid(value)
		case entryValue:
			e.value = value
			return utf8.Valid(value)
		case entryRawValue:
			e.raw = value
		}
		return true
	})
	return e, ok
}

// readText reads a text, which is UTF-8.
func readText(value []byte, into *string) bool {
	*into = string(value)
	return utf8.Valid(value)
}

// appendText writes a text. One that is not UTF-8 would make an answer that Envoy
// cannot read.
func appendText(b []byte, field protowire.Number, text string) []byte {
	return protowire.AppendString(protowire.AppendTag(b, field, protowire.BytesType), strings.ToValidUTF8(text, "\ufffd"))
}

// appendMessage writes a message.
func appendMessage(b []byte, field protowire.Number, message []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, field, protowire.BytesType), message)
}

// appendNumber writes a number.
func appendNumber(b []byte, field protowire.Number, n int) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.VarintType), uint64(n))
}
