package v4

// Field is a member of a request that may be absent, null or a value. Give it
// the tag option omitzero, so that an absent one is not printed.
type Field[T any] struct {
	Present bool // the member was there
	Null    bool // and was null; Value is then the zero T
	Value   T
}

// Set is a Field with a value.
func Set[T any](v T) Field[T] { return Field[T]{Present: true, Value: v} }

// Ptr is the value, or nil when there is none.
func (f Field[T]) Ptr() *T {
	if !f.Present || f.Null {
		return nil
	}
	return &f.Value
}

// IsZero reports whether the member is absent.
func (f Field[T]) IsZero() bool { return !f.Present }

// MarshalJSON prints the value, or null when there is none.
func (f Field[T]) MarshalJSON() ([]byte, error) {
	if p := f.Ptr(); p != nil {
		return marshal(*p)
	}
	return []byte("null"), nil
}

// UnmarshalJSON notes that the member is there and takes its value.
func (f *Field[T]) UnmarshalJSON(b []byte) error {
	return unmarshal(b, f, false)
}

// slot marks the field as present and is where its value goes.
func (f *Field[T]) slot(null bool) any {
	*f = Field[T]{Present: true, Null: null}
	return &f.Value
}
