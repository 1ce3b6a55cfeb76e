package extauthz

import (
	"net/http"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/tokenward/tokenward/internal/enforce"
	"github.com/tokenward/tokenward/internal/enforcewire"
	"github.com/tokenward/tokenward/internal/gateway"
)

// What Envoy does with a header (HeaderAppendAction): it adds it, or puts it in the
// place of all that was sent under its name. Releases that do not know the second
// do the same unless told to append.
const (
	add       = 0
	overwrite = 2
)

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

// usualAnswer is room for what most answers have, without memory of their own.
const usualAnswer = 1 << 10

// allowed is the CheckResponse that lets a request pass: it sets whose it is and
// takes out what the API must not get. Envoy takes out after it has set, so what is
// set is not taken out.
func allowed(q *question, whose http.Header) []byte {
	var room [usualAnswer]byte
	ok := room[:0]
	for i := range identity {
		if value := whose.Get(identity[i].name); value != "" {
			ok = appendHeader(ok, okHeaders, identity[i].lower, value, overwrite)
		} else {
			ok = appendText(ok, okRemove, identity[i].lower)
		}
	}
	for i, name := range stopped {
		if i > 0 || !q.keep {
			ok = appendText(ok, okRemove, name)
		}
	}
	for _, name := range q.client.odd {
		ok = appendText(ok, okRemove, name)
	}
	return response(codes.OK, responseOK, ok)
}

// isOdd reports whether a header may be read for one that is taken out or set, under
// another spelling, or for one of more rarely used ones. Case makes no difference.
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

// denied is the CheckResponse that hands on a refusal as the gate worded it.
func denied(answer enforce.Answer) []byte {
	var room [usualAnswer]byte
	refusal := appendMessage(room[:0], deniedStatus, appendNumber(nil, statusCode, answer.Status))
	for name, lines := range answer.Header {
		action := overwrite
		for _, line := range lines {
			refusal = appendHeader(refusal, deniedHeaders, strings.ToLower(name), line, action)
			action = add
		}
	}
	refusal = appendText(refusal, deniedBody, string(answer.Body))
	return response(codeOf(answer.Status), responseDenied, refusal)
}

// response is a CheckResponse.
func response(code codes.Code, kind protowire.Number, inner []byte) []byte {
	const around = 32 // bytes at most beside the inner message
	var status []byte // the one without a code is OK
	if code != codes.OK {
		status = appendNumber(nil, statusCode, int(code))
	}
	b := appendMessage(make([]byte, 0, len(inner)+around), responseStatus, status)
	return appendMessage(b, kind, inner)
}

// appendHeader writes a HeaderValueOption.
func appendHeader(b []byte, field protowire.Number, name, value string, action int) []byte {
	var room [256]byte
	header := appendText(appendText(room[:0], entryKey, name), entryValue, value)
	var more [256]byte
	option := appendMessage(more[:0], optionHeader, header)
	if action != add {
		option = appendNumber(option, optionAction, action)
	}
	return appendMessage(b, field, option)
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
