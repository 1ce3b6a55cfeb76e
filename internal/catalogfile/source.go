package catalogfile

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// Source is a file to load, and the account to bind it to; "" is what the file
// says.
type Source struct{ Path, Account string }

// ParseSource reads "FILE" or "FILE@ACCOUNT". What stands behind the last "@" is an
// account unless it has a dot or a slash, as the end of a file's name has.
func ParseSource(s string) (Source, error) {
	path, account := s, ""
	if i := strings.LastIndexByte(s, '@'); i >= 0 && !strings.ContainsAny(s[i+1:], "./") {
		path, account = s[:i], s[i+1:]
		if _, ok := policy.ParseID(account); !ok {
			return Source{}, fmt.Errorf("has %d characters behind its @, where an account's id of 32 hex digits belongs", len(account))
		}
	}
	if path == "" {
		return Source{}, errors.New("names no file")
	}
	return Source{path, account}, nil
}

// Load puts the catalogues of files beside base. The error names the file and the
// line of every error in them; warnings are left out, lint shows them.
func Load(base *catalog.Catalog, sources []Source) (*catalog.Catalog, error) {
	var specs []*catalog.Spec
	var faulty []error
	for _, s := range sources {
		spec, err := s.load()
		if err != nil {
			faulty = append(faulty, err)
			continue
		}
		specs = append(specs, spec)
	}
	if len(faulty) > 0 {
		return nil, errors.Join(faulty...)
	}
	if len(specs) == 0 {
		return base, nil
	}
	return catalog.Extend(base, specs...)
}

func (s Source) load() (*catalog.Spec, error) {
	data, err := ReadFile(s.Path, MaxSize)
	if err != nil {
		return nil, err
	}
	spec, faults := Parse(data, s.Account)
	if spec == nil {
		return nil, &FileError{s.Path, faults}
	}
	return spec, nil
}

// FileError is what is wrong with a file.
type FileError struct {
	Path   string
	Faults Faults
}

func (e *FileError) Error() string {
	var lines []string
	for line := range strings.Lines(e.Faults.Error()) {
		lines = append(lines, e.Path+":"+strings.TrimSpace(line))
	}
	return strings.Join(lines, "\n")
}

// ReadFile reads a file of at most max bytes.
func ReadFile(path string, max int) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, int64(max)+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if len(data) > max {
		return nil, fmt.Errorf("%s: has more than %d bytes", path, max)
	}
	return data, nil
}
