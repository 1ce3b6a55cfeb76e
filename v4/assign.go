package v4

import (
	"encoding"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strconv"
)

// selfReader is a type of ours that reads itself, so that its errors point to the
// member inside it.
type selfReader interface{ readFrom(r *reader) error }

// slotted is a type that wants to know that its member is there; see [Field].
type slotted interface{ slot(null bool) any }

// into reads the next value into v, which is addressable.
func (r *reader) into(v reflect.Value) error {
	null := r.kind() == kindNull
	switch p := v.Addr().Interface().(type) {
	case slotted:
		inner := p.slot(null)
		if null {
			return r.skip()
		}
		return r.into(reflect.ValueOf(inner).Elem())
	case selfReader:
		v.SetZero()
		if null {
			return r.skip()
		}
		return p.readFrom(r)
	case json.Unmarshaler:
		v.SetZero()
		return r.raws(p.UnmarshalJSON)
	case encoding.TextUnmarshaler:
		v.SetZero()
		if null {
			return r.skip()
		}
		return r.text(p)
	}
	if null {
		v.SetZero()
		return r.skip()
	}
	return r.builtin(v)
}

// builtin reads a value that is not null into a v without a say in it.
func (r *reader) builtin(v reflect.Value) error {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return r.into(v.Elem())
	case reflect.Struct:
		return r.structure(v)
	case reflect.Slice:
		return r.slice(v)
	case reflect.Map:
		return r.mapping(v)
	case reflect.String:
		s, err := r.str()
		v.SetString(s)
		return err
	case reflect.Bool:
		if r.kind() != kindBool {
			return r.wrongType(kindBool)
		}
		v.SetBool(r.word() == "true")
		return nil
	case reflect.Interface:
		return r.raws(func(b []byte) error { return json.Unmarshal(b, v.Addr().Interface()) })
	}
	return r.number(v)
}

func (r *reader) structure(v reflect.Value) error {
	known := membersOf(v.Type())
	v.SetZero()
	return r.object(memberNames, func(name string) error {
		if index, ok := known.index[name]; ok {
			return r.into(v.FieldByIndex(index))
		}
		if r.strict {
			if spelling, ok := known.folded[foldName(name)]; ok {
				return r.fail("must be spelled " + strconv.Quote(spelling))
			}
		}
		return r.skip()
	})
}

// slice reads an array. An empty one is an empty slice and not nil, which tells
// it from an absent one.
func (r *reader) slice(v reflect.Value) error {
	if r.kind() != kindArray {
		return r.wrongType(kindArray)
	}
	out := reflect.MakeSlice(v.Type(), 0, 0)
	err := r.array(func(i int) error {
		if err := r.noNull(v.Type().Elem()); err != nil {
			return err
		}
		out = reflect.Append(out, reflect.Zero(v.Type().Elem()))
		return r.into(out.Index(i))
	})
	v.Set(out)
	return err
}

// mapping reads an object whose names are data into a map with string keys.
func (r *reader) mapping(v reflect.Value) error {
	if v.Type().Key().Kind() != reflect.String {
		return errors.New("v4: decode into a map without string keys")
	}
	v.Set(reflect.MakeMap(v.Type()))
	return r.object(dataKeys, func(name string) error {
		if err := r.noNull(v.Type().Elem()); err != nil {
			return err
		}
		elem := reflect.New(v.Type().Elem()).Elem()
		if err := r.into(elem); err != nil {
			return err
		}
		v.SetMapIndex(reflect.ValueOf(name).Convert(v.Type().Key()), elem)
		return nil
	})
}

// noNull refuses null as an element where it could not be told from a zero value.
func (r *reader) noNull(elem reflect.Type) error {
	switch elem.Kind() {
	case reflect.Pointer, reflect.Interface:
		return nil
	}
	if r.kind() == kindNull && elem != reflect.TypeFor[json.RawMessage]() {
		return r.fail("must not be null")
	}
	return nil
}

// number reads a number into an integer or a float.
func (r *reader) number(v reflect.Value) error {
	if r.kind() != kindNumber {
		return r.wrongType(kindNumber)
	}
	word := r.word()
	switch {
	case v.CanFloat():
		f, err := strconv.ParseFloat(word, 64)
		if err != nil || v.OverflowFloat(f) {
			return r.fail("must be a smaller number")
		}
		v.SetFloat(f)
	case v.CanInt():
		n, ok := integer(word)
		if !ok || v.OverflowInt(n) {
			return r.fail("must be a whole number in range")
		}
		v.SetInt(n)
	case v.CanUint():
		n, ok := integer(word)
		if !ok || n < 0 || v.OverflowUint(uint64(n)) {
			return r.fail("must be a whole number in range, not below 0")
		}
		v.SetUint(uint64(n))
	default:
		return errors.New("v4: decode into a " + v.Kind().String())
	}
	return nil
}

// integer takes 120 and also 120.0 and 1.2e2, which are the same number in JSON,
// while a float64 is exact.
func integer(word string) (int64, bool) {
	if n, err := strconv.ParseInt(word, 10, 64); err == nil {
		return n, true
	}
	f, err := strconv.ParseFloat(word, 64)
	return int64(f), err == nil && f == math.Trunc(f) && math.Abs(f) <= 1<<53
}

// text reads a string into a type that takes one.
func (r *reader) text(p encoding.TextUnmarshaler) error {
	s, err := r.str()
	if err != nil {
		return err
	}
	return r.placed(p.UnmarshalText([]byte(s)))
}

// raws hands the next value to read, as it is written.
func (r *reader) raws(read func([]byte) error) error {
	b, err := r.raw()
	if err != nil {
		return err
	}
	return r.placed(read(b))
}

// placed gives an error from inside a value its place in the body.
func (r *reader) placed(err error) error {
	var inner *DecodeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &inner):
		return &DecodeError{Pointer: pointer(r.path) + inner.Pointer, Problem: inner.Problem, Err: inner.Err}
	}
	return &DecodeError{Pointer: pointer(r.path), Problem: "does not have the right form", Err: err}
}
