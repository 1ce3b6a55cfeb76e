package store

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/tokenward/tokenward/internal/token"
)

// micros is a time as a column holds it: microseconds UTC, NULL for the zero time.
func micros(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

// instant scans such a column.
type instant struct{ t *time.Time }

func (i instant) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*i.t = time.Time{}
	case int64:
		*i.t = time.UnixMicro(v).UTC()
	default:
		return fmt.Errorf("a time is a %T", v)
	}
	return nil
}

// jsonText is a value as a column of JSON.
func jsonText(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

// jsonColumn scans such a column; NULL leaves the value as it is.
type jsonColumn struct{ into any }

func (c jsonColumn) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		return json.Unmarshal([]byte(v), c.into)
	case []byte:
		return json.Unmarshal(v, c.into)
	default:
		return fmt.Errorf("JSON is a %T", v)
	}
}

// rawText is JSON kept byte for byte, NULL for nil.
func rawText(raw json.RawMessage) any {
	if raw == nil {
		return nil
	}
	return string(raw)
}

// rawColumn scans such a column.
type rawColumn struct{ into *json.RawMessage }

func (c rawColumn) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*c.into = nil
	case string:
		*c.into = json.RawMessage(v)
	case []byte:
		*c.into = append(json.RawMessage{}, v...)
	default:
		return fmt.Errorf("JSON is a %T", v)
	}
	return nil
}

// digestColumn scans a digest; NULL is the zero digest.
type digestColumn struct{ d *token.Digest }

func (c digestColumn) Scan(v any) error {
	if v == nil {
		*c.d = token.Digest{}
		return nil
	}
	b, ok := v.([]byte)
	if !ok || len(b) != len(c.d) {
		return fmt.Errorf("a digest is %T of %d bytes", v, len(b))
	}
	copy(c.d[:], b)
	return nil
}
