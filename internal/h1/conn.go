package h1

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"syscall"
	"time"
)

// conn is a connection. One exchange uses it at a time.
type conn struct {
	net.Conn
	r *bufio.Reader // of limited

	raw   syscall.RawConn
	look  func(fd uintptr) bool // lookAt
	quiet bool                  // what lookAt found

	abort func() // lets what reads or writes end at once

	wrote int   // bytes of the request
	read  int64 // bytes since the request
	max   int64 // of them, 0 for no bound
	lost  error // why no more of them came, nil or io.EOF if nothing was wrong

	since time.Time // when it was last used
}

const readBuffer = 4 << 10

func newConn(raw net.Conn) (*conn, error) {
	c := &conn{Conn: raw}
	tcp, ok := raw.(syscall.Conn)
	if !ok {
		return nil, errors.New("the connection has no file descriptor")
	}
	var err error
	if c.raw, err = tcp.SyscallConn(); err != nil {
		return nil, err
	}
	c.r = bufio.NewReaderSize(limited{c}, readBuffer)
	c.look = c.lookAt
	c.abort = func() { c.SetDeadline(time.Unix(1, 0)) }
	return c, nil
}

// ready reports whether a kept connection can be used, and sets its deadline. One
// is not if the server has closed it. One is not, either, if the server has sent
// anything: nothing was asked, so it belongs to what was asked before, or is made to
// be taken for the answer to what is asked next, for another caller.
func (c *conn) ready(deadline time.Time) bool {
	c.SetDeadline(deadline) // an old one that has passed would keep it from being looked at
	c.quiet = false
	err := c.raw.Read(c.look)
	return err == nil && c.quiet && c.r.Buffered() == 0
}

// lookAt reads without waiting. Nothing to read, and no end, is what it is to find.
func (c *conn) lookAt(fd uintptr) bool {
	var one [1]byte
	_, err := syscall.Read(int(fd), one[:])
	c.quiet = err == syscall.EAGAIN
	return true // do not wait until there is something
}

// ask writes a request and reads an answer's header. Interim answers are passed
// over.
func (c *conn) ask(r *http.Request, request []byte, maxHeader int64) (*http.Response, error) {
	c.wrote, c.read, c.max, c.lost = 0, 0, maxHeader, nil
	var err error
	if c.wrote, err = c.Write(request); err != nil {
		return nil, err
	}
	res, err := http.ReadResponse(c.r, r)
	for err == nil && res.StatusCode < 200 && res.StatusCode != http.StatusSwitchingProtocols {
		res, err = http.ReadResponse(c.r, r)
	}
	switch {
	case err != nil && c.lost != nil && c.lost != io.EOF:
		return nil, c.lost // which ReadResponse may call a malformed header
	case err != nil:
		return nil, err
	case res.StatusCode == http.StatusSwitchingProtocols:
		return nil, errors.New("the server speaks another protocol now, which nobody asked for")
	}
	c.max = 0
	return res, nil
}

// mayRepeat reports whether a request that failed on a kept connection may be sent
// again over another.
func (c *conn) mayRepeat(r *http.Request, err error) bool {
	if c.wrote == 0 {
		return true
	}
	var late net.Error
	if c.read > 0 || errors.As(err, &late) && late.Timeout() || r.Body != nil && r.Body != http.NoBody {
		return false
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		return true
	}
	return false
}

var errLongHeader = errors.New("the answer's header is too long")

// limited reads from a connection, up to its bound.
type limited struct{ c *conn }

func (l limited) Read(b []byte) (int, error) {
	c := l.c
	if c.max > 0 {
		if c.read >= c.max {
			c.lost = errLongHeader
			return 0, c.lost
		}
		b = b[:min(int64(len(b)), c.max-c.read)]
	}
	n, err := c.Conn.Read(b)
	c.read, c.lost = c.read+int64(n), err
	return n, err
}

var _ io.Reader = limited{}
