package dashboard

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// minGzip is the size from which compressing a page is worth the work.
const minGzip = 1400

// answer is a whole answer, ready to be written.
type answer struct {
	status   int
	location string
	kind     string // media type
	saveAs   string // file name of a download
	body     []byte
	secret   bool
	keep     bool // until its address changes
}

// render makes the answer of a page. Nothing has been written yet, so that a
// template that fails ends in a clean 500.
func (d *Dashboard) render(ctx context.Context, in *request, p page) (answer, error) {
	switch {
	case p.location != "":
		to := localPath(p.location)
		if to == "" {
			return answer{}, fmt.Errorf("a redirect leads to %q, which is not a path here", p.location)
		}
		return answer{status: http.StatusSeeOther, location: to}, nil
	case p.file != nil:
		return answer{status: http.StatusOK, kind: p.file.kind, saveAs: p.file.name, body: p.file.content, secret: p.secret, keep: p.file.keep}, nil
	}
	if p.status == 0 {
		p.status = http.StatusOK
	}
	t, ok := d.templates[p.name]
	if !ok {
		return answer{}, fmt.Errorf("there is no template %q", p.name)
	}
	var out bytes.Buffer
	if err := t.ExecuteTemplate(&out, "layout", d.view(ctx, in, p)); err != nil {
		return answer{}, fmt.Errorf("render %s: %w", p.name, err)
	}
	return answer{status: p.status, kind: "text/html; charset=utf-8", body: out.Bytes(), secret: p.secret}, nil
}

// apology is the answer when not even a page can be made.
func (d *Dashboard) apology(in *request, err error) answer {
	d.log.Error("dashboard", "request", in.id, "method", in.http.Method, "path", in.event.URI, "err", err)
	body := `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Not now</title><h1>Not now</h1>` +
		`<p>The request could not be carried out. Try again in a moment. If it happens again, report it with the number ` + in.id + `.</p></html>`
	return answer{status: http.StatusServiceUnavailable, kind: "text/html; charset=utf-8", body: []byte(body)}
}

// write sends the answer. Pages are for one reader and are kept by nobody, but for
// data under an address that changes with it.
func (a answer) write(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	if a.keep && !a.secret {
		h.Set("Cache-Control", "private, max-age=31536000, immutable")
	}
	h.Set("Vary", "Cookie, Accept-Encoding, Accept-Language")
	if a.location != "" {
		h.Set("Location", a.location)
		w.WriteHeader(a.status)
		return
	}
	if a.secret {
		// The origin alone: not the path, in which a link's secret is.
		h.Set("Referrer-Policy", "strict-origin")
	}
	if a.saveAs != "" {
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": a.saveAs}))
	}
	h.Set("Content-Type", a.kind)
	body := a.body
	// What stands beside a secret could be guessed from the length of both.
	if !a.secret && len(body) >= minGzip && takesGzip(r) {
		body = compressed(body)
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(a.status)
	if r.Method != http.MethodHead {
		w.Write(body) // a client that went away is nobody's error
	}
}

func takesGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		coding, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if coding == "gzip" && !strings.HasPrefix(strings.TrimSpace(weight), "q=0") {
			return true
		}
	}
	return false
}

func compressed(b []byte) []byte {
	var out bytes.Buffer
	z, _ := gzip.NewWriterLevel(&out, gzip.BestSpeed) // the level is one there is
	z.Write(b)
	z.Close() // a buffer takes everything
	return out.Bytes()
}
