package upstream

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// exchange is a request under way. It is looked at from time to time: a caller
// who may not do it any more is cut off, and so is what does not move.
type exchange struct {
	proxy  *Proxy
	pass   *Pass
	ctx    context.Context
	cancel context.CancelCauseFunc
	client *http.ResponseController
	// answered is called when the upstream answers, before its body is passed on to
	// a client who may be slow. nil is for nothing.
	answered func()

	phase atomic.Uint32
	moved atomic.Bool // something went through since the last look
	still time.Time   // of the last look before which something did

	mu    sync.Mutex // of timer and ended
	timer *time.Timer
	ended bool
}

// Phases of an exchange.
const (
	waiting   uint32 = iota // for the upstream's answer, which has a timeout of its own
	sending                 // the client's body
	receiving               // the upstream's body
	open                    // an event stream or a WebSocket, which may rest
)

// Why an exchange is cut.
var (
	errNotAllowed = errors.New("the caller may not do this any more")
	errStalled    = errors.New("nothing moved for too long")
)

type exchangeKey struct{}

func exchangeOf(ctx context.Context) *exchange {
	x, _ := ctx.Value(exchangeKey{}).(*exchange)
	return x
}

// begin starts to look at a request.
func (p *Proxy) begin(w http.ResponseWriter, r *http.Request, pass *Pass) *exchange {
	x := &exchange{proxy: p, pass: pass, still: time.Now(), client: http.NewResponseController(w)}
	var ctx context.Context
	ctx, x.cancel = context.WithCancelCause(r.Context())
	x.ctx = context.WithValue(ctx, exchangeKey{}, x)
	// The server's limit is for small requests. From here on the stall timeout is
	// in its place, in both directions.
	x.client.SetReadDeadline(time.Time{})
	x.mu.Lock()
	x.timer = time.AfterFunc(p.cfg.Recheck, x.look)
	x.mu.Unlock()
	return x
}

func (x *exchange) end() {
	x.mu.Lock()
	x.ended = true
	x.timer.Stop()
	x.mu.Unlock()
	x.cancel(nil)
}

// look judges the request again and sees whether anything moves.
func (x *exchange) look() {
	if x.ctx.Err() != nil {
		return
	}
	if x.pass.Still != nil && !x.pass.Still(x.ctx) {
		x.cut(errNotAllowed)
		return
	}
	now, phase := time.Now(), x.phase.Load()
	if x.moved.Swap(false) || phase == waiting || phase == open {
		x.still = now
	}
	if now.Sub(x.still) >= x.proxy.cfg.StallTimeout {
		x.cut(errStalled)
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if !x.ended {
		x.timer.Reset(x.proxy.cfg.Recheck)
	}
}

// cut ends the exchange, also where it waits for the client.
func (x *exchange) cut(why error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.ended {
		return // the connection may be another request's by now
	}
	x.cancel(why)
	x.client.SetReadDeadline(time.Unix(1, 0))
	if phase := x.phase.Load(); phase == receiving || phase == open {
		x.client.SetWriteDeadline(time.Unix(1, 0))
	}
}

// sent is the client's body.
type sent struct {
	io.ReadCloser
	x *exchange
}

func (s *sent) Read(b []byte) (int, error) {
	n, err := s.ReadCloser.Read(b)
	if n > 0 {
		s.x.moved.Store(true)
	}
	if err != nil {
		s.x.phase.CompareAndSwap(sending, waiting)
	}
	return n, err
}

// received is the upstream's body.
type received struct {
	io.ReadCloser
	x   *exchange
	res *http.Response
}

func (s *received) Read(b []byte) (int, error) {
	n, err := s.ReadCloser.Read(b)
	if n > 0 {
		s.x.moved.Store(true)
	}
	if err == io.EOF {
		s.x.proxy.clean(s.res.Trailer)
	}
	return n, err
}
