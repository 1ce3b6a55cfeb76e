package model

import "maps"

// Rego is the model in OPA's language. Groups and zones are objects, so that they
// are looked up and not searched.
const Rego = `package tokenward

default allow := false

allow if {
	some p in data.tokens[input.token].allow
	p.groups[input.group]
	p.zones[input.zone]
	not denied
}

denied if {
	some p in data.tokens[input.token].deny
	p.groups[input.group]
	p.zones[input.zone]
}
`

// Document is a token as Rego has it.
func Document(m *Model, n int) map[string]any {
	var allow []any
	for _, zones := range m.Policies(n) {
		allow = append(allow, map[string]any{"groups": set(Names[:]), "zones": set(zones)})
	}
	return map[string]any{"allow": allow, "deny": []any{}}
}

// RegoFlat is the model with what a token may do, looked up at once: its policies
// are gone, so it cannot say which of them decided.
const RegoFlat = `package tokenward

default allow := false

allow if {
	data.tokens[input.token].allow[input.group][input.zone]
	not data.tokens[input.token].deny[input.group][input.zone]
}
`

// DocumentFlat is a token as RegoFlat has it.
func DocumentFlat(m *Model, n int) map[string]any {
	allow := map[string]any{}
	for _, name := range Names {
		zones := map[string]any{}
		for _, some := range m.Policies(n) {
			maps.Copy(zones, set(some))
		}
		allow[name] = zones
	}
	return map[string]any{"allow": allow, "deny": map[string]any{}}
}

func set(members []string) map[string]any {
	s := make(map[string]any, len(members))
	for _, m := range members {
		s[m] = true
	}
	return s
}
