package dashboard

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
)

//go:embed static
var staticFiles embed.FS

// staticPath is what the paths of files begin with that pages load. A hash of
// the content follows, so that a file never changes under its address.
const staticPath = "/static/"

// static serves the files that pages load: app.css and app.js, which are all in
// static/css and static/js in the order of their names, and what lies beside.
type static struct {
	files map[string]asset  // by what follows staticPath
	urls  map[string]string // address by name
}

type asset struct {
	kind          string
	plain, packed []byte // packed is nil where packing does not help
}

func newStatic() (*static, error) {
	s := &static{files: make(map[string]asset), urls: make(map[string]string)}
	for name, folder := range map[string]string{"app.css": "static/css", "app.js": "static/js"} {
		text, err := joined(folder)
		if err != nil {
			return nil, err
		}
		if err := s.add(name, text); err != nil {
			return nil, err
		}
	}
	entries, err := fs.ReadDir(staticFiles, "static")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		content, err := staticFiles.ReadFile(path.Join("static", e.Name()))
		if err != nil {
			return nil, err
		}
		if err := s.add(e.Name(), content); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// joined are the files of a folder as one.
func joined(folder string) ([]byte, error) {
	names, err := fs.Glob(staticFiles, folder+"/*") // in order
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	for _, name := range names {
		text, err := staticFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		out.Write(text)
		out.WriteByte('\n')
	}
	return out.Bytes(), nil
}

func (s *static) add(name string, content []byte) error {
	kind, ok := map[string]string{
		".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
	}[path.Ext(name)]
	if !ok {
		return fmt.Errorf("no media type is known for %s", name)
	}
	sum := sha256.Sum256(content)
	at := hex.EncodeToString(sum[:8]) + "/" + name
	a := asset{kind: kind, plain: content}
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return err
	}
	z.Write(content)
	z.Close() // a buffer takes everything
	if out.Len() < len(content) {
		a.packed = out.Bytes()
	}
	s.files[at], s.urls[name] = a, staticPath+at
	return nil
}

// url is the address of a file.
func (s *static) url(name string) (string, error) {
	u, ok := s.urls[name]
	if !ok {
		return "", fmt.Errorf("there is no file %q", name)
	}
	return u, nil
}

// serve sends the file of a name with its hash. They are the same for everyone.
func (s *static) serve(w http.ResponseWriter, r *http.Request, name string) {
	h := w.Header()
	a, ok := s.files[name]
	switch {
	case !ok:
		h.Set("Cache-Control", "no-store")
		http.Error(w, "not found", http.StatusNotFound)
		return
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD", http.StatusMethodNotAllowed)
		return
	}
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	body := a.plain
	if a.packed != nil && takesGzip(r) {
		body = a.packed
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		w.Write(body)
	}
}
