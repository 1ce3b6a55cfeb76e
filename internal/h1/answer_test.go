package h1

import (
	"errors"
	"net"
	"strings"
	"testing"
	"time"
)

func TestBrokenAnswersAreNone(t *testing.T) {
	for name, answer := range map[string]string{
		"nothing of HTTP":      "hello\r\n\r\n",
		"no status":            "HTTP/1.1\r\n\r\n",
		"a wrong status":       "HTTP/1.1 20 OK\r\n\r\n",
		"another version":      "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
		"a name of no kind":    "HTTP/1.1 200 OK\r\nA\x00: c\r\n\r\n",
		"no colon":             "HTTP/1.1 200 OK\r\nA\r\n\r\n",
		"two lengths":          "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxy",
		"a signed length":      "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\nx",
		"an unknown coding":    "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nx",
		"another protocol":     "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
		"a header without end": "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 32<<10) + "\r\n\r\n",
		"lines without end":    "HTTP/1.1 200 OK\r\n" + strings.Repeat("X: y\r\n", 8<<10) + "\r\n",
		"interims without end": strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 8<<10) + fine,
	} {
		t.Run(name, func(t *testing.T) {
			p := newPeer(t, func(p *peer, n int64, l *link) {
				if n > 1 {
					toAll(fine)(p, n, l)
					return
				}
				l.next()
				l.say(answer)
				l.rest()
			})
			c := p.transport()
			if res, body, err := p.ask(c, "GET", ""); err == nil {
				t.Errorf("%d %q", res.StatusCode, body)
			}
			p.isFine(c)
		})
	}
}

// TestHalfABodyIsNotAWholeOne, in either framing.
func TestHalfABodyIsNotAWholeOne(t *testing.T) {
	for _, answer := range []string{
		"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\npart",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n0\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npartX",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\npart",
	} {
		p := newPeer(t, func(_ *peer, _ int64, l *link) { l.next(); l.say(answer) })
		if _, body, err := p.ask(p.transport(), "GET", ""); err == nil {
			t.Errorf("%q passed for whole: %q", answer, body)
		}
	}
}

func TestBodyWithoutLengthEndsWithItsConnection(t *testing.T) {
	p := newPeer(t, func(_ *peer, _ int64, l *link) { l.next(); l.say("HTTP/1.1 200 OK\r\n\r\nall of it") })
	if _, body, err := p.ask(p.transport(), "GET", ""); body != "all of it" || err != nil {
		t.Error(body, err)
	}
}

func TestAnswerThatDoesNotComeIsATimeout(t *testing.T) {
	for _, part := range []string{"", "HTTP/1.1 200 OK\r\nConte"} {
		p := newPeer(t, func(_ *peer, _ int64, l *link) { l.next(); l.say(part); l.rest() })
		_, _, err := p.ask(p.transport(func(c *Config) { c.AnswerTimeout = 30 * time.Millisecond }), "GET", "")
		var late net.Error
		if !errors.As(err, &late) || !late.Timeout() {
			t.Errorf("%q: %v", part, err)
		}
	}
}

// TestBodyMayTakeLongerThanTheHeader: who waits for it has a limit of their own.
func TestBodyMayTakeLongerThanTheHeader(t *testing.T) {
	const limit = 200 * time.Millisecond
	p := newPeer(t, func(_ *peer, _ int64, l *link) {
		l.next()
		l.say("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\npart")
		<-time.NewTimer(3 * limit / 2).C
		l.say("rest")
		l.rest()
	})
	if _, body, err := p.ask(p.transport(func(c *Config) { c.AnswerTimeout = limit }), "GET", ""); body != "partrest" || err != nil {
		t.Error(body, err)
	}
}

func TestNobodyListens(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &peer{t: t, addr: l.Addr().String()}
	l.Close()
	if _, _, err := p.ask(p.transport(), "GET", ""); err == nil {
		t.Error("an answer")
	}
}
