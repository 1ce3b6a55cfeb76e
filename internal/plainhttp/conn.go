package plainhttp

import (
	"bytes"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"time"
)

// maxHead is the size of the longest header of a plain request, in bytes.
const maxHead = 8 << 10

// renewals is how often deadlines are moved in an IdleTimeout at most: to move one
// for each request costs more than to read it.
const renewals = 16

// conn is a connection on which there were nothing but plain requests so far.
type conn struct {
	net.Conn
	l       *Listener
	renew   time.Time // when the deadlines are to be moved next
	request request
	answer  answer
	head    [maxHead]byte
}

func newConn(l *Listener, nc net.Conn) *conn {
	c := &conn{Conn: nc, l: l}
	c.request.init(nc.RemoteAddr().String())
	c.answer.header = make(http.Header, 8)
	return c
}

// serve answers requests until one is not plain or the connection ends.
func (c *conn) serve() {
	defer c.l.end(c)
	defer c.catch()
	now := time.Now()
	c.Conn.SetDeadline(now.Add(c.l.cfg.HeaderTimeout)) // a handshake of TLS is in this time, too
	for !c.l.stopping.Load() {
		n, whole := c.read()
		switch {
		case n == 0:
			c.Close()
			return
		case !whole || !c.request.read(c.head[:n]):
			c.handOn(n)
			return
		}
		now = time.Now()
		c.keepAlive(now)
		c.l.cfg.Handler.ServeHTTP(&c.answer, c.request.reset())
		last := c.request.last || c.l.stopping.Load()
		if _, err := c.Write(c.answer.finish(now, c.request.method, last)); err != nil || last {
			break
		}
	}
	c.Close()
}

// read waits for the header of a request. It returns how many bytes came, zero
// when the connection has ended, and whether they are one header and nothing else.
func (c *conn) read() (n int, whole bool) {
	for n < len(c.head) {
		m, err := c.Read(c.head[n:])
		n += m
		switch {
		case bytes.HasSuffix(c.head[:n], endOfHead):
			return n, true // unless there is an end within; request.read sees that
		case err != nil:
			return 0, false
		case !begins(c.head[:n]):
			return n, false
		case n == m:
			c.Conn.SetReadDeadline(time.Now().Add(c.l.cfg.HeaderTimeout))
			c.renew = time.Time{}
		}
	}
	return n, false
}

var endOfHead = []byte("\r\n\r\n")

// begins reports whether what has come so far can become a plain request. Nobody
// waits for the rest of what can not.
func begins(b []byte) bool {
	return len(b) > 0 && 'A' <= b[0] && b[0] <= 'Z' && !bytes.Contains(b, []byte("\n\n")) && !bytes.Contains(b, []byte("\n\r\n"))
}

// keepAlive moves the deadlines of a connection on which a request has come.
func (c *conn) keepAlive(now time.Time) {
	if now.Before(c.renew) {
		return
	}
	c.renew = now.Add(c.l.cfg.IdleTimeout / renewals)
	c.Conn.SetDeadline(now.Add(c.l.cfg.IdleTimeout))
	if c.l.stopping.Load() {
		c.Conn.SetReadDeadline(now) // Close may have set it before us
	}
}

// handOn gives the connection to the server, with the bytes that were read.
func (c *conn) handOn(n int) {
	c.Conn.SetDeadline(time.Time{}) // the server sets its own
	if !c.l.let(accepted{conn: &handed{Conn: c.Conn, rest: c.head[:n]}}) {
		c.Close()
	}
}

// catch cuts the connection on which a handler has panicked, as net/http does.
func (c *conn) catch() {
	v := recover()
	if v == nil {
		return
	}
	c.Close()
	if v != http.ErrAbortHandler {
		c.l.cfg.Logger.LogAttrs(c.request.http.Context(), slog.LevelError, "panic",
			slog.String("panic", fmt.Sprint(v)), slog.String("stack", string(debug.Stack())))
	}
}

// handed is a connection of which something was read already.
type handed struct {
	net.Conn
	rest []byte
}

func (h *handed) Read(b []byte) (int, error) {
	if len(h.rest) > 0 {
		n := copy(b, h.rest)
		h.rest = h.rest[n:]
		return n, nil
	}
	h.rest = nil
	return h.Conn.Read(b)
}

// CloseWrite is for net/http, which has a refusal read before it closes.
func (h *handed) CloseWrite() error {
	if c, ok := h.Conn.(interface{ CloseWrite() error }); ok {
		return c.CloseWrite()
	}
	return nil
}
