package store

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
)

// documentColumn scans a document into its token. One that cannot be read is an error,
// never a token with fewer policies: a lost deny would allow.
type documentColumn struct{ t *authority.Token }

func (c documentColumn) Scan(v any) error {
	text, ok := v.(string)
	if !ok {
		return fmt.Errorf("a document is %T", v)
	}
	if err := readDocument(text, c.t); err != nil {
		return fmt.Errorf("document: %w", err)
	}
	return nil
}

// readDocument reads the lines in the order in which tokenDocument writes them. Where
// one cannot stand nothing reads on, and so the end is not reached.
func readDocument(text string, t *authority.Token) error {
	rest, ok := strings.CutPrefix(text, documentVersion+"\n")
	if !ok {
		return errors.New("it is of no known version")
	}
	r := documentReader{rest: rest}
	r.makeRoom()
	policies := r.policyList()
	condition := policy.Condition{In: r.list("I\n", 'i'), NotIn: r.list("X\n", 'x')}
	limit := r.rateLimit()
	if err := r.end(); err != nil {
		return err
	}
	t.Policies, t.Condition, t.RateLimit = policies, condition, limit
	return nil
}

// documentReader is a document that is being read. All lists of one kind of thing are
// cut from one slice: a check that finds nothing in the cache spent more time on making
// a slice for each than on reading.
type documentReader struct {
	rest      string // what is yet to be read
	policies  []policy.Policy
	resources []policy.Resource
	values    []string // groups, nested resources, ranges
}

func (r *documentReader) makeRoom() {
	var policies, resources, values int
	for rest := r.rest; rest != ""; {
		switch rest[0] {
		case 'p':
			policies++
		case 'r':
			resources++
		case 'g', 'n', 'i', 'x':
			values++
		}
		end := strings.IndexByte(rest, '\n')
		if end < 0 {
			break
		}
		rest = rest[end+1:]
	}
	r.policies = make([]policy.Policy, 0, policies)
	r.resources = make([]policy.Resource, 0, resources)
	r.values = make([]string, 0, values)
}

// starts reads the line with which a list begins, if it is the next one.
func (r *documentReader) starts(line string) bool {
	rest, ok := strings.CutPrefix(r.rest, line)
	r.rest = rest
	return ok
}

// value reads the next line, if it has the tag.
func (r *documentReader) value(tag byte) (string, bool) {
	if r.rest == "" || r.rest[0] != tag {
		return "", false
	}
	end := strings.IndexByte(r.rest, '\n')
	if end < 0 {
		return "", false
	}
	value := r.rest[1:end]
	r.rest = r.rest[end+1:]
	return value, true
}

// list reads a list of values, nil when there is none.
func (r *documentReader) list(line string, tag byte) []string {
	if !r.starts(line) {
		return nil
	}
	from := len(r.values)
	for v, ok := r.value(tag); ok; v, ok = r.value(tag) {
		r.values = append(r.values, v)
	}
	return r.values[from:len(r.values):len(r.values)]
}

func (r *documentReader) policyList() []policy.Policy {
	if !r.starts("P\n") {
		return nil
	}
	for {
		before := r.rest
		head, ok := r.value('p')
		word, id, hasID := strings.Cut(head, " ")
		effect, known := policy.ParseEffect(word)
		if !ok || !hasID || !known {
			r.rest = before
			return r.policies
		}
		r.policies = append(r.policies, policy.Policy{
			ID: id, Effect: effect, Groups: r.list("G\n", 'g'), Resources: r.resourceList(),
		})
	}
}

func (r *documentReader) resourceList() []policy.Resource {
	if !r.starts("R\n") {
		return nil
	}
	from := len(r.resources)
	for key, ok := r.value('r'); ok; key, ok = r.value('r') {
		r.resources = append(r.resources, policy.Resource{Key: key, Nested: r.list("N\n", 'n')})
	}
	return r.resources[from:len(r.resources):len(r.resources)]
}

// rateLimit reads a limit, if there is one. One that is no limit would let everything
// pass, so it is not read.
func (r *documentReader) rateLimit() authority.RateLimit {
	before := r.rest
	value, ok := r.value('l')
	if !ok {
		return authority.RateLimit{}
	}
	requests, period, _ := strings.Cut(value, " ")
	var limit authority.RateLimit
	var err1, err2 error
	limit.Requests, err1 = strconv.Atoi(requests)
	limit.Period, err2 = strconv.Atoi(period)
	if err1 != nil || err2 != nil || limit.Requests < 1 || limit.Requests > authority.MaxLimitRequests ||
		limit.Period < 1 || limit.Period > authority.MaxLimitPeriod {
		r.rest = before
		return authority.RateLimit{}
	}
	return limit
}

// end says what is wrong when the line that is left is not the last one.
func (r *documentReader) end() error {
	line, rest, ok := strings.Cut(r.rest, "\n")
	switch {
	case !ok:
		return errors.New("it has no end")
	case line != ".":
		return fmt.Errorf("the line %.80q cannot be here", line)
	case rest != "":
		return errors.New("there is more after its end")
	}
	return nil
}
