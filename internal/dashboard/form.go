package dashboard

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
)

// Limits of what is sent.
const (
	defaultForm = 64 << 10 // bytes of a form
	maxFields   = 2000
	maxQuery    = 16 << 10 // bytes
)

// form is what was posted, and what was wrong with it. Templates show a field
// with its value and its error; a form that nothing was wrong with carries the
// values that a new one starts with.
type form struct {
	values url.Values
	faults map[string]string // by field
	// Problem is what is wrong with the form as a whole.
	Problem string
}

func newForm() *form { return &form{values: url.Values{}, faults: make(map[string]string)} }

// Get is the first value of a field, "" for none.
func (f *form) Get(name string) string { return f.values.Get(name) }

// Trimmed is the first value without the space around it.
func (f *form) Trimmed(name string) string { return strings.TrimSpace(f.values.Get(name)) }

// All are the values of a field.
func (f *form) All(name string) []string { return f.values[name] }

// Has reports whether a field, such as a button, was sent.
func (f *form) Has(name string) bool { return f.values.Has(name) }

// Is reports whether a field was sent with a value: a box that is ticked, an
// option that is chosen.
func (f *form) Is(name, value string) bool { return slices.Contains(f.values[name], value) }

// Set gives a field its value.
func (f *form) Set(name string, values ...string) { f.values[name] = values }

// Error is what is wrong with a field, "" for nothing.
func (f *form) Error(name string) string { return f.faults[name] }

// fail says what is wrong with a field. The first fault of a field stays.
func (f *form) fail(name, message string) {
	if f.faults[name] == "" {
		f.faults[name] = message
	}
}

// Failed reports whether anything is wrong.
func (f *form) Failed() bool { return len(f.faults) > 0 || f.Problem != "" }

// take puts an error about what was sent beside the fields and returns nil; any
// other error it returns. fields says which field a pointer of the authority
// means, such as "/password": "new". A pointer that it does not name is
// looked up with the pointers above it, and else is a problem of the whole form.
// That what was sent is there already has no pointer: it stands beside the field
// that fields names for the constant taken.
func (f *form) take(err error, fields map[string]string) error {
	var own *authority.Error
	if !errors.As(err, &own) {
		return err
	}
	switch own.Code {
	case authority.CodeInvalid, authority.CodeExists, authority.CodeQuota, authority.CodeConflict:
	default:
		return err
	}
	switch name, ok := fields[taken]; {
	case len(own.Faults) > 0:
	case ok && own.Code == authority.CodeExists:
		f.fail(name, sentence(own.Message))
	default:
		f.problem(own.Message)
	}
	for _, fault := range own.Faults {
		f.takeFault(fault, fields)
	}
	return nil
}

// taken stands for a name that somebody else has, among the pointers of take.
const taken = "taken"

func (f *form) takeFault(fault policy.Fault, fields map[string]string) {
	for at := fault.Pointer; at != ""; at = at[:max(0, strings.LastIndexByte(at, '/'))] {
		if name, ok := fields[at]; ok {
			f.fail(name, sentence(fault.Message))
			return
		}
	}
	f.problem(fault.Message)
}

func (f *form) problem(message string) {
	if f.Problem == "" {
		f.Problem = sentence(message)
	}
}

// sentence begins with a capital letter, but for the name of something, and ends
// with a full stop: messages of the authority are written to be part of another.
func sentence(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return ""
	}
	if first, _, _ := strings.Cut(s, " "); !strings.ContainsAny(first, "._/") {
		s = strings.ToUpper(string(r)) + s[size:]
	}
	if !strings.ContainsAny(s[len(s)-1:], ".!?") {
		s += "."
	}
	return s
}

// readForm reads a posted form within its limits.
func readForm(w http.ResponseWriter, r *http.Request, limit int64) (*form, error) {
	f := newForm()
	if limit == 0 {
		limit = defaultForm
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if r.ContentLength != 0 && (err != nil || kind != "application/x-www-form-urlencoded") {
		return f, errNoForm
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	if err != nil {
		return f, err // a *http.MaxBytesError, or the client went away
	}
	values, err := parseFields(string(body))
	if err != nil {
		return f, err
	}
	f.values = values
	return f, nil
}

// errNoForm refuses what is no form of ours, or too much of one.
var errNoForm = &authority.Error{Code: authority.CodeInvalid, Message: "what was sent is no form of this page"}

func parseValues(query string) (url.Values, error) {
	if len(query) > maxQuery {
		return nil, errNoForm
	}
	return parseFields(query)
}

func parseFields(s string) (url.Values, error) {
	if strings.Count(s, "&") >= maxFields {
		return nil, errNoForm
	}
	values, err := url.ParseQuery(s)
	if err != nil {
		return nil, errNoForm
	}
	for name, list := range values {
		if !plain(name) || slices.ContainsFunc(list, func(v string) bool { return !plain(v) }) {
			return nil, errNoForm
		}
	}
	return values, nil
}

// plain is text that no browser would not send.
func plain(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }
