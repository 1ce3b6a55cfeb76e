package catalogfile

import (
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
)

var methods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

// Values of access.
const (
	accessGroups = "groups" // any one of the groups on the resource
	accessLive   = "live"   // any live credential
	accessPublic = "public" // anyone
)

func (l *linter) operation(op *Operation) {
	l.form(op.ID, "the id of an operation", opForm, "letters, digits, dots, underscores and hyphens")
	l.oneOf(op.Method, "method", methods...)
	l.oneOf(op.Access, "access", accessGroups, accessLive, accessPublic)
	l.oneOf(op.Errors, "errors", "product", "core")
	if op.Product.Value != "" && !slices.ContainsFunc(l.f.Products, func(p Product) bool { return p.Name.Value == op.Product.Value }) {
		l.error(op.Product.At, "unknown-product", "there is no product %s", quote(op.Product.Value))
	}
	names, err := catalog.CheckTemplate(op.Path.Value)
	if err != nil && op.Path.Value != "" {
		l.error(op.Path.At, "bad-path", "%s", err)
	}
	l.knownGroups(op.Groups)
	if op.Access.Value == accessLive || op.Access.Value == accessPublic {
		if len(op.Groups)+len(op.Resource) > 0 || op.List != nil {
			l.error(op.Access.At, "bad-value", "access %s judges no resource: leave out groups, resource and list", op.Access.Value)
		}
	} else if len(op.Groups) == 0 {
		l.warn(op.At, "no-groups", "%s accepts no group, so everybody is denied", op.label())
	}
	l.resource(op, names)
	l.parameters(op, names)
	l.scopes(op)
}

func (op *Operation) label() string { return strings.TrimSpace(op.Method.Value + " " + op.Path.Value) }

func (op *Operation) judged() bool {
	return op.Access.Value == "" || op.Access.Value == accessGroups
}

// resource looks at the places, leaf first: each must be known, and the chain must
// reach the account without a gap.
func (l *linter) resource(op *Operation, params []string) {
	for i, p := range op.Resource {
		switch {
		case p.In == catalog.InPath && op.Path.Value != "" && !slices.Contains(params, p.Name.Value):
			l.error(p.Name.At, "missing-parameter", "the path %s has no parameter %s", op.Path.Value, quote(p.Name.Value))
		case p.In == catalog.InBody && (op.Method.Value == "GET" || op.Method.Value == "HEAD"):
			l.error(p.At, "bad-value", "a %s request has no body to name a resource in", op.Method.Value)
		case p.In == catalog.InNone && i > 0:
			l.error(p.At, "bad-value", "only the resource itself can be new, not what it lies in")
		}
	}
	if !op.judged() || l.unbound(op, op.Resource) {
		return
	}
	l.gaps(op, op.Resource)
	if op.List != nil {
		l.gaps(op, append(slices.Clone(op.List.Rows), op.container()...))
	}
}

// container is what a list lies in: its places without a leaf that is new.
func (op *Operation) container() []Place {
	return slices.DeleteFunc(slices.Clone(op.Resource), func(p Place) bool { return p.In == catalog.InNone })
}

// unbound reports an operation of which nobody could say which account it acts in.
func (l *linter) unbound(op *Operation, places []Place) bool {
	if l.f.Account.Value != "" || len(places) > 0 {
		return false
	}
	l.error(op.At, "no-account", "%s names no account: say account at the top of the file, or where the request names it", op.label())
	return true
}

// gaps finds places that are of no kind, or that leave out what lies between. A
// policy on what is left out would not reach the resource: a deny would be got
// round.
func (l *linter) gaps(op *Operation, places []Place) {
	for i, p := range places {
		full, ok := l.x.kind(p.Kind.Value)
		if !ok {
			if p.Kind.Value != "" {
				l.error(p.Kind.At, "unknown-kind", "there is no kind %s", quote(p.Kind.Value))
			}
			return
		}
		if full == catalog.KindAccount {
			if i < len(places)-1 {
				l.error(p.At, "broken-chain", "an account lies in nothing: name the resource first and the account last")
			} else if l.f.Account.Value != "" {
				l.error(p.At, "broken-chain", "the top of the file says already which account it is")
			}
			continue
		}
		parent := l.x.parent(full)
		var next string
		if i+1 < len(places) {
			next, _ = l.x.kind(places[i+1].Kind.Value)
		} else if l.f.Account.Value != "" {
			next = catalog.KindAccount
		}
		if parent != "" && next != parent {
			l.error(p.At, "broken-chain", "%s does not say which %s the %s lies in, so policies on that would not reach it",
				op.label(), lastPart(parent), lastPart(full))
		}
	}
}

func lastPart(kind string) string { return kind[strings.LastIndexByte(kind, '.')+1:] }

// parameters looks at those of the path that name no resource.
func (l *linter) parameters(op *Operation, params []string) {
	judged := map[string]bool{}
	for _, p := range op.Resource {
		if p.In == catalog.InPath {
			if judged[p.Name.Value] {
				l.error(p.Name.At, "duplicate", "the parameter %s names two resources", quote(p.Name.Value))
			}
			judged[p.Name.Value] = true
		}
	}
	said := map[string]bool{}
	for _, p := range op.Parameters {
		l.oneOf(p.Form, "a form", "segment", "opaque", "rest", "hex32", "int", "uuid", "slug")
		switch name := p.Name.Value; {
		case !slices.Contains(params, name):
			l.error(p.Name.At, "missing-parameter", "the path %s has no parameter %s", op.Path.Value, quote(name))
		case judged[name]:
			l.error(p.Name.At, "duplicate", "%s names a resource, whose kind says what its ids look like", name)
		case said[name]:
			l.error(p.Name.At, "duplicate", "%s stands twice", name)
		case p.Form.Value == "rest" && !strings.HasSuffix(op.Path.Value, "/{"+name+"}"):
			l.error(p.Form.At, "bad-value", "only the last segment of a path can be the rest of it")
		}
		said[p.Name.Value] = true
	}
	for _, name := range params {
		if !judged[name] && !said[name] && op.judged() {
			l.warn(op.Path.At, "unjudged-parameter", "{%s} names no resource; say under parameters that this is so", name)
		}
	}
}

// scopes warns of groups that no policy on the operation's own resource could
// give.
func (l *linter) scopes(op *Operation) {
	if !op.judged() {
		return
	}
	on, about := []string{catalog.KindAccount}, op.Resource
	if op.List != nil {
		about = op.List.Rows
	}
	if len(about) > 0 {
		if full, ok := l.x.kind(about[0].Kind.Value); ok {
			on = l.x.chain(full)
		}
	}
	for _, key := range op.Groups {
		g := l.x.groups[key.Value]
		if g == nil {
			continue
		}
		if scope, ok := l.x.kind(g.Scope.Value); ok && !slices.Contains(on, scope) {
			l.warn(key.At, "wrong-scope", "the group %s acts on a %s, which %s does not name; say where it does under resource, or what its rows are under list", key.Value, lastPart(scope), op.label())
		}
	}
}

func (l *linter) operationIDs() {
	seen := map[string]bool{}
	for i := range l.f.Operations {
		id := l.f.Operations[i].ID
		if id.Value != "" && seen[id.Value] {
			l.error(id.At, "duplicate", "the operation %s is there twice", id.Value)
		}
		seen[id.Value] = true
	}
}
