package plainhttp

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Config is what a listener is made of.
type Config struct {
	// Handler answers plain requests, as an http.Handler does, with these
	// differences. It neither changes the request's header nor keeps it or the
	// request after it has returned; their strings it may keep. The request's context does not end when
	// the client goes away. The answer is kept in memory until the handler has
	// returned; its length and what is about the connection are not for it to say.
	Handler http.Handler
	// HeaderTimeout is for how long a client may send the header of a request, and
	// IdleTimeout for how long a connection is kept on which nothing is sent, or up to
	// a sixteenth less. An answer must have been made and sent in that time too.
	HeaderTimeout, IdleTimeout time.Duration
	Logger                     *slog.Logger // nil logs nothing
}

// Listener is a net.Listener for an http.Server. It accepts connections of
// another listener and answers plain requests; what it lets out are connections
// with a request that is for the server.
type Listener struct {
	cfg   Config
	inner net.Listener
	out   chan accepted

	stopping atomic.Bool
	stopped  chan struct{}
	mu       sync.Mutex
	conns    map[*conn]struct{} // on which plain requests are answered
	running  sync.WaitGroup     // one for each of conns
}

// accepted is what Accept returns.
type accepted struct {
	conn net.Conn
	err  error
}

// New begins to answer the plain requests that come to a listener. The listener
// is closed with the one that is returned.
func New(inner net.Listener, cfg Config) *Listener {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	l := &Listener{
		cfg: cfg, inner: inner,
		out: make(chan accepted), stopped: make(chan struct{}), conns: make(map[*conn]struct{}),
	}
	go l.accept()
	return l
}

// accept takes connections until the listener is closed. Errors go out, to a
// server that knows which of them pass: it asks again after a while, or not at all.
func (l *Listener) accept() {
	for {
		nc, err := l.inner.Accept()
		if err == nil {
			l.begin(nc)
			continue
		}
		if !l.let(accepted{err: err}) {
			return
		}
	}
}

// let lets something out, and reports false when the listener is closed.
func (l *Listener) let(a accepted) bool {
	select {
	case l.out <- a:
		return true
	case <-l.stopped:
		return false
	}
}

// begin has the requests on a connection answered.
func (l *Listener) begin(nc net.Conn) {
	c := newConn(l, nc)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopping.Load() {
		nc.Close()
		return
	}
	l.conns[c] = struct{}{}
	l.running.Add(1)
	go c.serve()
}

// end forgets a connection.
func (l *Listener) end(c *conn) {
	l.mu.Lock()
	delete(l.conns, c)
	l.mu.Unlock()
	l.running.Done()
}

// Accept returns the next connection with a request that is not plain. What was
// read of it is read from the connection again.
func (l *Listener) Accept() (net.Conn, error) {
	select {
	case a := <-l.out:
		return a.conn, a.err
	case <-l.stopped:
		return nil, net.ErrClosed
	}
}

// Close ends the listener and the connections that are idle. Requests under way
// are answered; see Drain.
func (l *Listener) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopping.Swap(true) {
		return net.ErrClosed
	}
	close(l.stopped)
	for c := range l.conns {
		c.Conn.SetReadDeadline(time.Unix(1, 0)) // who waits for a request stops waiting
	}
	return l.inner.Close()
}

// Drain waits until the plain requests that were under way when the listener was
// closed have been answered. When ctx ends first it cuts their connections.
func (l *Listener) Drain(ctx context.Context) error {
	done := make(chan struct{})
	go func() { l.running.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.conns {
		c.Conn.Close()
	}
	return ctx.Err()
}

// Addr is the address of the listener within.
func (l *Listener) Addr() net.Addr { return l.inner.Addr() }
