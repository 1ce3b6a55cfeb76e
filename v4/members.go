package v4

import (
	"reflect"
	"strings"
	"sync"
)

// members are the JSON names of a struct type.
type members struct {
	index  map[string][]int  // name to reflect field index
	folded map[string]string // name without case to name
}

// memberCache holds what membersOf has found out, by reflect.Type.
var memberCache sync.Map

// membersOf is what the json tags of a struct type say. The fields of embedded
// structs count as its own; embedded pointers are not supported.
func membersOf(t reflect.Type) *members {
	if m, ok := memberCache.Load(t); ok {
		return m.(*members)
	}
	m := &members{index: map[string][]int{}, folded: map[string]string{}}
	for _, f := range reflect.VisibleFields(t) {
		tag := f.Tag.Get("json")
		name, _, _ := strings.Cut(tag, ",")
		if !f.IsExported() || tag == "-" || f.Anonymous && name == "" || throughPointer(t, f.Index) {
			continue
		}
		if name == "" {
			name = f.Name
		}
		m.index[name] = f.Index
		m.folded[foldName(name)] = name
	}
	got, _ := memberCache.LoadOrStore(t, m)
	return got.(*members)
}

// throughPointer reports whether the way to a field goes through an embedded
// pointer, which may be nil.
func throughPointer(t reflect.Type, index []int) bool {
	for _, i := range index[:len(index)-1] {
		f := t.Field(i)
		if f.Type.Kind() == reflect.Pointer {
			return true
		}
		t = f.Type
	}
	return false
}
