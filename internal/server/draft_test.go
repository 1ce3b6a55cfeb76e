package server_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
)

// draft is a token as a script defines it.
type draft struct {
	owner string // "alice" or "account/1"
	name  string
	by    string // who issues it
	notes []func(*player, map[string]any)
}

// draftForm is: token owner [called name] [issued by caller]
var draftForm = regexp.MustCompile(`^(\S+)(?: called (\S+))?(?: issued by (.+))?$`)

func newDraft(p *player, text string) *draft {
	p.t.Helper()
	m := draftForm.FindStringSubmatch(text)
	if m == nil {
		p.fatal("cannot be read")
	}
	d := &draft{owner: m[1], name: orElse(m[2], "self"), by: m[3]}
	if d.by == "" {
		d.by = d.owner
		if strings.HasPrefix(d.owner, "account/") {
			d.by = "alice"
		}
	}
	return d
}

// line takes a line of the token's definition, and reports whether it is one.
func (d *draft) line(p *player, word, rest string) bool {
	p.t.Helper()
	switch word {
	case "allow", "deny":
		groups, resources, ok := strings.Cut(rest, " on ")
		if !ok {
			p.fatal("a policy names resources after 'on'")
		}
		d.notes = append(d.notes, func(p *player, b map[string]any) {
			list, _ := b["policies"].([]any)
			b["policies"] = append(list, map[string]any{
				"effect": word, "permission_groups": groupsOf(p, groups), "resources": resourcesOf(p, resources),
			})
		})
	case "in", "not_in":
		d.notes = append(d.notes, func(_ *player, b map[string]any) {
			ip, _ := b["condition"].(map[string]any)
			if ip == nil {
				ip = map[string]any{"request_ip": map[string]any{}}
			}
			ip["request_ip"].(map[string]any)[word] = append([]string{}, strings.Fields(rest)...)
			b["condition"] = ip
		})
	case "template":
		d.notes = append(d.notes, func(p *player, b map[string]any) { b["policies"] = templateOf(p, d.owner, rest) })
	case "not_before", "expires_on", "status":
		d.notes = append(d.notes, func(_ *player, b map[string]any) { b[word] = rest })
	default:
		return false
	}
	return true
}

func (d *draft) wire(p *player) map[string]any {
	b := map[string]any{"name": orElse(d.name, "a token"), "policies": []any{}}
	for _, note := range d.notes {
		note(p, b)
	}
	return b
}

func (d *draft) path() string {
	if strings.HasPrefix(d.owner, "account/") {
		return "/accounts/" + d.owner[len("account/"):] + "/tokens"
	}
	return "/user/tokens"
}

// issue makes the token that was being written, through the API. Without an
// outcome to hold it against it must come about.
func (p *player) issue(want string) {
	p.t.Helper()
	d := p.draft
	p.draft = nil
	body, err := json.Marshal(d.wire(p))
	if err != nil {
		p.fatal("%v", err)
	}
	a := p.call(p.t, call{as: p.caller(d.by), method: "POST", path: p.fill(d.path()), body: body})
	if strings.Contains(p.line.text, "-> ") && strings.HasPrefix(p.line.text, "->") {
		p.judge(&a, want)
	} else if a.status != http.StatusOK {
		p.fatal("the token before this line was not issued: %s", clip(a.raw))
	}
	if a.status != http.StatusOK {
		return
	}
	var made struct {
		ID, Value string
		Policies  []thing
	}
	a.decode(p.t, &made)
	for i, policy := range made.Policies {
		p.ids["policy/"+itoa(i+1)] = policy.ID
	}
	p.ids["token/"+d.name], p.drafts[d.name] = made.ID, d
	p.as = bearer(made.Value)
	p.callers[d.name] = p.as
}

// groupForm is: "Name" or "Name" (kind), where two kinds have a group of a name
var groupForm = regexp.MustCompile(`"([^"]+)"(?: \((\w+)\))?`)

func groupsOf(p *player, text string) []any {
	p.t.Helper()
	var out []any
	for _, m := range groupForm.FindAllStringSubmatch(text, -1) {
		var found []string
		for _, g := range p.authority.Catalog().Groups() {
			if g.Name == m[1] && (m[2] == "" || kindKey(m[2]) == g.Scope) {
				found = append(found, g.ID)
			}
		}
		if len(found) != 1 {
			p.fatal("%d permission groups are called %s", len(found), m[0])
		}
		out = append(out, map[string]any{"id": found[0]})
	}
	return out
}

// kindKey is how keys of resources begin.
func kindKey(kind string) string {
	return map[string]string{
		"account": catalog.KindAccount, "zone": catalog.KindZone, "user": catalog.KindUser, "bucket": catalog.KindBucket,
		"record": catalog.KindRecord,
	}[kind]
}

// resourcesOf reads: zone/A, account/1 > zone/*, bucket/1/eu/logs, or a key as
// it is, com.example.<account/1>.
func resourcesOf(p *player, text string) map[string]any {
	p.t.Helper()
	out := make(map[string]any)
	for _, one := range strings.Split(text, ", ") {
		outer, inner, nested := strings.Cut(one, " > ")
		if !nested {
			out[resourceKey(p, outer)] = "*"
			continue
		}
		key := resourceKey(p, outer)
		under, _ := out[key].(map[string]any)
		if under == nil {
			under = make(map[string]any)
		}
		under[resourceKey(p, inner)] = "*"
		out[key] = under
	}
	return out
}

func resourceKey(p *player, s string) string {
	p.t.Helper()
	if strings.HasPrefix(s, "com.") {
		return p.fill(s)
	}
	kind, name, _ := strings.Cut(s, "/")
	id := name
	switch {
	case name == "*", kind == "record":
	case name == "unknown":
		id = newID()
	case kind == "bucket":
		parts := strings.Split(name, "/")
		id = strings.Join(append([]string{p.ids["account/"+parts[0]]}, parts[1:]...), "_")
	default:
		id = p.ids[s]
	}
	if kindKey(kind) == "" || id == "" {
		p.fatal("%s is not a resource", s)
	}
	return kindKey(kind) + "." + id
}
