package store

import (
	"fmt"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
)

// A document is what a token says about rights, as the database keeps it: one text,
// because it is read and replaced as a whole. It is a line for each thing, which
// begins with a letter for what it is, so that a check that finds nothing in the cache
// does not spend its time on decoding: reading JSON took longer than everything else
// that such a check does.
//
//	1          the version of the form
//	P          there is a list of policies
//	pallow ID  a policy; or pdeny
//	G, gID     it has a list of permission groups; a group
//	R, rKEY    it has a list of resources; a resource
//	N, nKEY    the resource has resources nested in it; one of them
//	I, iCIDR   there is a list of addresses; a range of it
//	X, xCIDR   there is a list of exceptions; a range of it
//	lN M       a rate limit: N requests in M seconds
//	.          the end: a text that was cut is not taken for a shorter one
//
// The lines come in this order: resources after groups, what is nested after its resource.
// No list and an empty list differ: an empty list of addresses lets nobody in.
const documentVersion = "1"

func tokenDocument(t *authority.Token) (string, error) {
	w := documentWriter{}
	w.line("", documentVersion)
	if t.Policies != nil {
		w.line("P", "")
	}
	for i := range t.Policies {
		w.policy(&t.Policies[i])
	}
	w.list("I", "i", t.Condition.In)
	w.list("X", "x", t.Condition.NotIn)
	if !t.RateLimit.IsZero() {
		w.line("l", fmt.Sprintf("%d %d", t.RateLimit.Requests, t.RateLimit.Period))
	}
	w.line(".", "")
	return w.text.String(), w.err
}

type documentWriter struct {
	text strings.Builder
	err  error
}

func (w *documentWriter) line(tag, value string) {
	if strings.ContainsAny(value, "\n\x00") {
		w.err = fmt.Errorf("a value of the document has a line break: %q", value)
	}
	w.text.WriteString(tag)
	w.text.WriteString(value)
	w.text.WriteByte('\n')
}

func (w *documentWriter) list(head, tag string, values []string) {
	if values != nil {
		w.line(head, "")
	}
	for _, v := range values {
		w.line(tag, v)
	}
}

func (w *documentWriter) policy(p *policy.Policy) {
	w.line("p", p.Effect.String()+" "+p.ID)
	w.list("G", "g", p.Groups)
	if p.Resources != nil {
		w.line("R", "")
	}
	for _, r := range p.Resources {
		w.line("r", r.Key)
		w.list("N", "n", r.Nested)
	}
}
