package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// secretFile receives a new secret. It is opened before the secret is issued, so
// that none is lost because the file cannot be written.
type secretFile struct {
	name string
	temp *os.File // in the folder of name, mode 0600
}

// openSecretFile gets ready to write name. Unless replace is set, it must not
// exist. A file that is replaced keeps its content until commit.
func openSecretFile(name string, replace bool) (*secretFile, error) {
	info, err := os.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, usagef("--output-file: %w", err)
	case !replace:
		return nil, usagef("--output-file: %s exists", name)
	case !info.Mode().IsRegular():
		return nil, usagef("--output-file: %s is not a regular file", name)
	}
	temp, err := os.CreateTemp(filepath.Dir(name), ".tokenward-*")
	if err != nil {
		return nil, usagef("--output-file: %w", err)
	}
	return &secretFile{name: name, temp: temp}, nil
}

// discard removes what was prepared; after commit it does nothing.
func (f *secretFile) discard() {
	if f != nil && f.temp != nil {
		f.temp.Close()
		os.Remove(f.temp.Name())
	}
}

// commit writes the secret and a line break.
func (f *secretFile) commit(secret string) error {
	_, err := f.temp.WriteString(secret + "\n")
	if err == nil {
		err = f.temp.Sync()
	}
	if e := f.temp.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.temp.Name(), f.name)
	}
	if err != nil {
		os.Remove(f.temp.Name())
	}
	f.temp = nil
	return err
}

// issued is what came of create and roll.
type issued struct {
	id     string
	secret string
	verify string // URL at which the secret can be tried
	object any    // for --json; without the secret when it went to a file
}

// deliver hands the secret over once: to the file, else on standard output,
// alone on its line, so that TOKEN=$(tokenward token create ...) works.
func (c *connection) deliver(out *secretFile, i issued) error {
	var err error
	if out != nil {
		err = out.commit(i.secret)
	}
	switch {
	case err != nil:
	case c.json:
		err = printJSON(c.stdout, i.object)
	case out == nil:
		_, err = fmt.Fprintln(c.stdout, i.secret)
	}
	if err != nil {
		return fmt.Errorf("token %s has a secret that could not be handed over (roll it to get another): %w", i.id, err)
	}
	if out != nil {
		c.note("The secret is in %s.", out.name)
	} else {
		c.note("This is the only time the secret is shown.")
	}
	c.note("With it in TOKEN, try it:\n  curl -H \"Authorization: Bearer $TOKEN\" %s", i.verify)
	return nil
}
