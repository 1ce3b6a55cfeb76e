package v4

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestResourcesComeBackAsTheyWereSent(t *testing.T) {
	for in, want := range map[string]Resources{
		`{}`:                              {},
		`{"a":"*"}`:                       {"a": {Value: "*"}},
		`{"a":{"b":"*","c":"*"},"d":"*"}`: {"a": {Nested: map[string]string{"b": "*", "c": "*"}}, "d": {Value: "*"}},
		`{"a":{}}`:                        {"a": {Nested: map[string]string{}}},
		`{"A":"*","a":"*"}`:               {"A": {Value: "*"}, "a": {Value: "*"}}, // names of the client's, in which case may count
		`{"a":"<&>"}`:                     {"a": {Value: "<&>"}},
	} {
		var got Resources
		if err := (Decoder{Strict: true}).Unmarshal([]byte(in), &got); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, %v", in, got, err)
		}
		prints(t, got, in)
	}
	prints(t, Resources(nil), `{}`)
}

func TestAResourceNamedTwiceIsRefused(t *testing.T) {
	for in, at := range map[string]string{
		`{"a":"*","b":"*","a":"-"}`:     "/a",
		`{"a":"*","\u0061":"-"}`:        "/a",
		`{"a":"*","a":{}}`:              "/a",
		`{"a":{"b":"*","b":"*"}}`:       "/a/b",
		`{"a":{"x/~y":"1","x/~y":"2"}}`: "/a/x~1~0y",
	} {
		refused(t, Decoder{}, in, new(Resources), at, "must be given only once")
		var de *DecodeError
		if err := json.Unmarshal([]byte(in), new(Resources)); !errors.As(err, &de) || de.Pointer != at {
			t.Errorf("encoding/json on %s: %v", in, err)
		}
	}
}

func TestResourcesAreStringsOrObjectsOfStrings(t *testing.T) {
	refused(t, Decoder{}, `[]`, new(Resources), "", "must be an object, not an array")
	refused(t, Decoder{}, `{"a":["*"]}`, new(Resources), "/a", `must be "*" or an object, not an array`)
	refused(t, Decoder{}, `{"a":null}`, new(Resources), "/a", `must be "*" or an object, not null`)
	refused(t, Decoder{}, `{"a":{"b":{"c":"*"}}}`, new(Resources), "/a/b", `must be "*", not an object`)
	refused(t, Decoder{}, `{"a":{"b":null}}`, new(Resources), "/a/b", `must be "*", not null`)
}

func TestResourcesAreBounded(t *testing.T) {
	list := func(n int, value string) string {
		var keys []string
		for i := range n {
			keys = append(keys, fmt.Sprintf(`"%d":%s`, i, value))
		}
		return "{" + strings.Join(keys, ",") + "}"
	}
	for _, in := range []string{list(MaxResources, `"*"`), list(MaxResources, `{}`), list(MaxResources/2, `{"a":"*"}`)} {
		if err := (Decoder{}).Unmarshal([]byte(in), new(Resources)); err != nil {
			t.Error(err)
		}
	}
	for _, in := range []string{list(MaxResources+1, `"*"`), list(MaxResources+1, `{}`), list(MaxResources/2+1, `{"a":"*"}`), `{"a":` + list(MaxResources, `"*"`) + `}`} {
		if err := (Decoder{}).Unmarshal([]byte(in), new(Resources)); err == nil || !strings.Contains(err.Error(), "at most 4096 resources") {
			t.Error(err)
		}
	}
	fits, long := strings.Repeat("x", MaxResourceBytes), strings.Repeat("x", MaxResourceBytes+1)
	for in, ok := range map[string]bool{
		`{"` + fits + `":"` + fits + `"}`: true, `{"` + long + `":"*"}`: false, `{"a":"` + long + `"}`: false,
		`{"` + long + `":{}}`: false, `{"a":{"` + long + `":"*"}}`: false, `{"a":{"b":"` + long + `"}}`: false,
	} {
		if err := (Decoder{}).Unmarshal([]byte(in), new(Resources)); (err == nil) != ok {
			t.Errorf("%d bytes: %v", len(in), err)
		}
	}
}

// FuzzResources holds that resources that were taken come back the same, and that
// nobody who reads them with encoding/json sees other ones.
func FuzzResources(f *testing.F) {
	for _, s := range []string{`{}`, `{"a":"*"}`, `{"a":{"b":"*"},"c":"*"}`, `{"a":"*","a":"*"}`, `{"\ud800":"*","\u00e9":{}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		var first, second Resources
		if (Decoder{}).Unmarshal(in, &first) != nil {
			return
		}
		printed := must(marshal(first))
		if err := (Decoder{Strict: true}).Unmarshal(printed, &second); err != nil || !reflect.DeepEqual(first, second) {
			t.Fatalf("%v came back as %v, %v", first, second, err)
		}
		var ours, theirs map[string]any
		if json.Unmarshal(printed, &ours) != nil || json.Unmarshal(in, &theirs) != nil || !reflect.DeepEqual(ours, theirs) {
			t.Fatalf("%s is %v to us and %v to encoding/json", in, ours, theirs)
		}
	})
}
