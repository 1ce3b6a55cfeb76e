package v4

import "fmt"

const (
	// MaxResources is how many resources a policy may name, nested ones counted.
	MaxResources = 4096

	// MaxResourceBytes is how long a resource key or its value may be.
	MaxResourceBytes = 512
)

// Resources are the resources of a policy by key (contract 3.4). Flat and nested
// values may be mixed. The order of keys means nothing and prints sorted.
//
// A key given twice is refused: which of the two counts would be for each reader
// to choose.
type Resources map[string]Resource

// Resource is what a policy covers of one key: a value, "*" in practice, or the
// resources inside it when Nested is not nil.
type Resource struct {
	Value  string
	Nested map[string]string
}

// MarshalJSON prints an object, {} for nil.
func (rs Resources) MarshalJSON() ([]byte, error) {
	if len(rs) == 0 {
		return []byte("{}"), nil
	}
	return marshal(map[string]Resource(rs))
}

// UnmarshalJSON takes an object of strings and objects of strings, within
// MaxResources and MaxResourceBytes. Errors are *DecodeError.
func (rs *Resources) UnmarshalJSON(b []byte) error { return unmarshal(b, rs, false) }

// MarshalJSON prints the value, or the object inside.
func (r Resource) MarshalJSON() ([]byte, error) {
	if r.Nested != nil {
		return marshal(r.Nested)
	}
	return marshal(r.Value)
}

func (rs *Resources) readFrom(r *reader) error {
	in := resourceReader{reader: r, room: MaxResources}
	out := Resources{}
	err := in.object(uniqueKeys, func(key string) error {
		res, err := in.resource(key)
		out[key] = res
		return err
	})
	*rs = out
	return err
}

// resourceReader reads resources while there is room for more.
type resourceReader struct {
	*reader
	room int
}

// resource reads what a policy covers of key. One that only holds others takes
// room like them, or a body could have any number of empty ones.
func (r *resourceReader) resource(key string) (Resource, error) {
	if r.kind() != kindObject {
		value, err := r.value(key, `"*" or an object`)
		return Resource{Value: value}, err
	}
	nested := map[string]string{}
	if err := r.admit(key); err != nil {
		return Resource{}, err
	}
	err := r.object(uniqueKeys, func(key string) error {
		value, err := r.value(key, `"*"`)
		nested[key] = value
		return err
	})
	return Resource{Nested: nested}, err
}

func (r *resourceReader) value(key string, want kind) (string, error) {
	if r.kind() != kindString {
		return "", r.wrongType(want)
	}
	if err := r.admit(key); err != nil {
		return "", err
	}
	s, err := r.str()
	if err == nil && len(s) > MaxResourceBytes {
		err = r.fail(fmt.Sprintf("must be at most %d bytes long", MaxResourceBytes))
	}
	return s, err
}

// admit holds one more key against the limits.
func (r *resourceReader) admit(key string) error {
	if len(key) > MaxResourceBytes {
		return r.fail(fmt.Sprintf("must have a name of at most %d bytes", MaxResourceBytes))
	}
	if r.room--; r.room < 0 {
		return r.fail(fmt.Sprintf("must be left out: a policy names at most %d resources", MaxResources))
	}
	return nil
}
