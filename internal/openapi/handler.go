package openapi

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"time"
)

// Paths that a Handler answers.
const (
	DocumentPath = "/openapi.json"
	PagePath     = "/docs"
)

// Handler serves a document and the page made of it. They are the same for
// everyone, and are made once.
type Handler struct{ document, page file }

// file is a text with the headers that go with it.
type file struct {
	text              []byte
	kind, tag, policy string
}

// NewHandler makes what a Handler serves.
func NewHandler(d *Document) (*Handler, error) {
	text, err := json.Marshal(d)
	if err != nil {
		return nil, err
	}
	page, err := render(d)
	if err != nil {
		return nil, err
	}
	style := sha256.Sum256([]byte(styleSheet))
	return &Handler{
		document: newFile(text, "application/json", "default-src 'none'"),
		page: newFile(page, "text/html; charset=utf-8", "default-src 'none'; style-src 'sha256-"+
			base64.StdEncoding.EncodeToString(style[:])+"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
	}, nil
}

func newFile(text []byte, kind, policy string) file {
	sum := sha256.Sum256(text)
	return file{text, kind, `"` + hex.EncodeToString(sum[:16]) + `"`, policy}
}

// Serves reports whether a path is one of a Handler's.
func Serves(path string) bool { return path == DocumentPath || path == PagePath }

// ServeHTTP answers GET and HEAD.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD", http.StatusMethodNotAllowed)
		return
	}
	f := h.document
	if r.URL.Path == PagePath {
		f = h.page
	}
	header := w.Header()
	header.Set("Content-Type", f.kind)
	header.Set("ETag", f.tag)
	// Asked for again after an upgrade, answered 304 otherwise.
	header.Set("Cache-Control", "public, no-cache")
	header.Set("Content-Security-Policy", f.policy)
	header.Set("X-Content-Type-Options", "nosniff")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.text))
}
