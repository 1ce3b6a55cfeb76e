package dns

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// ParseQuery reads a list's parameters. Unknown ones are ignored; one that is
// known and wrong is an error that names it.
func ParseQuery(values url.Values) (Query, error) {
	p := params{query: NewQuery()}
	keys := make([]string, 0, len(values))
	for key := range values {
		keys = append(keys, key)
	}
	slices.Sort(keys) // so that the same request gets the same error
	for _, key := range keys {
		if all := values[key]; len(all) > 0 {
			p.read(dotted(key), all[0])
		}
	}
	return p.query, invalid(p.faults)
}

// dotted writes name[contains] as name.contains: some clients' encoders make
// the one of the other.
func dotted(key string) string {
	if name, op, ok := strings.Cut(key, "["); ok {
		return name + "." + strings.TrimSuffix(op, "]")
	}
	return key
}

type params struct {
	query  Query
	faults []Fault
}

func (p *params) read(key, value string) {
	q := &p.query
	switch key {
	case "match":
		q.Any = p.oneOf(key, value, "all", "any") == "any"
	case "tag_match":
		q.TagAny = p.oneOf(key, value, "all", "any") == "any"
	case "order":
		q.Order = Order(p.oneOf(key, value, "type", "name", "content", "ttl", "proxied"))
	case "direction":
		q.Descending = p.oneOf(key, value, "asc", "desc") == "desc"
	case "page":
		q.Page = p.number(key, value, 1, math.MaxInt32)
	case "per_page":
		q.PerPage = p.number(key, value, 1, maxPerPage)
	case "search":
		q.Search = value
	case "proxied":
		p.filter(OnProxied, Exact, p.oneOf(key, value, "true", "false"))
	case "type":
		p.filter(OnType, Exact, value)
	default:
		p.text(key, value)
	}
}

// text reads the filters that have an operator, and those that mean one.
func (p *params) text(key, value string) {
	name, op, _ := strings.Cut(key, ".")
	switch {
	case op == "" && name == string(OnTag):
		op = string(Present)
		if strings.Contains(value, ":") {
			op = string(Exact)
		}
	case op == "":
		op = string(Exact)
	}
	switch o, field := Op(op), Field(name); o {
	case Exact, Contains, StartsWith, EndsWith:
		if slices.Contains([]Field{OnName, OnContent, OnComment, OnTag}, field) {
			p.filter(field, o, value)
		}
	case Present, Absent:
		if field == OnComment || field == OnTag {
			p.filter(field, o, value)
		}
	}
}

// filter adds a filter. An empty value filters nothing, except that comments
// are there or not whatever the value is.
func (p *params) filter(field Field, op Op, value string) {
	if value != "" || field == OnComment && (op == Present || op == Absent) {
		p.query.Filters = append(p.query.Filters, Filter{field, op, value})
	}
}

// oneOf gives the value if it is one of some, and the first of them if it is
// empty or wrong.
func (p *params) oneOf(key, value string, some ...string) string {
	if slices.Contains(some, strings.ToLower(value)) {
		return strings.ToLower(value)
	}
	if value != "" {
		p.wrong(key, "one of "+strings.Join(some, ", "))
	}
	return some[0]
}

func (p *params) number(key, value string, least, most int) int {
	n, err := strconv.Atoi(value)
	if err != nil || n < least || n > most {
		p.wrong(key, fmt.Sprintf("a whole number between %d and %d", least, most))
		return least
	}
	return n
}

func (p *params) wrong(key, must string) {
	p.faults = append(p.faults, Fault{numQuery, key, fmt.Sprintf("Parameter %s must be %s.", key, must)})
}
