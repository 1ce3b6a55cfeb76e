package h1

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestConnectionIsKept(t *testing.T) {
	for name, answer := range map[string]string{
		"length":         fine,
		"empty":          "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
		"chunks":         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nfi\r\n2;ext=1\r\nne\r\n0\r\n\r\n",
		"trailer":        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n1\r\nx\r\n0\r\nX-Sum: 1\r\n\r\n",
		"no content":     "HTTP/1.1 204 No Content\r\n\r\n",
		"not modified":   "HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n",
		"interim before": "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + fine,
	} {
		t.Run(name, func(t *testing.T) {
			p := newPeer(t, first(answer))
			c := p.transport()
			res, _, err := p.ask(c, "GET", "")
			if err != nil || res.StatusCode < 200 {
				t.Fatal(res, err)
			}
			if name == "trailer" && res.Trailer.Get("X-Sum") != "1" {
				t.Error(res.Trailer)
			}
			p.isFine(c)
			if n := p.conns.Load(); n != 1 {
				t.Errorf("%d connections", n)
			}
		})
	}
	p := newPeer(t, first("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"))
	c := p.transport()
	if res, body, err := p.ask(c, "HEAD", ""); err != nil || body != "" || res.ContentLength != 99 {
		t.Error(res, body, err)
	}
	p.isFine(c)
	if n := p.conns.Load(); n != 1 {
		t.Errorf("HEAD: %d connections", n)
	}
}

// TestConnectionIsNotUsedAgain after an answer that says so, or leaves a doubt
// where it ends.
func TestConnectionIsNotUsedAgain(t *testing.T) {
	const evil = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"
	for name, answer := range map[string]string{
		"close":                    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx",
		"close among others":       "HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 1\r\n\r\nx",
		"1.0":                      "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx",
		"1.0 with keep-alive":      "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx",
		"more than its length":     fine + evil,
		"one byte more":            fine + "\n",
		"more after nothing":       "HTTP/1.1 204 No Content\r\n\r\n" + evil,
		"a body where none can be": "HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\nevil" + evil,
		"more after chunks":        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n" + evil,
		"two framings":             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 60\r\n\r\n1\r\nx\r\n0\r\n\r\n" + evil,
	} {
		t.Run(name, func(t *testing.T) {
			p := newPeer(t, first(answer))
			c := p.transport()
			if _, got, err := p.ask(c, "GET", ""); err != nil || got == "evil" {
				t.Fatal(got, err)
			}
			p.isFine(c)
			if n := p.conns.Load(); n != 2 {
				t.Errorf("%d connections", n)
			}
		})
	}
}

// TestAnswerThatNobodyAskedForIsNobodys: a server that says more while a connection
// rests would answer the next caller's question with it.
func TestAnswerThatNobodyAskedForIsNobodys(t *testing.T) {
	late, said := make(chan bool), make(chan bool)
	p := newPeer(t, func(p *peer, n int64, l *link) {
		if n > 1 {
			toAll(fine)(p, n, l)
			return
		}
		l.next()
		l.say(fine)
		<-late
		l.say("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
		close(said)
		l.rest()
	})
	c := p.transport()
	p.isFine(c)
	close(late)
	<-said
	p.isFine(c)
}

func TestUnreadBodyEndsTheConnection(t *testing.T) {
	p := newPeer(t, first("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nand so on"))
	c := p.transport()
	res, err := c.RoundTrip(p.request("GET", ""))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if _, err := res.Body.Read(make([]byte, 1)); !errors.Is(err, http.ErrBodyReadAfterClose) {
		t.Error(err)
	}
	p.isFine(c)
	if n := p.conns.Load(); n != 2 {
		t.Errorf("%d connections", n)
	}
}

// TestDeadConnectionsAreNotUsed: what the server has closed is seen before anything
// is sent, whatever is to be sent.
func TestDeadConnectionsAreNotUsed(t *testing.T) {
	closed := make(chan bool, 8)
	p := newPeer(t, func(_ *peer, _ int64, l *link) {
		l.next()
		l.say(fine)
		l.Close()
		closed <- true
	})
	c := p.transport()
	for range 3 {
		if _, got, err := p.ask(c, "POST", "body"); got != "fine" || err != nil {
			t.Fatal(got, err)
		}
		<-closed
	}
	if n := p.asked.Load(); n != 3 {
		t.Errorf("%d requests came", n)
	}
}

// TestOnlyWhatMayBeRepeatedIs: the server ends a kept connection when it has seen a
// request on it, and nobody knows what became of the request.
func TestOnlyWhatMayBeRepeatedIs(t *testing.T) {
	for _, test := range []struct {
		method, body, part string
		want               bool
	}{
		{method: "GET", want: true}, {method: "HEAD", want: true}, {method: "OPTIONS", want: true},
		{method: "GET", body: "body"}, {method: "POST"}, {method: "POST", body: "body"}, {method: "DELETE"}, {method: "PUT"},
		{method: "GET", part: "HTTP/1.1 2"},
	} {
		t.Run(test.method+test.body+test.part, func(t *testing.T) {
			p := newPeer(t, func(p *peer, n int64, l *link) {
				if n > 1 {
					toAll(fine)(p, n, l)
					return
				}
				l.next()
				l.say(fine)
				l.next()
				l.say(test.part)
			})
			c := p.transport()
			p.isFine(c)
			if _, _, err := p.ask(c, test.method, test.body); (err == nil) != test.want {
				t.Errorf("error %v", err)
			}
			if n := p.asked.Load(); (n == 3) != test.want {
				t.Errorf("%d requests came", n)
			}
		})
	}
}

// TestFailureOnANewConnectionIsOne: it was no fault of waiting.
func TestFailureOnANewConnectionIsOne(t *testing.T) {
	p := newPeer(t, func(_ *peer, _ int64, l *link) { l.next() })
	if _, _, err := p.ask(p.transport(), "GET", ""); err == nil {
		t.Error("an answer")
	}
	if n := p.asked.Load(); n != 1 {
		t.Errorf("%d requests came", n)
	}
}

func TestConnectionsKeptAreBounded(t *testing.T) {
	entered, release, ended := make(chan bool), make(chan bool), make(chan bool)
	p := newPeer(t, func(_ *peer, _ int64, l *link) {
		l.next()
		entered <- true
		<-release
		l.say(fine)
		l.rest()
		ended <- true
	})
	c := p.transport(func(c *Config) { c.MaxIdle, c.IdleTimeout = 2, 20*time.Millisecond })
	for range 5 {
		go p.isFine(c)
	}
	for range 5 {
		<-entered
	}
	close(release)
	for range 5 {
		<-ended // three at once, and two when they had rested
	}
	c.idle.mu.Lock()
	defer c.idle.mu.Unlock()
	if n := len(c.idle.conns); n != 0 {
		t.Errorf("%d are still kept", n)
	}
}

// TestRequestThatIsGivenUpBeforeItIsSentIsNot: who may not do it any more is found
// out while the body comes, too.
func TestRequestThatIsGivenUpBeforeItIsSentIsNot(t *testing.T) {
	p := newPeer(t, toAll(fine))
	c := p.transport()
	for range 20 {
		p.isFine(c)
		ctx, cancel := context.WithCancelCause(t.Context())
		why := errors.New("given up")
		r := p.request("POST", "body").WithContext(ctx)
		r.Body = &ending{Reader: strings.NewReader("body"), then: func() { cancel(why) }}
		if _, err := c.RoundTrip(r); !errors.Is(err, why) {
			t.Error(err)
		}
	}
	p.isFine(c)
	if n, conns := p.asked.Load(), p.conns.Load(); n != 21 || conns != 1 {
		t.Errorf("%d requests came over %d connections", n, conns)
	}
}

// ending is a body at whose end something happens.
type ending struct {
	io.Reader
	then func()
}

func (e *ending) Read(b []byte) (int, error) {
	n, err := e.Reader.Read(b)
	if err == io.EOF {
		e.then()
	}
	return n, err
}

func (e *ending) Close() error { return nil }

// TestRequestThatIsGivenUpEndsItsConnection, before its answer and in the middle of
// it.
func TestRequestThatIsGivenUpEndsItsConnection(t *testing.T) {
	begun, gone := make(chan bool, 2), make(chan bool)
	p := newPeer(t, func(_ *peer, n int64, l *link) {
		l.next()
		if n == 2 {
			l.say("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart")
		}
		begun <- true
		l.rest()
		gone <- true
	})
	c := p.transport()
	why := errors.New("given up")
	ctx, cancel := context.WithCancelCause(t.Context())
	go func() { <-begun; cancel(why) }()
	if _, err := c.RoundTrip(p.request("GET", "").WithContext(ctx)); !errors.Is(err, why) {
		t.Error(err)
	}
	<-gone
	ctx, cancel = context.WithCancelCause(t.Context())
	res, err := c.RoundTrip(p.request("GET", "").WithContext(ctx))
	if err != nil {
		t.Fatal(err)
	}
	cancel(why)
	if body, err := io.ReadAll(res.Body); !errors.Is(err, why) {
		t.Errorf("%q %v", body, err)
	}
	<-gone
}
