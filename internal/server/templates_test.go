package server_test

import (
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// TestTemplatesDoTheirToolsWorkAndNoMore plays testdata/templates: a file for
// each template, with the calls that its tool makes, put through the gate with a
// token that has the template's permissions and no other, and with calls next to
// them that must be denied. Each has a user's token and an account's.
func TestTemplatesDoTheirToolsWorkAndNoMore(t *testing.T) {
	t.Parallel()
	topics := readScripts(t, "testdata/templates")
	for _, tpl := range catalog.V4().Templates(false) {
		for _, owner := range []string{"alice", "account/1"} {
			allowed, denied := outcomesOf(topics[tpl.Key], owner, tpl.Key)
			if allowed < 3 || denied < 3 {
				t.Errorf("testdata/templates/%s.txt: %d calls pass and %d are denied of a token of %s; there must be 3 of each",
					tpl.Key, allowed, denied, owner)
			}
		}
	}
	w := newWorld(t, config{})
	for topic, scripts := range topics {
		t.Run(topic, func(t *testing.T) {
			for _, s := range scripts {
				t.Run(s.title, func(t *testing.T) { s.play(t, w, false) })
			}
		})
	}
}

// outcomesOf counts the calls of scripts whose token comes from a template that
// pass the gate, and those that do not.
func outcomesOf(scripts []script, owner, key string) (allowed, denied int) {
	for i := range scripts {
		lines := scripts[i].lines
		if len(lines) < 2 || lines[0].text != "token "+owner || !strings.HasPrefix(lines[1].text+" ", "template "+key+" ") {
			continue
		}
		for _, l := range lines[2:] {
			_, outcome, _ := strings.Cut(l.text, "-> ")
			switch {
			case outcome == "" || strings.HasPrefix(l.text, "->"):
			case strings.HasPrefix(outcome, "200") || outcome == notServed || outcome == "passes":
				allowed++
			default:
				denied++
			}
		}
	}
	return allowed, denied
}

// notServed is what answers a call that is allowed and that nothing carries out.
const notServed = "404 7003 Nothing serves this operation here"

// templateOf reads: edit-zone-dns account/1, zone/A, record/home.zone-a.example
func templateOf(p *player, owner, text string) []any {
	p.t.Helper()
	key, chosen, _ := strings.Cut(text, " ")
	tpl, ok := catalog.V4().Template(key, strings.HasPrefix(owner, "account/"))
	if !ok {
		p.fatal("there is no template %s", key)
	}
	ch := catalog.Choices{Owner: p.ids["user/"+owner]}
	if tpl.ForAccount {
		ch.Owner = p.ids[owner]
	}
	for resource := range strings.FieldsSeq(strings.ReplaceAll(chosen, ",", " ")) {
		kind, id, _ := strings.Cut(resource, "/")
		if id != catalog.All && kind != "record" {
			id = p.ids[resource]
		}
		switch kind {
		case "account":
			ch.Accounts = append(ch.Accounts, id)
		case "record":
			ch.Names = append(ch.Names, id)
		default:
			ch.Zones = append(ch.Zones, id)
		}
	}
	policies, err := tpl.Fill(ch)
	if err != nil {
		p.fatal("%v", err)
	}
	return policiesOnTheWire(policies)
}

func policiesOnTheWire(policies []policy.Policy) []any {
	var out []any
	for _, pol := range policies {
		var groups []any
		for _, id := range pol.Groups {
			groups = append(groups, map[string]any{"id": id})
		}
		resources := make(map[string]any)
		for _, r := range pol.Resources {
			resources[r.Key] = "*"
			if r.Nested == nil {
				continue
			}
			nested := make(map[string]any)
			for _, key := range r.Nested {
				nested[key] = "*"
			}
			resources[r.Key] = nested
		}
		out = append(out, map[string]any{"effect": pol.Effect.String(), "permission_groups": groups, "resources": resources})
	}
	return out
}
