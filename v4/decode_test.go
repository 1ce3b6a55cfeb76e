package v4

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
)

// refused checks that a body is refused with this problem at this place.
func refused(t *testing.T, d Decoder, body string, v any, at, problem string) {
	t.Helper()
	err := d.Unmarshal([]byte(body), v)
	var de *DecodeError
	if !errors.As(err, &de) {
		t.Errorf("%.80s was not refused: %v", body, err)
	} else if de.Pointer != at || !strings.HasPrefix(de.Problem, problem) {
		t.Errorf("%.80s: %q %q\nwant %q %q", body, de.Pointer, de.Problem, at, problem)
	}
}

// everything has a member of each type that a body may be read into.
type everything struct {
	String  string            `json:"string"`
	Bool    bool              `json:"bool"`
	Int     int               `json:"int"`
	Small   int8              `json:"small"`
	Uint    uint16            `json:"uint"`
	Float   float64           `json:"float"`
	Pointer *int              `json:"pointer"`
	List    List[string]      `json:"list"`
	Structs []GroupRefRequest `json:"structs"`
	Map     map[string]int    `json:"map"`
	Any     any               `json:"any"`
	Raw     json.RawMessage   `json:"raw"`
	Field   Field[string]     `json:"field"`
	Nested  Field[inner]      `json:"nested"`
	Addr    netip.Addr        `json:"addr"`
	Time    Time              `json:"time"`
	inner
	Ignored string `json:"-"`
	hidden  string
}

type inner struct {
	Embedded string `json:"embedded"`
}

func TestATokenRequestIsReadWhole(t *testing.T) {
	var got TokenRequest
	err := Decode(strings.NewReader(`{
		"name": "dns bot", "id": "ignored", "issued_on": 5, "value": {"ignored": [true, null]},
		"policies": [{"id": "c0ff", "effect": "allow",
			"permission_groups": [{"id": "82e6", "name": 7, "meta": {"a": []}}, {"id": "4755"}],
			"resources": {"account.0a1b": {"zone.*": "*"}}}],
		"condition": {"request.ip": {"in": ["192.0.2.0/24"]}},
		"not_before": null, "expires_on": "2027-02-01T00:00:00Z"
	}`), 0, &got)
	expires := Time{}
	if err := expires.UnmarshalJSON([]byte(`"2027-02-01T00:00:00Z"`)); err != nil {
		t.Fatal(err)
	}
	want := TokenRequest{
		Name: "dns bot",
		Policies: []PolicyRequest{{ID: "c0ff", Effect: "allow", PermissionGroups: []GroupRefRequest{{"82e6"}, {"4755"}},
			Resources: Resources{"account.0a1b": {Nested: map[string]string{"zone.*": "*"}}}}},
		Condition: Set(Condition{&RequestIP{In: []string{"192.0.2.0/24"}}}),
		NotBefore: Field[Time]{Present: true, Null: true},
		ExpiresOn: Set(expires),
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v\nwant %+v", got, err, want)
	}
	prints(t, got, `{"name":"dns bot","policies":[{"id":"c0ff","effect":"allow","permission_groups":[{"id":"82e6"},{"id":"4755"}],"resources":{"account.0a1b":{"zone.*":"*"}}}],`+
		`"condition":{"request_ip":{"in":["192.0.2.0/24"]},"request.ip":{"in":["192.0.2.0/24"]}},"not_before":null,"expires_on":"2027-02-01T00:00:00Z"}`)
}

func TestEveryKindOfMemberIsRead(t *testing.T) {
	three := 3
	for body, want := range map[string]everything{
		`{"string":"a\n\ud83d\ude00é"}`:  {String: "a\n😀é"},
		`{"bool":true,"int":-5}`:         {Bool: true, Int: -5},
		`{"int":120.0,"small":1.2e1}`:    {Int: 120, Small: 12},
		`{"uint":65535,"float":2.5e-1}`:  {Uint: math.MaxUint16, Float: 0.25},
		`{"pointer":3,"list":["a","b"]}`: {Pointer: &three, List: List[string]{"a", "b"}},
		`{"list":[],"structs":[]}`:       {List: List[string]{}, Structs: []GroupRefRequest{}},
		`{"map":{"a":1,"A":2}}`:          {Map: map[string]int{"a": 1, "A": 2}},
		`{"any":[1,"a"],"raw":{ "a":1}}`: {Any: []any{1.0, "a"}, Raw: json.RawMessage(`{ "a":1}`)},
		`{"field":"a"}`:                  {Field: Set("a")},
		`{"field":null,"nested":null}`:   {Field: Field[string]{Present: true, Null: true}, Nested: Field[inner]{Present: true, Null: true}},
		`{"nested":{"embedded":"a"}}`:    {Nested: Set(inner{"a"})},
		`{"embedded":"a"}`:               {inner: inner{"a"}},
		`{"addr":"192.0.2.1"}`:           {Addr: netip.MustParseAddr("192.0.2.1")},
		`{"Ignored":"a","hidden":"a","-":"a","inner":{"embedded":"a"},"":1}`:                                              {},
		`{"string":null,"bool":null,"int":null,"pointer":null,"list":null,"map":null,"any":null,"addr":null,"time":null}`: {},
		"\t{ \"int\" :\r\n 1 , \"list\" : [ \"a\" , \"b\" ] } ":                                                           {Int: 1, List: List[string]{"a", "b"}},
	} {
		for _, d := range []Decoder{{}, {Strict: true}} {
			var got everything
			if err := d.Unmarshal([]byte(body), &got); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %+v, %v", body, got, err)
			}
		}
	}
}

func TestErrorsPointToTheMember(t *testing.T) {
	for _, c := range []struct{ body, at, problem string }{
		{`{"name":5}`, "/name", "must be a string, not a number"},
		{`{"name":["a"]}`, "/name", "must be a string, not an array"},
		{`{"policies":{}}`, "/policies", "must be an array, not an object"},
		{`{"policies":[{"effect":"allow"},{"effect":true}]}`, "/policies/1/effect", "must be a string, not true or false"},
		{`{"policies":["allow"]}`, "/policies/0", "must be an object, not a string"},
		{`{"policies":[null]}`, "/policies/0", "must not be null"},
		{`{"policies":[{"permission_groups":[{"id":"a"},{"id":1}]}]}`, "/policies/0/permission_groups/1/id", "must be a string, not a number"},
		{`{"policies":[{"resources":{"a.b":{"c":1}}}]}`, "/policies/0/resources/a.b/c", `must be "*", not a number`},
		{`{"condition":[]}`, "/condition", "must be an object, not an array"},
		{`{"condition":{"request.ip":{"in":"192.0.2.1"}}}`, "/condition/request.ip/in", "must be an array, not a string"},
		{`{"condition":{"request_ip":{"in":["192.0.2.1",null]}}}`, "/condition/request_ip/in/1", "must not be null"},
		{`{"expires_on":"tomorrow"}`, "/expires_on", "must be an RFC 3339 time such as 2026-11-01T00:00:00Z"},
		{`{"expires_on":5}`, "/expires_on", "must be an RFC 3339 time"},
		{`{"name":"a\u0000b"}`, "/name", "must not have the character U+0000"},
		{`{"name":"\ud800"}`, "/name", "must not have half of a surrogate pair"},
		{`[]`, "", "must be an object, not an array"},
		{`"a"`, "", "must be an object, not a string"},
	} {
		refused(t, Decoder{}, c.body, new(TokenRequest), c.at, c.problem)
	}
	for _, c := range []struct{ body, at, problem string }{
		{`{"bool":"true"}`, "/bool", "must be true or false, not a string"},
		{`{"int":"1"}`, "/int", "must be a number, not a string"},
		{`{"int":1.5}`, "/int", "must be a whole number in range"},
		{`{"int":1e300}`, "/int", "must be a whole number in range"},
		{`{"small":128}`, "/small", "must be a whole number in range"},
		{`{"uint":-1}`, "/uint", "must be a whole number in range, not below 0"},
		{`{"float":1e999}`, "/float", "must be a smaller number"},
		{`{"map":{"a":null}}`, "/map/a", "must not be null"},
		{`{"map":{"a/b~":"x"}}`, "/map/a~1b~0", "must be a number, not a string"},
		{`{"addr":"localhost"}`, "/addr", "does not have the right form"},
		{`{"nested":{"embedded":1}}`, "/nested/embedded", "must be a string, not a number"},
	} {
		refused(t, Decoder{}, c.body, new(everything), c.at, c.problem)
	}
}

func TestErrorsAreSentences(t *testing.T) {
	err := Decode(strings.NewReader(`{"policies":[{"effect":1}]}`), 0, new(TokenRequest))
	if got := err.Error(); got != "/policies/0/effect must be a string, not a number" {
		t.Error(got)
	}
	err = Decode(strings.NewReader(`{`), 0, new(TokenRequest))
	if got := err.Error(); got != "the body must be valid JSON; at byte 1: unexpected end of JSON input" {
		t.Error(got)
	}
	name := strings.Repeat("é", 1000)
	err = Decode(strings.NewReader(`{"map":{"`+name+`":"x"}}`), 0, new(everything))
	if got := err.Error(); len(got) > 200 {
		t.Errorf("the error repeats a long name: %d bytes", len(got))
	}
	value := "a value that may be a secret"
	for _, body := range []string{`{"name":{"x":"` + value + `"}}`, `{"expires_on":"` + value + `"}`, `{"name":"` + value + `" x}`} {
		if err := Decode(strings.NewReader(body), 0, new(TokenRequest)); err == nil || strings.Contains(err.Error(), value) {
			t.Errorf("%v", err)
		}
	}
}

func TestWhatIsNotOneJSONValueIsRefused(t *testing.T) {
	for _, body := range []string{
		`{`, `{"name":"a"`, `{"name":"a",}`, `{name:"a"}`, `{'name':'a'}`, `{"name":"a"} {}`, `{"name":"a"}x`, `{"name":"a"}]`, `x`,
		`{"name":"a" /* */}`, `{"int":01}`, `{"int":.5}`, `{"int":NaN}`, "\xef\xbb\xbf{}", "{\"name\":\"a\nb\"}", `{"name":"\x41"}`,
	} {
		refused(t, Decoder{}, body, new(TokenRequest), "", "must be valid JSON")
	}
	refused(t, Decoder{}, "{\"name\":\"\xff\"}", new(TokenRequest), "", "must be UTF-8")
	refused(t, Decoder{}, "{\"unknown\xc3\":1}", new(TokenRequest), "", "must be UTF-8")
}

func TestAnEmptyBodyIsTakenOnlyWhereItMayBeLeftOut(t *testing.T) {
	for _, body := range []string{"", " \r\n\t", "null", " null\n"} {
		if err := (Decoder{}).Unmarshal([]byte(body), new(TokenRequest)); err == nil {
			t.Errorf("%q was taken", body)
		}
		got := TokenRequest{Name: "as it was"}
		if err := (Decoder{AllowEmpty: true}).Unmarshal([]byte(body), &got); err != nil || got.Name != "as it was" {
			t.Errorf("%q: %+v, %v", body, got, err)
		}
	}
	if err := (Decoder{AllowEmpty: true}).Unmarshal([]byte(`{}`), new(struct{})); err != nil {
		t.Error(err)
	}
	refused(t, Decoder{AllowEmpty: true}, `[]`, new(struct{}), "", "must be an object")
}

func TestBodiesAreBounded(t *testing.T) {
	body := `{"name":"` + strings.Repeat("x", 100) + `"}`
	for limit, ok := range map[int64]bool{int64(len(body)): true, int64(len(body)) - 1: false, 0: true, -1: true} {
		err := Decode(strings.NewReader(body), limit, new(TokenRequest))
		if (err == nil) != ok || errors.Is(err, ErrTooLarge) == ok {
			t.Errorf("limit %d: %v", limit, err)
		}
	}
	huge := io.MultiReader(strings.NewReader(`"`), neverEnding{})
	if err := Decode(huge, 0, new(any)); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
}

type neverEnding struct{}

func (neverEnding) Read(p []byte) (int, error) {
	return copy(p, bytes.Repeat([]byte("x"), len(p))), nil
}

func TestAnErrorOfTheConnectionIsNotTheClientsFault(t *testing.T) {
	broken := errors.New("broken")
	err := Decode(iotest.ErrReader(broken), 0, new(TokenRequest))
	var de *DecodeError
	if !errors.Is(err, broken) || errors.As(err, &de) {
		t.Error(err)
	}
}

func TestDepthIsBounded(t *testing.T) {
	nest := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	deep := func(n int) string { return strings.Repeat(`{"a":`, n-1) + "{}" + strings.Repeat("}", n-1) }
	for _, member := range []string{"unknown", "any", "raw"} {
		for _, inside := range []func(int) string{nest, deep} {
			if err := (Decoder{}).Unmarshal([]byte(`{"`+member+`":`+inside(MaxDepth-1)+`}`), new(everything)); err != nil {
				t.Error(err)
			}
			err := (Decoder{}).Unmarshal([]byte(`{"`+member+`":`+inside(MaxDepth)+`}`), new(everything))
			if err == nil || !strings.Contains(err.Error(), "32 levels") {
				t.Errorf("%s: %v", member, err)
			}
		}
	}
	if err := Decode(strings.NewReader(nest(500_000)), 0, new(any)); err == nil {
		t.Error("a very deep body was taken")
	}
}

// encoding/json takes "Name" for "name", and the last of the two counts: one
// reader of the body judges the first, the next one acts on the second.
func TestMembersMatchByTheirExactName(t *testing.T) {
	var got TokenRequest
	if err := Decode(strings.NewReader(`{"Name":"a","POLICIES":5,"ſtatus":"disabled"}`), 0, &got); err != nil || !reflect.DeepEqual(got, TokenRequest{}) {
		t.Errorf("%+v, %v", got, err)
	}
	if err := Decode(strings.NewReader(`{"name":"a","Name":"b"}`), 0, &got); err != nil || got.Name != "a" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestTheLastOfTwoMembersReplacesTheFirstWhole(t *testing.T) {
	var got PolicyRequest
	body := `{"permission_groups":[{"id":"a"},{"id":"b"}],"effect":"allow","permission_groups":[{}],"effect":null}`
	if err := Decode(strings.NewReader(body), 0, &got); err != nil || !reflect.DeepEqual(got, PolicyRequest{PermissionGroups: []GroupRefRequest{{}}}) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestStrictRefusesWhatAnotherReaderCouldUnderstandOtherwise(t *testing.T) {
	for _, c := range []struct{ body, at, problem string }{
		{`{"name":"a","name":"a"}`, "/name", "must be given only once"},
		{`{"name":"a","n\u0061me":"b"}`, "/name", "must be given only once"},
		{`{"name":"a","Name":"b"}`, "/Name", `must not stand beside "name"`},
		{`{"Name":"a"}`, "/Name", `must be spelled "name"`},
		{`{"ſtatus":"a"}`, "/ſtatus", `must be spelled "status"`},
		{`{"policies":[{"Effect":"allow"}]}`, "/policies/0/Effect", `must be spelled "effect"`},
		{`{"policies":[{"effect":"deny","effect":"allow"}]}`, "/policies/0/effect", "must be given only once"},
		{`{"condition":{"Request_IP":{}}}`, "/condition/Request_IP", `must be spelled "request_ip"`},
		{`{"condition":{"request.ip":{"in":[],"IN":[]}}}`, "/condition/request.ip/IN", `must not stand beside "in"`},
		{`{"unknown":{"a":[{"b":1,"b":2}]}}`, "/unknown/a/0/b", "must be given only once"},
		{`{"unknown":{"K":1,"\u212a":2}}`, "/unknown/\u212a", `must not stand beside "K"`},
		{`{"policies":[{"permission_groups":[{"id":"a","meta":{"x":1,"X":1}}]}]}`, "/policies/0/permission_groups/0/meta/X", `must not stand beside "x"`},
	} {
		refused(t, Decoder{Strict: true}, c.body, new(TokenRequest), c.at, c.problem)
		if err := (Decoder{}).Unmarshal([]byte(c.body), new(TokenRequest)); err != nil {
			t.Errorf("not strict: %v", err)
		}
	}
	for _, body := range []string{`{"map":{"a":1,"a":2}}`, `{"raw":{"a":1,"a":2}}`, `{"any":{"a":1,"a":2}}`} {
		if err := (Decoder{Strict: true}).Unmarshal([]byte(body), new(everything)); err == nil {
			t.Errorf("%s was taken", body)
		}
	}
}

func TestFieldsAreReadByEncodingJSONToo(t *testing.T) {
	var got TokenRequest
	if err := json.Unmarshal([]byte(`{"name":"a","status":null,"condition":{"request.ip":{"in":[]}}}`), &got); err != nil {
		t.Fatal(err)
	}
	if !got.Status.Present || !got.Status.Null || got.Status.Ptr() != nil || got.NotBefore.Present || got.Condition.Ptr() == nil || got.Condition.Value.RequestIP.In == nil {
		t.Errorf("%+v", got)
	}
}

func TestOnlyAPointerCanBeDecodedInto(t *testing.T) {
	for _, v := range []any{nil, TokenRequest{}, (*TokenRequest)(nil), new(func()), new(map[int]string)} {
		if err := (Decoder{}).Unmarshal([]byte(`{}`), v); err == nil {
			t.Errorf("decoded into a %T", v)
		}
	}
}

// FuzzDecode holds that whatever is taken is one JSON value, that what is taken
// strictly means the same to encoding/json, and that it comes back the same.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{
		`{"name":"a","policies":[{"effect":"allow","permission_groups":[{"id":"82e6"}],"resources":{"a":{"b":"*"}}}],"status":null}`,
		`{"condition":{"request.ip":{"in":[]}},"not_before":"2026-11-01T02:00:00.5+02:00"}`,
		`{"string":"\ud83d\ude00","int":1.0,"small":-1,"float":1e2,"any":{"a":[1]},"raw":[ ],"map":{"a":1},"embedded":"x"}`,
		`{"name":"a","Name":"b","name":"c"}`, `[[[[]]]]`, `"\ud800"`, "\xff", "", "null", `{"a":1}}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		roundTrip[TokenRequest](t, body)
		roundTrip[everything](t, body)
		roundTrip[any](t, body)
	})
}

func roundTrip[T any](t *testing.T, body []byte) {
	var loose, strict, theirs, again T
	err := (Decoder{}).Unmarshal(body, &loose)
	var de *DecodeError
	if err != nil && !errors.As(err, &de) {
		t.Fatalf("%q: an error of another type: %v", body, err)
	}
	if err == nil && !json.Valid(body) {
		t.Fatalf("%q was taken and is not JSON", body)
	}
	if (Decoder{Strict: true}).Unmarshal(body, &strict) != nil {
		return
	}
	if err != nil || !reflect.DeepEqual(loose, strict) {
		t.Fatalf("%q is %+v, strictly %+v", body, loose, strict)
	}
	if json.Unmarshal(body, &theirs) == nil && !reflect.DeepEqual(strict, theirs) {
		t.Fatalf("%q is %+v, to encoding/json %+v", body, strict, theirs)
	}
	if printed, err := marshal(strict); err != nil {
		t.Fatalf("%q cannot be printed: %v", body, err)
	} else if err := (Decoder{AllowEmpty: true}).Unmarshal(printed, &again); err != nil {
		t.Fatalf("%q printed as %s: %v", body, printed, err)
	}
}

func BenchmarkDecode(b *testing.B) {
	body := []byte(`{"name":"dns bot","policies":[{"effect":"allow","permission_groups":[{"id":"82e64a83756745bbbb1c9c2701bf816b"}],"resources":{"com.cloudflare.api.account.0a1b2c3d4e5f60718293a4b5c6d7e8f9":"*"}}]}`)
	b.Run("strict", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := (Decoder{Strict: true}).Unmarshal(body, new(TokenRequest)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding/json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := json.Unmarshal(body, new(TokenRequest)); err != nil {
				b.Fatal(err)
			}
		}
	})
}
