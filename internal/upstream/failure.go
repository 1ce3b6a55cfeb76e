package upstream

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"

	"github.com/tokenward/tokenward/v4"
)

// What clients are told. None of it says where the upstream is or what it said.
var (
	notForwarded  = v4.Error{Code: v4.CodeBadIdentifier, Message: "This operation is not forwarded: nothing says which resource it acts on"}
	busy          = v4.Error{Code: v4.CodeUnavailable, Message: "Too many requests to the upstream are under way, try again"}
	notUnderstood = v4.Error{Code: v4.CodeInvalidHeaders, Message: "Invalid request headers: only a GET can become a WebSocket, and no request another method"}
	unreachable   = v4.Error{Code: v4.CodeBadUpstream, Message: "The upstream could not be reached, or its answer not be read"}
	tooSlow       = v4.Error{Code: v4.CodeUpstreamTimeout, Message: "The upstream took too long"}
	refusedOurs   = v4.Error{Code: v4.CodeUpstreamCredential, Message: "The upstream refuses the gateway's credential: whoever runs the gateway must mend it"}
	ended         = v4.Error{Code: v4.CodeAccessDenied, Message: "The credential may not do this any more"}
	unjudged      = v4.Error{Code: v4.CodeUnavailable, Message: "The request could not be carried out now, try again"}
	tooLong       = v4.Error{Code: v4.CodeListTooLong, Message: "The list is too long to be filtered: ask for less of it"}
	noRecord      = v4.Error{Code: v4.CodeNoRecord, Message: v4.MessageNoRecord} // as here
	notByRecord   = v4.Error{Code: v4.CodeAuthentication, Message: "Authentication error", ErrorChain: []v4.ChainItem{{
		Code: v4.CodePartOfZone, Message: "Allowed on some of its records only, and which are meant is not judged here"}}}
	unfiltered = v4.Error{Code: v4.CodeBadUpstream, Message: "The upstream's list could not be filtered"}
)

var errTooLong = errors.New("the list has more pages than are read")

var errUnjudged = errors.New("nobody knows which records the caller has")

// failed answers a request that the upstream did not.
func (p *Proxy) failed(w http.ResponseWriter, r *http.Request, err error) {
	if cause := context.Cause(r.Context()); cause != nil {
		err = cause
	}
	status, tell := answerTo(err)
	level := slog.LevelWarn
	if errors.Is(err, context.Canceled) {
		level = slog.LevelDebug // the client went away
	}
	var refused refusedUs
	if errors.As(err, &refused) {
		level = slog.LevelError
		w.Header().Set(headerStatus, strconv.Itoa(refused.status))
	}
	var other said
	if errors.As(err, &other) && other.retryAfter != "" {
		w.Header().Set("Retry-After", other.retryAfter)
	}
	x := exchangeOf(r.Context())
	p.log.LogAttrs(r.Context(), level, "forward", slog.String("request_id", x.pass.Identity.RequestID),
		slog.String("operation", x.pass.Match.Op.ID), slog.Int("status", status), slog.String("error", p.scrub(err.Error())))
	if status == http.StatusForbidden {
		by := "gateway"
		if other.status != 0 {
			by = "upstream"
		}
		w.Header().Set(headerDeniedBy, by)
	}
	fail(w, status, tell)
}

func answerTo(err error) (int, v4.Error) {
	var refused refusedUs
	var other said
	var timeout net.Error
	switch {
	case errors.As(err, &other) && other.status >= 400 && other.status < 600:
		return other.status, v4.Error{Code: v4.CodeBadUpstream, Message: "The upstream answered " + strconv.Itoa(other.status)}
	case errors.As(err, &refused):
		return http.StatusBadGateway, refusedOurs
	case errors.Is(err, errNotAllowed):
		return http.StatusForbidden, ended
	case errors.Is(err, errUnjudged):
		return http.StatusServiceUnavailable, unjudged
	case errors.Is(err, errStalled), errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return http.StatusGatewayTimeout, tooSlow
	case errors.Is(err, errTooLong):
		return http.StatusBadGateway, tooLong
	case errors.Is(err, errUnfiltered):
		return http.StatusBadGateway, unfiltered
	}
	return http.StatusBadGateway, unreachable
}

// scrub takes the credential out of an error, which may repeat what was sent.
func (p *Proxy) scrub(text string) string {
	if secret := p.credential.reveal(); secret != "" {
		text = strings.ReplaceAll(text, secret, "[redacted]")
	}
	return clip(text, 1024)
}

func clip(s string, max int) string {
	if len(s) > max {
		s = s[:max]
	}
	return strings.ToValidUTF8(s, "")
}

// fail answers with an error envelope.
func fail(w http.ResponseWriter, status int, e v4.Error) {
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v4.Failure(e)); err != nil {
		panic(err) // strings and numbers encode
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(body.Bytes()) // a client that went away is told nothing
}
