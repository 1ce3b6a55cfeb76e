// Package load asks a server the same kind of question again and again, over many
// connections from one thread, and notes how long each answer takes.
//
// It costs little for an answer, so that a server on a core of its own is what
// limits the number: requests are made beforehand, answers are read where they
// lie, and all connections wait in one epoll set.
package load

import (
	"errors"
	"fmt"
	"net"
	"time"

	"golang.org/x/sys/unix"
)

// A Protocol makes one end of a connection.
type Protocol func() talker

// talker is the state of one connection.
type talker interface {
	// hello is what is sent first, nil for nothing.
	hello() []byte
	// question is the n-th one. It is sent before the next is made.
	question(n int) []byte
	// read is given all that came and was not used yet. It says how much of it
	// is done with, whether an answer is complete, and what to send back at once.
	// It fails for an answer that is not the one expected.
	read(in []byte) (used int, done bool, back []byte, err error)
}

// Result is what was found out.
type Result struct {
	Took []time.Duration // each answer's time, in no order
	Ran  time.Duration
}

// conn is a connection with one question under way.
type conn struct {
	fd    int
	talk  talker
	in    []byte // what came and was not used yet
	asked time.Time
}

// Pool is connections that stay open between runs.
type Pool struct {
	poll  int
	conns []*conn
	next  int // the number of the next question
}

// Dial opens connections.
func Dial(addr string, conns int, p Protocol) (*Pool, error) {
	poll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("make an epoll set: %w", err)
	}
	pool := &Pool{poll: poll}
	for i := range conns {
		fd, err := dial(addr)
		if err != nil {
			pool.Close()
			return nil, fmt.Errorf("connect to %s: %w", addr, err)
		}
		c := &conn{fd: fd, talk: p(), in: make([]byte, 0, 16<<10)}
		pool.conns = append(pool.conns, c)
		event := unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(i)}
		if err := errors.Join(unix.EpollCtl(poll, unix.EPOLL_CTL_ADD, fd, &event), c.send(c.talk.hello())); err != nil {
			pool.Close()
			return nil, err
		}
	}
	return pool, nil
}

func dial(addr string) (int, error) {
	to, err := net.ResolveTCPAddr("tcp4", addr)
	if err != nil {
		return 0, err
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, err
	}
	at := unix.SockaddrInet4{Port: to.Port, Addr: [4]byte(to.IP.To4())}
	err = errors.Join(unix.Connect(fd, &at), unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1), unix.SetNonblock(fd, true))
	if err != nil {
		unix.Close(fd)
		return 0, err
	}
	return fd, nil
}

// Close closes the connections.
func (p *Pool) Close() {
	for _, c := range p.conns {
		unix.Close(c.fd)
	}
	unix.Close(p.poll)
}

// Run asks over all connections at once for a while, each the next question when
// it has the answer to the last. It ends when every question is answered.
func (p *Pool) Run(d time.Duration) (Result, error) {
	begun := time.Now()
	r := Result{Took: make([]time.Duration, 0, 1<<16)}
	for _, c := range p.conns {
		if err := p.ask(c, begun); err != nil {
			return r, err
		}
	}
	events := make([]unix.EpollEvent, len(p.conns))
	for open := len(p.conns); open > 0; {
		n, err := unix.EpollWait(p.poll, events, 10_000)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return r, fmt.Errorf("wait for answers: %w", err)
		}
		if n == 0 {
			return r, errors.New("no answer for ten seconds")
		}
		for _, e := range events[:n] {
			c := p.conns[e.Fd]
			done, err := c.receive()
			if err != nil {
				return r, err
			}
			if !done {
				continue
			}
			now := time.Now()
			r.Took = append(r.Took, now.Sub(c.asked))
			if now.Sub(begun) >= d {
				open--
			} else if err := p.ask(c, now); err != nil {
				return r, err
			}
		}
	}
	r.Ran = time.Since(begun)
	return r, nil
}

func (p *Pool) ask(c *conn, now time.Time) error {
	c.asked = now
	p.next++
	return c.send(c.talk.question(p.next))
}

// send writes b at once: a question is smaller than a socket's buffer, and there is
// one under way.
func (c *conn) send(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	n, err := unix.Write(c.fd, b)
	if err == nil && n < len(b) {
		err = errors.New("a short write")
	}
	return err
}

// receive reads what came, and says whether the answer is complete.
func (c *conn) receive() (done bool, err error) {
	if cap(c.in)-len(c.in) < 4<<10 {
		return false, errors.New("an answer is longer than it may be")
	}
	n, err := unix.Read(c.fd, c.in[len(c.in):cap(c.in)])
	switch {
	case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EINTR):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("read an answer: %w", err)
	case n == 0:
		return false, errors.New("the server closed a connection")
	}
	c.in = c.in[:len(c.in)+n]
	used, done, back, err := c.talk.read(c.in)
	if err != nil {
		return false, err
	}
	c.in = c.in[:copy(c.in, c.in[used:])]
	return done, c.send(back)
}
