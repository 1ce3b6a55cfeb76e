package h1

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// peer is a server that says exactly what a test wants it to.
type peer struct {
	t     *testing.T
	addr  string
	conns atomic.Int64 // that were opened
	asked atomic.Int64 // requests that came whole
}

// newPeer serves each connection by serve, to which it gives the connection's
// number, from 1.
func newPeer(t *testing.T, serve func(p *peer, n int64, c *link)) *peer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &peer{t: t, addr: l.Addr().String()}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			n := p.conns.Add(1)
			conn.SetDeadline(time.Now().Add(20 * time.Second)) // a test that waits for ever tells nothing
			go func() {
				defer conn.Close()
				serve(p, n, &link{Conn: conn, r: bufio.NewReader(conn), p: p})
			}()
		}
	}()
	t.Cleanup(func() { l.Close() })
	return p
}

// link is a connection as the peer has it.
type link struct {
	net.Conn
	r *bufio.Reader
	p *peer
}

// next reads a request. It reports false at the connection's end.
func (l *link) next() (*http.Request, string, bool) {
	r, err := http.ReadRequest(l.r)
	if err != nil {
		return nil, "", false
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, "", false
	}
	l.p.asked.Add(1)
	return r, string(body), true
}

func (l *link) say(s string) { io.WriteString(l, s) }

// rest waits until the client closes the connection.
func (l *link) rest() { io.Copy(io.Discard, l.r) }

const fine = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine"

// toAll answers every request of every connection alike.
func toAll(answer string) func(*peer, int64, *link) {
	return func(_ *peer, _ int64, l *link) {
		for {
			if _, _, ok := l.next(); !ok {
				return
			}
			l.say(answer)
		}
	}
}

// first gives one answer to what comes over the first connection, and then fine
// over whatever connection.
func first(answer string) func(*peer, int64, *link) {
	return func(_ *peer, n int64, l *link) {
		for {
			if _, _, ok := l.next(); !ok {
				return
			}
			if n > 1 {
				l.say(fine)
				continue
			}
			l.say(answer)
			n = 2
		}
	}
}

func (p *peer) transport(change ...func(*Config)) *Transport {
	cfg := Config{
		Address: p.addr, Host: p.addr, DialTimeout: 5 * time.Second, AnswerTimeout: 20 * time.Second,
		IdleTimeout: time.Minute, MaxIdle: 4, MaxHeader: 16 << 10,
	}
	for _, c := range change {
		c(&cfg)
	}
	t := New(cfg)
	p.t.Cleanup(t.CloseIdleConnections)
	return t
}

func (p *peer) request(method, body string) *http.Request {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), method, "http://"+p.addr+"/", strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	r.GetBody = nil
	if body == "" {
		r.Body = http.NoBody
	}
	return r
}

// ask sends a request and reads the answer to its end.
func (p *peer) ask(t *Transport, method, body string) (*http.Response, string, error) {
	p.t.Helper()
	res, err := t.RoundTrip(p.request(method, body))
	if err != nil {
		return nil, "", err
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	return res, string(got), err
}

// isFine asks and wants the plain answer.
func (p *peer) isFine(t *Transport) {
	p.t.Helper()
	if _, got, err := p.ask(t, "GET", ""); got != "fine" || err != nil {
		p.t.Errorf("got %q, %v", got, err)
	}
}
