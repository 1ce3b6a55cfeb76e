package v4

import (
	"bytes"
	"encoding/json"
)

// marshal prints v without escaping <, > and &, which a JSON answer needs no
// more than any other character.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
