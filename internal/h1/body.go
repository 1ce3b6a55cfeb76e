package h1

import (
	"context"
	"io"
	"net/http"
)

// body is an answer's body. At its end the connection is kept if nothing speaks
// against it; whoever closes it before the end closes the connection.
type body struct {
	from io.ReadCloser // of http.ReadResponse; never closed, for that reads the rest
	t    *Transport
	c    *conn // nil after the end
	ctx  context.Context
	stop func() bool // of what ends the exchange with its context
	keep bool        // the answer says nothing against it
	err  error       // of every Read after the end
}

func (b *body) Read(p []byte) (int, error) {
	if b.c == nil {
		return 0, b.err
	}
	n, err := b.from.Read(p)
	if err != nil {
		if cause := context.Cause(b.ctx); cause != nil && err != io.EOF {
			err = cause
		}
		b.err = err
		b.end(err == io.EOF)
	}
	return n, err
}

func (b *body) Close() error {
	if b.c != nil {
		b.err = http.ErrBodyReadAfterClose
		b.end(false)
	}
	return nil
}

// end gives the connection away: it is kept if the answer is whole, is followed by
// nothing, and its context has not been at the connection's deadline.
func (b *body) end(whole bool) {
	c := b.c
	b.c = nil
	if b.stop() && whole && b.keep && c.r.Buffered() == 0 && b.t.idle.put(c) {
		return
	}
	c.Close()
}
