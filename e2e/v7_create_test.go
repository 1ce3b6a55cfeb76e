package e2e

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"
)

// ownersV7 runs a test for tokens of a user and for tokens of an account.
func ownersV7(t *testing.T, f func(t *testing.T, s *server, client func(secret string) tokensV7)) {
	t.Parallel()
	t.Run("user", func(t *testing.T) {
		t.Parallel()
		s := newServer(t)
		f(t, s, func(secret string) tokensV7 { return s.v7(secret).userTokens() })
	})
	t.Run("account", func(t *testing.T) {
		t.Parallel()
		s := newServer(t)
		f(t, s, func(secret string) tokensV7 { return s.v7(secret).accountTokens(s.Boot.AccountID) })
	})
}

func TestV7AnswersWhatWasSentMemberByMember(t *testing.T) {
	ownersV7(t, func(t *testing.T, s *server, client func(string) tokensV7) {
		tokens := client(s.Boot.Token.Value)
		for _, d := range s.definitions() {
			made := mustCreate(t, tokens, d)
			checkToken(t, d.name+", created", made.raw, d, "active")
			got, err := tokens.get(t.Context(), made.id)
			if err != nil {
				t.Fatal(err)
			}
			checkToken(t, d.name+", read", got.JSON.RawJSON(), d, "active")
			if member(t, got.JSON.RawJSON(), "value") != nil {
				t.Errorf("%s: a token that is read carries its secret", d.name)
			}
		}
		list, err := tokens.list(t.Context(), 50)
		if err != nil {
			t.Fatal(err)
		}
		byName := map[string]string{}
		for _, l := range list {
			byName[l.Name] = l.JSON.RawJSON()
		}
		for _, d := range s.definitions() {
			checkToken(t, d.name+", listed", byName[d.name], d, "active")
		}
	})
}

// definitions are tokens in all the shapes that clients send.
func (s *server) definitions() []definition {
	account := s.Boot.AccountID
	one := []grant{{groups: []string{groupZoneRead}, flat: []string{zoneKey(s.zone(0))}}}
	return []definition{
		{name: "one zone", grants: one},
		{name: "two zones and an account, three policies", grants: []grant{
			{groups: []string{groupDNSWrite, groupDNSRead}, flat: []string{zoneKey(s.zone(1)), zoneKey(s.zone(0))}},
			{groups: []string{groupSettingsRead}, flat: []string{accountKey(account)}},
			{effect: "deny", groups: []string{groupDNSWrite}, flat: []string{zoneKey(s.zone(1))}},
		}},
		{name: "every zone of the account", grants: []grant{
			{groups: []string{groupDNSRead}, nested: map[string][]string{accountKey(account): {scopeZone + ".*"}}},
		}},
		{name: "address in", grants: one, in: []string{"198.51.100.0/24", "2001:db8::/32"}},
		s.limited(),
		{name: "address not in", grants: one, notIn: []string{"203.0.113.7/32"}},
		{name: "dates", grants: one, notBefore: date(2018, 7, 1, 5, 20), expiresOn: date(2099, 2, 1, 0, 0)},
		{name: "no policies", grants: []grant{}},
		{name: "names: é, 漢字, \"quotes\" & <tags>", grants: one},
	}
}

// limited is a token with both lists of the client-IP condition, for use on this
// machine.
func (s *server) limited() definition {
	d := s.readsZone("address in and not in")
	d.in, d.notIn = []string{"127.0.0.0/8"}, []string{"127.0.0.9/32"}
	return d
}

func date(year, month, day, hour, minute int) time.Time {
	return time.Date(year, time.Month(month), day, hour, minute, 0, 0, time.UTC)
}

// wireToken is a token as it is on the wire, where absence shows.
type wireToken struct {
	ID        string          `json:"id"`
	Name      string          `json:"name"`
	Status    string          `json:"status"`
	IssuedOn  string          `json:"issued_on"`
	Modified  string          `json:"modified_on"`
	NotBefore *string         `json:"not_before"`
	ExpiresOn *string         `json:"expires_on"`
	Policies  []wirePolicy    `json:"policies"`
	Condition json.RawMessage `json:"condition"`
}

type wirePolicy struct {
	ID        string                      `json:"id"`
	Effect    string                      `json:"effect"`
	Groups    []struct{ ID, Name string } `json:"permission_groups"`
	Resources map[string]any              `json:"resources"`
}

// checkToken compares an answer with the definition that was sent.
func checkToken(t *testing.T, what, raw string, d definition, status string) {
	t.Helper()
	var w wireToken
	if err := json.Unmarshal([]byte(raw), &w); err != nil {
		t.Errorf("%s: %v", what, err)
		return
	}
	if w.Name != d.name || w.Status != status {
		t.Errorf("%s: name %q and status %q, want %q and %q", what, w.Name, w.Status, d.name, status)
	}
	for name, at := range map[string]string{"issued_on": w.IssuedOn, "modified_on": w.Modified} {
		if _, err := time.Parse("2006-01-02T15:04:05Z", at); err != nil {
			t.Errorf("%s: %s: %v", what, name, err)
		}
	}
	checkDate(t, what+": not_before", w.NotBefore, d.notBefore)
	checkDate(t, what+": expires_on", w.ExpiresOn, d.expiresOn)
	checkCondition(t, what, w.Condition, d)
	if len(w.Policies) != len(d.grants) || w.Policies == nil {
		t.Errorf("%s: %d policies, want %d", what, len(w.Policies), len(d.grants))
		return
	}
	for i, g := range d.grants {
		checkPolicy(t, what, &w.Policies[i], g)
	}
}

func checkDate(t *testing.T, what string, got *string, sent time.Time) {
	t.Helper()
	switch {
	case sent.IsZero() && got != nil:
		t.Errorf("%s is %q, but was not sent", what, *got)
	case !sent.IsZero() && (got == nil || *got != sent.Format(time.RFC3339)):
		t.Errorf("%s is %v, want %s", what, got, sent.Format(time.RFC3339))
	}
}

// checkCondition: both spellings of the member are answered, because classic
// clients read the one and newer ones the other; an unset list is absent.
func checkCondition(t *testing.T, what string, got json.RawMessage, d definition) {
	t.Helper()
	if d.in == nil && d.notIn == nil {
		if got != nil {
			t.Errorf("%s: condition %s, but none was sent", what, got)
		}
		return
	}
	lists := map[string]any{}
	if d.in != nil {
		lists["in"] = anys(d.in)
	}
	if d.notIn != nil {
		lists["not_in"] = anys(d.notIn)
	}
	var have map[string]any
	if err := json.Unmarshal(got, &have); err != nil {
		t.Errorf("%s: condition: %v", what, err)
		return
	}
	if sent := map[string]any{"request_ip": lists, "request.ip": lists}; !reflect.DeepEqual(have, sent) {
		t.Errorf("%s: condition %s, want %v", what, got, sent)
	}
}

func checkPolicy(t *testing.T, what string, got *wirePolicy, g grant) {
	t.Helper()
	effect := g.effect
	if effect == "" {
		effect = "allow"
	}
	if len(got.ID) != 32 || got.Effect != effect {
		t.Errorf("%s: policy id %q, effect %q; want an id and %q", what, got.ID, got.Effect, effect)
	}
	var ids []string
	for _, group := range got.Groups {
		ids = append(ids, group.ID)
		if group.Name == "" {
			t.Errorf("%s: permission group %s without a name", what, group.ID)
		}
	}
	if !reflect.DeepEqual(ids, g.groups) {
		t.Errorf("%s: permission groups %v, want %v", what, ids, g.groups)
	}
	sent := map[string]any{}
	for _, key := range g.flat {
		sent[key] = "*"
	}
	for key, inner := range g.nested {
		m := map[string]any{}
		for _, k := range inner {
			m[k] = "*"
		}
		sent[key] = m
	}
	if !reflect.DeepEqual(got.Resources, sent) {
		t.Errorf("%s: resources %v, want %v", what, got.Resources, sent)
	}
}

func anys(in []string) []any {
	out := make([]any, len(in))
	for i, s := range in {
		out[i] = s
	}
	return out
}

// member is one member of an object, nil when it is not there.
func member(t *testing.T, raw, name string) json.RawMessage {
	t.Helper()
	var m map[string]json.RawMessage
	if err := json.Unmarshal([]byte(raw), &m); err != nil {
		t.Fatal(err)
	}
	return m[name]
}
