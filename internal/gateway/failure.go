package gateway

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/tokenward/tokenward/v4"
)

// unavailable answers a request that could not be judged. It is never said to
// be the credential's fault: a client would throw a good token away.
func (g *Gate[C]) unavailable(a *answer, r *http.Request, at *Attempt, err error) {
	level := slog.LevelError
	if r.Context().Err() != nil && errors.Is(err, r.Context().Err()) {
		level = slog.LevelDebug // the client went away
	}
	g.logger.LogAttrs(r.Context(), level, "authorize",
		slog.String("request_id", a.id), slog.String("method", at.Request.Method),
		slog.String("operation", at.Op.ID), slog.String("error", scrub(err.Error())))
	a.Header().Set("Retry-After", "1")
	a.fail(http.StatusServiceUnavailable, v4.Error{Code: v4.CodeUnavailable, Message: "The request could not be authorized now, try again"})
}

// catch is deferred around everything. A panic before the answer has begun is
// answered with 500, later the connection is cut, so that half an answer is not
// taken for a whole one.
func (g *Gate[C]) catch(a *answer, r *http.Request) {
	v := recover()
	if v == nil {
		return
	}
	if v == http.ErrAbortHandler {
		panic(v) // a handler's way to cut the connection
	}
	g.logger.LogAttrs(r.Context(), slog.LevelError, "panic",
		slog.String("request_id", a.id), slog.String("method", legible(r.Method, 32)),
		slog.String("panic", scrub(fmt.Sprint(v))), slog.String("stack", string(debug.Stack())))
	if a.begun {
		panic(http.ErrAbortHandler)
	}
	for _, name := range [...]string{"Content-Type", "Content-Length", "Content-Encoding", "Etag", "Last-Modified", "Location"} {
		a.Header().Del(name) // they described what the handler had in mind
	}
	a.fail(http.StatusInternalServerError, v4.Error{Code: v4.CodeInternal, Message: "Internal error"})
}

// scrub replaces everything in a text for the log that is long enough for a
// secret and made of a secret's characters. Secrets redact themselves; this is
// for those that somebody wrote into an error or a panic as strings. Ids have
// 32 characters and UUIDs 36, so they stay.
func scrub(text string) string {
	const shortest = 37 // a legacy API key
	var b strings.Builder
	start := 0 // of the run of characters that may be a secret
	for i := 0; i <= len(text); i++ {
		if i < len(text) && isSecretByte(text[i]) {
			continue
		}
		if i-start >= shortest {
			b.WriteString("[redacted]")
		} else {
			b.WriteString(text[start:i])
		}
		if i < len(text) {
			b.WriteByte(text[i])
		}
		start = i + 1
	}
	return legible(b.String(), 4096)
}

func isSecretByte(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return c == '_' || c == '-'
}
