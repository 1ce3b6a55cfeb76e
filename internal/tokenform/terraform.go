package tokenform

import (
	"fmt"
	"strings"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
)

// Terraform is a draft as a resource of the Cloudflare provider, version 5. The
// provider has no rate limit for tokens; that of the draft is left to a comment.
func Terraform(s Site, p *Picker, d *authority.Draft) string {
	w := hcl{picker: p}
	w.open("resource %s %s {", hclString(s.terraformType()), hclString(label(d.Name)))
	w.line("name = %s", hclString(d.Name))
	if s.Owner.Kind == authority.OwnerAccount {
		w.line("account_id = %s", hclString(s.Owner.ID))
	}
	w.lifetime(d)
	if d.Status == authority.StatusDisabled {
		w.line(`status = "disabled"`)
	}
	w.open("policies = [")
	for i := range d.Policies {
		w.policy5(&d.Policies[i])
	}
	w.close("]")
	if !d.Condition.IsZero() {
		w.open("condition = {")
		w.open("request_ip = {")
		w.ranges(&d.Condition)
		w.close("}")
		w.close("}")
	}
	w.close("}")
	return w.text.String()
}

// Terraform4 is a draft as a resource of version 4 of the provider, which knows
// tokens of users only and cannot switch one off; "" where it has no words.
func Terraform4(s Site, p *Picker, d *authority.Draft) string {
	if s.Owner.Kind != authority.OwnerUser || d.Status == authority.StatusDisabled {
		return ""
	}
	w := hcl{picker: p}
	w.open(`resource "cloudflare_api_token" %s {`, hclString(label(d.Name)))
	w.line("name = %s", hclString(d.Name))
	w.lifetime(d)
	for i := range d.Policies {
		w.policy4(&d.Policies[i])
	}
	if !d.Condition.IsZero() {
		w.open("condition {")
		w.open("request_ip {")
		w.ranges(&d.Condition)
		w.close("}")
		w.close("}")
	}
	w.close("}")
	return w.text.String()
}

func (s Site) terraformType() string {
	if s.Owner.Kind == authority.OwnerAccount {
		return "cloudflare_account_token"
	}
	return "cloudflare_api_token"
}

// label makes a resource's label of a name.
func label(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9' && b.Len() > 0:
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
		if b.Len() >= 60 {
			break
		}
	}
	if s := strings.Trim(b.String(), "_"); s != "" {
		return s
	}
	return "token"
}

// hcl writes a resource, two spaces deeper with each open.
type hcl struct {
	picker *Picker
	text   strings.Builder
	depth  int
}

func (w *hcl) line(format string, args ...any) {
	w.text.WriteString(strings.Repeat("  ", w.depth) + fmt.Sprintf(format, args...) + "\n")
}

// open writes the line that begins a block.
func (w *hcl) open(format string, args ...any) {
	w.line(format, args...)
	w.depth++
}

func (w *hcl) close(bracket string) {
	w.depth--
	w.line("%s", bracket)
}

func (w *hcl) lifetime(d *authority.Draft) {
	if l := d.RateLimit; l != nil {
		w.line("# Its limit of %d requests in %d seconds cannot be said here.", l.Requests, l.Period)
	}
	if !d.NotBefore.IsZero() {
		w.line("not_before = %s", hclString(d.NotBefore.UTC().Format(time.RFC3339Nano)))
	}
	if !d.ExpiresOn.IsZero() {
		w.line("expires_on = %s", hclString(d.ExpiresOn.UTC().Format(time.RFC3339Nano)))
	}
}

func (w *hcl) policy5(p *policy.Policy) {
	w.open("{")
	w.line("effect = %s", hclString(p.Effect.String()))
	w.open("permission_groups = [")
	for _, id := range p.Groups {
		w.line("{ id = %s },%s", hclString(id), w.comment(id))
	}
	w.close("]")
	w.open("resources = jsonencode({")
	for _, r := range p.Resources {
		w.resource5(r)
	}
	w.close("})")
	w.close("},")
}

func (w *hcl) resource5(r policy.Resource) {
	if r.Nested == nil {
		w.line(`%s = "*"`, hclString(r.Key))
		return
	}
	w.open("%s = {", hclString(r.Key))
	for _, key := range r.Nested {
		w.line(`%s = "*"`, hclString(key))
	}
	w.close("}")
}

func (w *hcl) policy4(p *policy.Policy) {
	w.open("policy {")
	w.line("effect = %s", hclString(p.Effect.String()))
	w.open("permission_groups = [")
	for _, id := range p.Groups {
		w.line("%s,%s", hclString(id), w.comment(id))
	}
	w.close("]")
	w.open("resources = {")
	for _, r := range p.Resources {
		if r.Nested == nil {
			w.line(`%s = "*"`, hclString(r.Key))
			continue
		}
		w.open("%s = jsonencode({", hclString(r.Key))
		for _, key := range r.Nested {
			w.line(`%s = "*"`, hclString(key))
		}
		w.close("})")
	}
	w.close("}")
	w.close("}")
}

// comment names a group for the reader.
func (w *hcl) comment(id string) string {
	if g, ok := w.picker.catalog.Group(id); ok {
		return " # " + oneLine(g.Name)
	}
	return ""
}

func (w *hcl) ranges(c *policy.Condition) {
	for _, l := range []struct {
		name string
		list []string
	}{{"in", c.In}, {"not_in", c.NotIn}} {
		if l.list == nil {
			continue
		}
		quoted := make([]string, 0, len(l.list))
		for _, s := range l.list {
			quoted = append(quoted, hclString(s))
		}
		w.line("%s = [%s]", l.name, strings.Join(quoted, ", "))
	}
}
