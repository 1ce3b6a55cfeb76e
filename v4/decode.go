package v4

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"unicode/utf8"
)

const (
	// DefaultLimit is how long a request body may be, in bytes.
	DefaultLimit = 1 << 20

	// MaxDepth is how deep a body may be nested; {} is 1.
	MaxDepth = 32
)

// ErrTooLarge is in the chain of the DecodeError for a body beyond its limit.
var ErrTooLarge = errors.New("v4: body too large")

// Decoder reads request bodies into the types of this package, or any type with
// json tags. The zero value is ready to use.
//
// It differs from encoding/json where that would let two readers of one body
// disagree, and where it says too little to the client:
//
//   - members match by their exact name. encoding/json takes "Name" for "name";
//   - invalid UTF-8, half surrogate pairs and U+0000 are refused, not replaced or
//     left for a database to trip over;
//   - every error is a [DecodeError] that points to the member;
//   - a member replaces what v had, whole; when it is repeated the last one does.
//
// Unknown members are ignored. null leaves the zero value, except as an element
// of a list, where it is refused. Numbers such as 120.0 are integers.
type Decoder struct {
	// Limit is how long a body may be in bytes, 0 for DefaultLimit.
	Limit int64

	// Strict refuses what another reader could understand otherwise, for bodies
	// that decide (a resource is named in them): members given twice or in two
	// spellings that differ in case, at any depth, and members that differ only
	// in case from one that is known.
	Strict bool

	// AllowEmpty takes an empty body, or null, for calls whose body may be left
	// out; v is then as it was.
	AllowEmpty bool
}

// Decode reads a body of at most limit bytes (0 for DefaultLimit) into the value
// that v points to. The errors are those of [Decoder.Decode].
func Decode(r io.Reader, limit int64, v any) error {
	return Decoder{Limit: limit}.Decode(r, v)
}

// Decode reads all of r into the value that v points to. What is wrong with the
// body is a *DecodeError; any other error came from r.
func (d Decoder) Decode(r io.Reader, v any) error {
	body, err := io.ReadAll(io.LimitReader(r, d.limit()+1))
	if err != nil {
		return fmt.Errorf("read body: %w", err)
	}
	return d.Unmarshal(body, v)
}

// Unmarshal is Decode for a body that is already in memory.
func (d Decoder) Unmarshal(body []byte, v any) error {
	if int64(len(body)) > d.limit() {
		return &DecodeError{Problem: fmt.Sprintf("must be at most %d bytes long", d.limit()), Err: ErrTooLarge}
	}
	switch given := bytes.TrimSpace(body); {
	case len(given) > 0 && string(given) != "null":
		return unmarshal(body, v, d.Strict)
	case d.AllowEmpty:
		return nil
	case len(given) == 0:
		return &DecodeError{Problem: "must be JSON, but is empty"}
	}
	return &DecodeError{Problem: "must not be null"}
}

func (d Decoder) limit() int64 {
	if d.Limit <= 0 {
		return DefaultLimit
	}
	return d.Limit
}

// unmarshal checks body as a whole, so that the reader need not, and reads it.
func unmarshal(body []byte, v any, strict bool) error {
	if !utf8.Valid(body) {
		return &DecodeError{Problem: "must be UTF-8"}
	}
	if !json.Valid(body) {
		return syntaxError(body)
	}
	dst := reflect.ValueOf(v)
	if dst.Kind() != reflect.Pointer || dst.IsNil() {
		return fmt.Errorf("v4: decode into %T, which is not a pointer", v)
	}
	return (&reader{data: body, strict: strict}).into(dst.Elem())
}

func syntaxError(body []byte) error {
	var syntax *json.SyntaxError
	if errors.As(json.Unmarshal(body, new(json.RawMessage)), &syntax) {
		return &DecodeError{Problem: fmt.Sprintf("must be valid JSON; at byte %d: %s", syntax.Offset, syntax)}
	}
	return &DecodeError{Problem: "must be valid JSON"}
}
