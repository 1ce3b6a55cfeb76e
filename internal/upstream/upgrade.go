package upstream

import (
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
)

// mayUpgrade reports whether a request may go on as it is with respect to
// protocols: a GET that becomes a WebSocket may. An upgrade to anything else is
// only wished for, and is left out: a connection that speaks HTTP/2 with the
// upstream would carry requests past the gate.
func (p *Proxy) mayUpgrade(r *http.Request, op *catalog.Operation) bool {
	lines := r.Header["Upgrade"]
	switch {
	case len(lines) == 0:
		return true
	case len(lines) == 1 && strings.EqualFold(strings.TrimSpace(lines[0]), "websocket"):
		return op.Method == http.MethodGet && r.Method == http.MethodGet && r.ContentLength == 0
	}
	delete(r.Header, "Upgrade") // the gate's own copy
	return true
}

// slim makes the copies of a WebSocket small, since most of them rest most of the
// time: 4 KiB a direction and not 32.
func (x *exchange) slim(res *http.Response) error {
	stream, ok := res.Body.(io.ReadWriteCloser)
	if !ok {
		return errors.New("the upstream's connection cannot be written")
	}
	res.Body = &socket{stream}
	res.Header.Set("Cf-Ray", x.pass.Identity.RequestID) // the gate stamps no answer that it does not see
	return nil
}

// socket is the upstream's side of a WebSocket. io.Copy uses its methods, in both
// directions.
type socket struct{ io.ReadWriteCloser }

const socketBuffer = 4 << 10

// WriteTo copies to the client.
func (s *socket) WriteTo(w io.Writer) (int64, error) { return copySmall(w, s.ReadWriteCloser) }

// ReadFrom copies from the client.
func (s *socket) ReadFrom(r io.Reader) (int64, error) { return copySmall(s.ReadWriteCloser, r) }

func copySmall(w io.Writer, r io.Reader) (int64, error) {
	buf := make([]byte, socketBuffer)
	var total int64
	for {
		n, err := r.Read(buf)
		if n > 0 {
			written, werr := w.Write(buf[:n])
			total += int64(written)
			if werr != nil {
				return total, werr
			}
		}
		switch {
		case err == io.EOF:
			return total, nil
		case err != nil:
			return total, err
		}
	}
}

// writer is the client's side of a forwarded answer. Interim answers end here:
// their headers would pass by what is done to those of the answer, and clients
// need none (RFC 9110, 15.2).
type writer struct{ http.ResponseWriter }

func (w *writer) WriteHeader(status int) {
	if status >= 200 || status == http.StatusSwitchingProtocols {
		w.ResponseWriter.WriteHeader(status)
	}
}

func (w *writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }
