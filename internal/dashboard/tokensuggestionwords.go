package dashboard

import (
	"slices"
	"time"

	"github.com/tokenward/tokenward/internal/narrowing"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/tokenform"
)

// How much of a policy and of its reasons a line names.
const (
	suggestedItems  = 12
	suggestedOthers = 3
)

// suggestedChange is a policy, and what is left of it.
type suggestedChange struct {
	Number int
	Kind   string // kept, narrowed or dropped
	Note   string // why it is kept, or as wide as it is; "" for nothing to say
	Was    policyLine
	Now    []policyLine // none of a policy that stays, or goes
}

// policyLine is a policy in one line.
type policyLine struct {
	Never  bool
	Groups string
	Places string
}

// suggestedReason is what a permission is still needed for.
type suggestedReason struct {
	Group, Where string
	Count        int64
	LastOn       time.Time
	Operations   []string
	Others       string // permissions that it has too and that would each do as well
}

func (w *suggestionWords) changes() []suggestedChange {
	var out []suggestedChange
	for i := range w.Changes {
		c := &w.Changes[i]
		line := suggestedChange{Number: c.Policy + 1, Kind: string(c.Kind), Was: w.line(&w.Token.Policies[c.Policy])}
		switch {
		case c.Unjudged && line.Was.Never:
			line.Note = "What it may never do stays."
		case c.Unjudged:
			line.Note = "It names DNS records, and which were used is not counted."
		case len(c.Many) > 0:
			line.Note = "It was used on too much to name, so the whole of it stays."
		}
		if c.Kind == narrowing.Narrowed {
			for _, index := range c.Into {
				line.Now = append(line.Now, w.line(&w.Policies[index]))
			}
		}
		out = append(out, line)
	}
	return out
}

func (w *suggestionWords) line(p *policy.Policy) policyLine {
	plain := *p
	plain.Effect = policy.Allow // the words of what is denied are the same
	one := []policy.Policy{plain}
	return policyLine{
		Never:  p.Effect == policy.Deny,
		Groups: w.basis.Picker.Permissions(one, suggestedItems), Places: tokenform.Resources(w.basis, one, w.names, suggestedItems),
	}
}

func (w *suggestionWords) reasons() []suggestedReason {
	var out []suggestedReason
	for _, r := range w.Reasons {
		row := suggestedReason{
			Group: w.group(r.Group), Where: w.line(&w.Policies[r.Policy]).Places, Count: r.Count, LastOn: r.LastOn,
		}
		for _, op := range slices.DeleteFunc(slices.Clone(r.Operations), func(op string) bool { return op == "" }) {
			row.Operations = append(row.Operations, w.d.operation(op))
		}
		var others []string
		for _, id := range r.Others {
			others = append(others, w.group(id))
		}
		row.Others = shortList(others, suggestedOthers)
		out = append(out, row)
	}
	return out
}

func (w *suggestionWords) group(id string) string {
	if l := w.d.picker().Level(id); l != nil {
		return l.Name()
	}
	return id
}
