package h1

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// Config is what a Transport is made of. All of it is needed.
type Config struct {
	Address string // of the server, as net.Dial takes it
	Host    string // that requests name

	DialTimeout   time.Duration
	AnswerTimeout time.Duration // from the request's first byte to the end of the answer's header
	IdleTimeout   time.Duration // after which a connection that nobody used is closed
	MaxIdle       int           // connections kept
	MaxHeader     int64         // bytes of an answer's header, with the interim answers before it
}

// Transport sends requests to one server. It is an http.RoundTripper for what Takes
// takes, and safe for concurrent use.
type Transport struct {
	cfg     Config
	dialer  net.Dialer
	idle    idle
	buffers sync.Pool // of *[]byte, for requests
}

// New makes a Transport.
func New(cfg Config) *Transport {
	return &Transport{
		cfg: cfg, dialer: net.Dialer{Timeout: cfg.DialTimeout},
		idle:    idle{max: cfg.MaxIdle, ttl: cfg.IdleTimeout},
		buffers: sync.Pool{New: func() any { return new([]byte) }},
	}
}

// Takes reports whether a request is one for a Transport: all of it can be written
// before the answer is looked at, and the connection is the same afterwards.
func Takes(r *http.Request) bool {
	switch {
	case r.Body != nil && r.Body != http.NoBody && (r.ContentLength <= 0 || r.ContentLength > MaxBody):
		return false
	case len(r.Header["Upgrade"]) > 0, len(r.Header["Expect"]) > 0:
		return false
	}
	return r.Method != http.MethodConnect && len(r.TransferEncoding) == 0 && len(r.Trailer) == 0 && !r.Close
}

// RoundTrip sends a request and gives the answer when its header has come. A body is
// read to its end before anything is sent, and nothing is sent if the request's context
// has ended by then. The answer's body ends when the context does; it is for one
// goroutine, and must be closed.
//
// A request that fails on a kept connection before the answer has begun is sent
// again over a new one if no byte of it was written, or if it has no body and may be
// repeated (RFC 9110, 9.2.2).
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer r.Body.Close()
	}
	if r.URL.Scheme != "http" || r.URL.Host != t.cfg.Host || !Takes(r) {
		return nil, errNotTaken
	}
	buf := t.buffers.Get().(*[]byte)
	defer t.free(buf)
	var err error
	if *buf, err = appendRequest((*buf)[:0], r, t.cfg.Host); err != nil {
		return nil, fmt.Errorf("write a request: %w", err)
	}
	ctx := r.Context()
	if ctx.Err() != nil { // perhaps while the body came
		return nil, context.Cause(ctx)
	}
	for c := t.idle.take(); c != nil; c = t.idle.take() {
		if !c.ready(t.deadline()) {
			c.Close()
			continue
		}
		res, err := t.exchange(c, r, *buf)
		if err == nil || ctx.Err() != nil || !c.mayRepeat(r, err) {
			return res, err
		}
		break // others may be as dead as that one
	}
	c, err := t.dial(ctx)
	if err != nil {
		return nil, err
	}
	return t.exchange(c, r, *buf)
}

// CloseIdleConnections closes the connections that are kept.
func (t *Transport) CloseIdleConnections() { t.idle.closeAll() }

func (t *Transport) dial(ctx context.Context) (*conn, error) {
	raw, err := t.dialer.DialContext(ctx, "tcp", t.cfg.Address)
	if err != nil {
		return nil, err
	}
	c, err := newConn(raw)
	if err != nil {
		raw.Close()
		return nil, err
	}
	c.SetDeadline(t.deadline())
	return c, nil
}

func (t *Transport) deadline() time.Time { return time.Now().Add(t.cfg.AnswerTimeout) }

var errNotTaken = errors.New("the request is not for this transport")

var errVersion = errors.New("the answer is not HTTP/1")

// exchange sends a request over a connection whose deadline is set, and reads the
// answer's header. After an error the connection is closed.
func (t *Transport) exchange(c *conn, r *http.Request, request []byte) (*http.Response, error) {
	ctx := r.Context()
	stop := context.AfterFunc(ctx, c.abort)
	res, err := c.ask(r, request, t.cfg.MaxHeader)
	if err == nil && res.ProtoMajor != 1 {
		err = errVersion
	}
	if err != nil {
		stop()
		c.Close()
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		return nil, err
	}
	b := &body{from: res.Body, t: t, c: c, ctx: ctx, stop: stop, keep: !res.Close && res.ProtoMinor == 1}
	switch {
	case res.Body == http.NoBody:
		b.end(true)
		return res, nil
	case int64(c.r.Buffered()) < res.ContentLength || res.ContentLength < 0:
		// The body may take longer than the header. Who ended the request before the
		// deadline went has set none that holds.
		c.SetDeadline(time.Time{})
		if ctx.Err() != nil {
			c.abort()
		}
	}
	res.Body = b
	return res, nil
}

// maxKeptBuffer is the size of the largest buffer that is kept for another request.
const maxKeptBuffer = 32 << 10

func (t *Transport) free(buf *[]byte) {
	if cap(*buf) <= maxKeptBuffer {
		clear(*buf) // a credential is in it
		t.buffers.Put(buf)
	}
}
