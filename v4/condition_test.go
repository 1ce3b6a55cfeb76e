package v4

import (
	"reflect"
	"testing"
)

func TestTheFilterIsTakenUnderEitherNameAndPrintedUnderBoth(t *testing.T) {
	both := `{"request_ip":{"in":["192.0.2.0/24"],"not_in":["192.0.2.7/32"]},"request.ip":{"in":["192.0.2.0/24"],"not_in":["192.0.2.7/32"]}}`
	for _, in := range []string{
		`{"request_ip":{"in":["192.0.2.0/24"],"not_in":["192.0.2.7/32"]}}`,
		`{"request.ip":{"not_in":["192.0.2.7/32"],"in":["192.0.2.0/24"]}}`,
		`{"request.ip":{"in":["192.0.2.0/24"],"not_in":["192.0.2.7/32"]},"request_ip":null}`,
		`{"ignored":1,"request.ip":{"in":["192.0.2.0/24"],"not_in":["192.0.2.7/32"],"ignored":{}}}`,
		both,
	} {
		var c Condition
		if err := (Decoder{Strict: true}).Unmarshal([]byte(in), &c); err != nil {
			t.Errorf("%s: %v", in, err)
		}
		prints(t, c, both)
	}
}

func TestAFilterThatContradictsItselfIsRefused(t *testing.T) {
	for _, in := range []string{
		`{"request_ip":{"in":["192.0.2.0/24"]},"request.ip":{"in":["198.51.100.0/24"]}}`,
		`{"request_ip":{"in":["192.0.2.0/24"]},"request.ip":{}}`,
		`{"request_ip":{"in":[]},"request.ip":{}}`,
		`{"request_ip":{"in":["a","b"]},"request.ip":{"in":["b","a"]}}`,
	} {
		body := `{"condition":` + in + `}`
		refused(t, Decoder{}, body, new(TokenRequest), "/condition", "must not give request_ip and request.ip different values: send one of them")
	}
}

// An empty list lets no address pass, an absent one every address.
func TestAnEmptyListIsNotAnAbsentOne(t *testing.T) {
	for in, want := range map[string]Condition{
		`{}`:                           {},
		`{"request_ip":null}`:          {},
		`{"request_ip":{}}`:            {&RequestIP{}},
		`{"request_ip":{"in":null}}`:   {&RequestIP{}},
		`{"request_ip":{"in":[]}}`:     {&RequestIP{In: []string{}}},
		`{"request.ip":{"not_in":[]}}`: {&RequestIP{NotIn: []string{}}},
		`{"request.ip":{"in":["x"]}}`:  {&RequestIP{In: []string{"x"}}},
	} {
		var got Condition
		if err := (Decoder{}).Unmarshal([]byte(in), &got); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", in, got.RequestIP, err)
		}
	}
	prints(t, Condition{&RequestIP{In: []string{}}}, `{"request_ip":{"in":[]},"request.ip":{"in":[]}}`)
	prints(t, Condition{&RequestIP{}}, `{"request_ip":{},"request.ip":{}}`)
	prints(t, Condition{}, `{}`)
}

// FuzzCondition holds that a condition that was taken comes back the same.
func FuzzCondition(f *testing.F) {
	f.Add([]byte(`{"request_ip":{"in":["192.0.2.0/24"],"not_in":[]}}`))
	f.Add([]byte(`{"request.ip":{"in":[]},"request_ip":{"in":[]}}`))
	f.Add([]byte(`{"request.ip":null}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		var first, second Condition
		if (Decoder{}).Unmarshal(in, &first) != nil {
			return
		}
		if err := (Decoder{Strict: true}).Unmarshal(must(marshal(first)), &second); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(first, second) {
			t.Fatalf("%+v came back as %+v", first.RequestIP, second.RequestIP)
		}
	})
}
