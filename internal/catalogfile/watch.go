package catalogfile

import (
	"context"
	"log/slog"
	"os"
	"slices"
	"time"

	"github.com/tokenward/tokenward/internal/catalog"
)

// PollEvery is how often a Watcher looks at its files.
const PollEvery = 2 * time.Second

// Watcher loads the catalogues of files again when a file has changed. A file
// with errors changes nothing: what was in force stays, and the log says so.
type Watcher struct {
	base    *catalog.Catalog
	sources []Source
	use     func(*catalog.Catalog) error
	log     *slog.Logger

	loaded []os.FileInfo // of the files that were loaded last, also in vain
	seen   []os.FileInfo // as they were looked at last
}

// NewWatcher makes a Watcher over files that have just been loaded. use puts a
// catalogue in force.
func NewWatcher(base *catalog.Catalog, sources []Source, use func(*catalog.Catalog) error, log *slog.Logger) *Watcher {
	w := &Watcher{base: base, sources: sources, use: use, log: log}
	w.loaded = w.stat()
	w.seen = w.loaded
	return w
}

// Run looks at the files every PollEvery, and loads them at once when reload
// says so, until ctx ends.
func (w *Watcher) Run(ctx context.Context, reload <-chan os.Signal) {
	tick := time.NewTicker(PollEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			w.Poll()
		case <-reload:
			w.Reload()
		}
	}
}

// Poll loads the files if they have changed since they were loaded, and have not
// since the last Poll: half of a file that is being written may be a catalogue by
// itself.
func (w *Watcher) Poll() {
	now := w.stat()
	still := alike(now, w.seen)
	w.seen = now
	if still && !alike(now, w.loaded) {
		w.Reload()
	}
}

// Reload loads the files and puts them in force if they have no errors.
func (w *Watcher) Reload() {
	w.loaded = w.stat() // before they are read: what changes meanwhile is seen
	c, err := Load(w.base, w.sources)
	if err == nil {
		err = w.use(c)
	}
	if err != nil {
		w.log.Error("catalogue not loaded: the one before stays in force", "err", err)
		return
	}
	for _, api := range c.APIs() {
		w.log.Info("catalogue loaded", "catalogue", api.Name)
	}
}

func (w *Watcher) stat() []os.FileInfo {
	out := make([]os.FileInfo, len(w.sources))
	for i, s := range w.sources {
		out[i], _ = os.Stat(s.Path) // nil for a file that is not there
	}
	return out
}

func alike(a, b []os.FileInfo) bool {
	return slices.EqualFunc(a, b, func(x, y os.FileInfo) bool {
		if x == nil || y == nil {
			return x == nil && y == nil
		}
		return os.SameFile(x, y) && x.Size() == y.Size() && x.ModTime().Equal(y.ModTime())
	})
}
