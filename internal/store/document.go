package store

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
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

// documentColumn scans a document into its token. One that cannot be read is an error,
// never a token with fewer policies: a lost deny would allow.
type documentColumn struct{ t *authority.Token }

func (c documentColumn) Scan(v any) error {
	text, ok := v.(string)
	if !ok {
		return fmt.Errorf("a document is %T", v)
	}
	r := documentReader{}
	if err := r.read(text); err != nil {
		return fmt.Errorf("document: %w", err)
	}
	c.t.Policies, c.t.Condition, c.t.RateLimit = r.policies, r.condition, r.limit
	return nil
}

type documentReader struct {
	policies  []policy.Policy
	condition policy.Condition
	limit     authority.RateLimit
}

func (r *documentReader) read(text string) error {
	text, ok := strings.CutPrefix(text, documentVersion+"\n")
	if !ok {
		return errors.New("it is of no known version")
	}
	for {
		line, rest, ok := strings.Cut(text, "\n")
		switch {
		case !ok || line == "":
			return errors.New("it has no end")
		case line == ".":
			if rest != "" {
				return errors.New("there is more after its end")
			}
			return nil
		}
		if !r.line(line[0], line[1:]) {
			return fmt.Errorf("the line %.80q cannot be here", line)
		}
		text = rest
	}
}

// line reads a line, and reports whether it can stand where it does.
func (r *documentReader) line(tag byte, value string) bool {
	switch tag {
	case 'P':
		return value == "" && start(&r.policies)
	case 'p':
		return r.policy(value)
	case 'I':
		return value == "" && start(&r.condition.In)
	case 'i':
		return add(&r.condition.In, value)
	case 'X':
		return value == "" && start(&r.condition.NotIn)
	case 'x':
		return add(&r.condition.NotIn, value)
	case 'l':
		return r.rateLimit(value)
	}
	if len(r.policies) == 0 {
		return false
	}
	return r.inPolicy(&r.policies[len(r.policies)-1], tag, value)
}

func (r *documentReader) policy(value string) bool {
	word, id, ok := strings.Cut(value, " ")
	effect, known := policy.ParseEffect(word)
	return ok && known && add(&r.policies, policy.Policy{ID: id, Effect: effect})
}

// rateLimit reads one limit. One that is no limit would let everything pass.
func (r *documentReader) rateLimit(value string) bool {
	requests, period, ok := strings.Cut(value, " ")
	var err1, err2 error
	again := !r.limit.IsZero()
	r.limit.Requests, err1 = strconv.Atoi(requests)
	r.limit.Period, err2 = strconv.Atoi(period)
	return ok && !again && err1 == nil && err2 == nil && r.limit.Requests > 0 && r.limit.Period > 0
}

func (r *documentReader) inPolicy(p *policy.Policy, tag byte, value string) bool {
	switch tag {
	case 'G':
		return value == "" && start(&p.Groups)
	case 'g':
		return add(&p.Groups, value)
	case 'R':
		return value == "" && start(&p.Resources)
	case 'r':
		return add(&p.Resources, policy.Resource{Key: value})
	}
	if len(p.Resources) == 0 {
		return false
	}
	last := &p.Resources[len(p.Resources)-1]
	switch tag {
	case 'N':
		return value == "" && start(&last.Nested)
	case 'n':
		return add(&last.Nested, value)
	}
	return false
}

// start makes a list that is there, though it may stay empty.
func start[T any](list *[]T) bool {
	if *list != nil {
		return false
	}
	*list = make([]T, 0, 4)
	return true
}

// add appends to a list that has been started.
func add[T any](list *[]T, v T) bool {
	if *list == nil {
		return false
	}
	*list = append(*list, v)
	return true
}

// digestColumn scans a digest; NULL is the zero digest.
type digestColumn struct{ d *token.Digest }

func (c digestColumn) Scan(v any) error {
	if v == nil {
		*c.d = token.Digest{}
		return nil
	}
	b, ok := v.([]byte)
	if !ok || len(b) != len(c.d) {
		return fmt.Errorf("a digest is %T of %d bytes", v, len(b))
	}
	copy(c.d[:], b)
	return nil
}
