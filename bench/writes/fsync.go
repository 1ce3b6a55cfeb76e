package writes

import (
	"errors"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

const (
	frame = 24 + 4096 // of SQLite's write-ahead log: a header and a page
	ring  = 1024      // frames of the file, which are written again and again
)

// Fsyncs is how often a second a file in a folder can be written and brought to
// the disk, one after the other, as a log of one page for each commit would be. The
// file does not grow meanwhile, as a log does not once it has been emptied.
func Fsyncs(dir string, d time.Duration) (float64, error) {
	f, err := os.Create(filepath.Join(dir, "fsync.tmp"))
	if err != nil {
		return 0, err
	}
	defer os.Remove(f.Name())
	n, took, err := fsyncs(f, d)
	if err := errors.Join(err, f.Close()); err != nil {
		return 0, err
	}
	return float64(n) / took.Seconds(), nil
}

func fsyncs(f *os.File, d time.Duration) (n int, took time.Duration, err error) {
	page := make([]byte, frame)
	for i := range ring {
		if _, err := f.WriteAt(page, int64(i*frame)); err != nil {
			return 0, 0, err
		}
	}
	if err := f.Sync(); err != nil {
		return 0, 0, err
	}
	begun := time.Now()
	for took < d {
		page[0]++
		if _, err := f.WriteAt(page, int64(n%ring*frame)); err != nil {
			return 0, 0, err
		}
		if err := unix.Fdatasync(int(f.Fd())); err != nil {
			return 0, 0, err
		}
		n++
		took = time.Since(begun)
	}
	return n, took, nil
}
