package plainhttp

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// pipes is a listener whose connections are made by dial.
type pipes struct {
	made  chan net.Conn
	ended chan struct{}
}

func newPipes() *pipes { return &pipes{make(chan net.Conn), make(chan struct{})} }

func (p *pipes) dial() net.Conn {
	client, server := net.Pipe()
	p.made <- server
	return client
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.made:
		return c, nil
	case <-p.ended:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.ended); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

// TestTheTimeOfAConnectionIsBounded: of one that sends nothing, of one that sends a
// header slowly, and of one that has been answered, with what was promised.
func TestTheTimeOfAConnectionIsBounded(t *testing.T) {
	const header, idle = 10 * time.Second, 2 * time.Minute
	for what, c := range map[string]struct {
		sends    []string // with a second between
		from, to time.Duration
	}{
		"nothing":           {nil, header, header},
		"half a header":     {[]string{"GET / HT"}, header, header + time.Second},
		"byte by byte":      {strings.Split("GET / HTTP/1.1\r\nHost: x\r\nA: bbbbbbbbbb", ""), header, header + 2*time.Second},
		"a request":         {[]string{get1()}, idle, idle + time.Second},
		"many requests":     {[]string{get1(), get1(), get1(), get1()}, idle, idle + 4*time.Second},
		"a request, a half": {[]string{get1(), "GET /"}, header, header + 2*time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			p := newPipes()
			l := New(p, Config{Handler: echo, HeaderTimeout: header, IdleTimeout: idle})
			defer l.Close()
			begun := time.Now()
			conn := p.dial()
			var sender sync.WaitGroup
			defer sender.Wait()
			sender.Go(func() {
				for _, s := range c.sends {
					if _, err := io.WriteString(conn, s); err != nil {
						return
					}
					time.Sleep(time.Second) // of the bubble's
				}
			})
			io.Copy(io.Discard, conn)
			if took := time.Since(begun); took < c.from || took > c.to {
				t.Errorf("%s: ended after %s, not %s to %s", what, took, c.from, c.to)
			}
		})
	}
}

// TestRequestsUnderWayAreAnsweredWhenTheListenerEnds, the idle end at once, and
// nothing is begun.
func TestRequestsUnderWayAreAnsweredWhenTheListenerEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		finish := make(chan struct{})
		p := newPipes()
		l := New(p, Config{HeaderTimeout: time.Minute, IdleTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			<-finish
			io.WriteString(w, "done")
		})})
		busy, idle := p.dial(), p.dial()
		io.WriteString(busy, get1())
		synctest.Wait()
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := idle.Read(make([]byte, 1)); err != io.EOF {
			t.Errorf("the idle connection: %v", err)
		}
		if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("accept: %v", err)
		}
		hurried, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		go func() { time.Sleep(time.Millisecond); close(finish) }()
		res, err := http.ReadResponse(bufio.NewReader(busy), nil)
		if err != nil {
			t.Fatal(err)
		}
		if body, _ := io.ReadAll(res.Body); string(body) != "done" || !res.Close {
			t.Errorf("%q, close is %v", body, res.Close)
		}
		if err := l.Drain(hurried); err != nil {
			t.Error(err)
		}
	})
}

// TestDrainCutsWhatDoesNotEnd.
func TestDrainCutsWhatDoesNotEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		finish := make(chan struct{})
		defer close(finish)
		p := newPipes()
		l := New(p, Config{HeaderTimeout: time.Minute, IdleTimeout: time.Minute, Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-finish })})
		conn := p.dial()
		io.WriteString(conn, get1())
		synctest.Wait()
		l.Close()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := l.Drain(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if _, err := conn.Read(make([]byte, 1)); err != io.EOF {
			t.Error(err)
		}
	})
}

// TestAPanicCutsItsOwnConnection only. What is no status is a panic, and no 200.
func TestAPanicCutsItsOwnConnection(t *testing.T) {
	s := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/panic":
			panic("of a test")
		case "/0":
			w.WriteHeader(0)
		case "/1000":
			w.WriteHeader(1000)
		}
	}))
	for _, path := range []string{"/panic", "/0", "/1000"} {
		if res, err := http.Get(s.URL + path); err == nil {
			t.Errorf("%s was answered: %s", path, res.Status)
		}
	}
	if res, err := http.Get(s.URL + "/"); err != nil || res.StatusCode != 200 {
		t.Error(err)
	}
}

// TestErrorsOfTheListenerWithinGoOut: the server knows which of them pass.
func TestErrorsOfTheListenerWithinGoOut(t *testing.T) {
	full := errors.New("too many open files")
	l := New(&failing{pipes: newPipes(), err: full}, Config{Handler: echo, HeaderTimeout: time.Second, IdleTimeout: time.Second})
	defer l.Close()
	for range 3 {
		if _, err := l.Accept(); err != full {
			t.Error(err)
		}
	}
}

type failing struct {
	*pipes
	err error
}

func (f *failing) Accept() (net.Conn, error) { return nil, f.err }
