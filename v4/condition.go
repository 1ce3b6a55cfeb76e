package v4

import "reflect"

// Condition is a token's condition. A nil RequestIP sets none.
//
// The filter has two names on the wire, request_ip and request.ip (contract 0,
// rule 14). Either is taken and both are printed: some clients read one, some
// the other, and those that send back what they read would lose the filter that
// they did not see. A body in which the two say different things is refused.
type Condition struct {
	RequestIP *RequestIP
}

// RequestIP is the client-IP filter: CIDR strings, kept as they were sent. nil is
// absent. An empty In is not: it lets no address pass (contract 3.2).
type RequestIP struct {
	In    []string `json:"in,omitzero" jsonschema:"ranges that the token works from; an empty list is nowhere"`
	NotIn []string `json:"not_in,omitzero" jsonschema:"ranges that it does not work from, whatever in says"`
}

type conditionWire struct {
	RequestIP *RequestIP `json:"request_ip,omitempty"`
	Dotted    *RequestIP `json:"request.ip,omitempty"`
}

// MarshalJSON prints the filter under both of its names.
func (c Condition) MarshalJSON() ([]byte, error) {
	return marshal(conditionWire{RequestIP: c.RequestIP, Dotted: c.RequestIP})
}

// UnmarshalJSON takes the filter under either name. Errors are *DecodeError.
func (c *Condition) UnmarshalJSON(b []byte) error { return unmarshal(b, c, false) }

func (c *Condition) readFrom(r *reader) error {
	var w conditionWire
	if err := r.into(reflect.ValueOf(&w).Elem()); err != nil {
		return err
	}
	switch {
	case w.RequestIP == nil:
		c.RequestIP = w.Dotted
	case w.Dotted == nil || reflect.DeepEqual(w.RequestIP, w.Dotted):
		c.RequestIP = w.RequestIP
	default:
		return r.fail("must not give request_ip and request.ip different values: send one of them")
	}
	return nil
}
