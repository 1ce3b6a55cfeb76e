package upstream

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// lookEvery is how often the file of a credential is looked at.
const lookEvery = 2 * time.Second

// maxCredential is how long a credential may be, in bytes.
const maxCredential = 8 << 10

// credential is what an upstream is called with. It is read from a file, and
// again when the file has changed; a file that holds none any more changes
// nothing.
type credential struct {
	file string
	log  *slog.Logger

	value atomic.Pointer[string]
	next  atomic.Int64 // Unix nanoseconds of the next look

	mu   sync.Mutex
	seen os.FileInfo
}

// openCredential reads the file, which must hold a credential; "" makes one that
// is empty for ever.
func openCredential(file string, log *slog.Logger) (*credential, error) {
	c := &credential{file: file, log: log}
	c.value.Store(new(string))
	if file == "" {
		return c, nil
	}
	c.next.Store(time.Now().Add(lookEvery).UnixNano())
	c.seen, _ = os.Stat(file)
	secret, err := readCredential(file)
	if err != nil {
		return nil, err
	}
	c.value.Store(&secret)
	return c, nil
}

// reveal gives the credential, "" for none.
func (c *credential) reveal() string {
	if c.file != "" {
		now, next := time.Now().UnixNano(), c.next.Load()
		if now >= next && c.next.CompareAndSwap(next, now+int64(lookEvery)) {
			c.look()
		}
	}
	return *c.value.Load()
}

// look reads the file if it is another than the one seen last.
func (c *credential) look() {
	c.mu.Lock()
	defer c.mu.Unlock()
	now, err := os.Stat(c.file)
	if err == nil && c.seen != nil && os.SameFile(now, c.seen) && now.Size() == c.seen.Size() && now.ModTime().Equal(c.seen.ModTime()) {
		return
	}
	if err != nil && c.seen == nil {
		return // and was logged
	}
	c.seen = now
	secret, err := readCredential(c.file)
	if err != nil {
		c.log.Error("upstream credential not read: the one before stays in use", "file", c.file, "err", err)
		return
	}
	c.value.Store(&secret)
	c.log.Info("upstream credential read again", "file", c.file)
}

// readCredential reads a file of one line. What is in it is in no error.
func readCredential(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxCredential+1))
	if err != nil {
		return "", fmt.Errorf("read %s: %w", file, err)
	}
	secret := strings.TrimSpace(string(raw))
	switch {
	case len(raw) > maxCredential:
		return "", fmt.Errorf("%s: is longer than %d bytes", file, maxCredential)
	case secret == "":
		return "", errors.New(file + ": is empty")
	}
	for i := range len(secret) {
		if secret[i] < ' ' || secret[i] > '~' {
			return "", errors.New(file + ": holds more than one line of visible ASCII")
		}
	}
	return secret, nil
}
