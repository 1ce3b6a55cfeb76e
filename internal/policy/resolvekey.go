package policy

import "strings"

// place adds the place that a key names, by itself or under another if outer is not
// nil. It is filled in where it stays: copying it again and again took longer than
// reading the key.
func (r *resolver) place(outer *Ref, key string) {
	n := len(r.places)
	r.places = append(r.places, place{})
	p := &r.places[n]
	ok := r.key(key, &p.ref)
	switch {
	case !ok:
	case outer == nil:
		ok = r.flat(&p.ref)
	default:
		ok = r.nested(outer, p)
	}
	if !ok {
		r.places = r.places[:n]
	}
}

// key splits a resource key into kind and id; ".*" gives a Ref that is Any.
func (r *resolver) key(key string, ref *Ref) bool {
	if len(key) > MaxResourceKey {
		r.fault("a resource key has at most %d characters, this one has %d", MaxResourceKey, len(key))
		return false
	}
	kind, id := r.split(key)
	if id == "" {
		r.fault("%s is not a supported resource type", key)
		return false
	}
	wrong, ok := r.v.parseRef(kind, id, ref)
	switch {
	case ok:
	case wrong != "":
		r.fault("%s is not a supported resource type: %s", key, wrong)
	default:
		r.fault("%s is not a supported resource type", key)
	}
	return ok
}

// split gives the kind and the id of a key; the id is empty where there is no such
// kind, or no id.
func (r *resolver) split(key string) (KindNo, string) {
	// Keys beside each other are mostly of one kind.
	if id, ok := strings.CutPrefix(key, r.prefix); ok && r.kind != 0 && strings.IndexByte(id, '.') < 0 {
		return r.kind, id
	}
	// A name may have dots of its own: take the longest kind that fits.
	for dot := strings.LastIndexByte(key, '.'); dot > 0; dot = strings.LastIndexByte(key[:dot], '.') {
		if kind := r.v.Kind(key[:dot]); kind != 0 {
			r.kind, r.prefix = kind, key[:dot+1]
			return kind, key[dot+1:]
		}
	}
	return 0, ""
}

// flat judges a key that stands by itself.
func (r *resolver) flat(ref *Ref) bool {
	if !r.own(ref) {
		return false
	}
	if r.v.typed(ref.Kind) {
		r.fault("%s must be nested under one %s", r.v.Key(*ref), strings.Join(r.v.holders(ref.Kind), " or one "))
		return false
	}
	if !ref.Any() {
		return true
	}
	kind := &r.v.kinds[ref.Kind]
	switch {
	case r.owner.Account:
		r.fault("Must specify a %s for account owned tokens, or nest %s under specific account resource", shortName(kind.Name), shortName(kind.Name))
		return false
	case kind.NestAll:
		r.fault("%s.* must be nested under one %s", kind.Name, shortName(kind.Parent))
		return false
	}
	return true
}

// nested judges a key under another: the resource, and in what it must lie.
func (r *resolver) nested(outer *Ref, p *place) bool {
	if p.ref.Kind == outer.Kind || !r.v.Below(p.ref.Kind, outer.Kind) {
		r.fault("%s cannot be nested under %s", r.v.KindName(p.ref.Kind), r.v.KindName(outer.Kind))
		return false
	}
	p.in = *outer
	if !r.own(&p.in) || !r.own(&p.ref) {
		return false
	}
	if !p.in.Any() {
		return true
	}
	// Under "every account" the inner key means what it means by itself.
	p.in = Ref{}
	return r.flat(&p.ref)
}

// own ties keys of the owner's kind to the owner. A user's token names its own
// user only; for an account's token "every account" is its account, and other
// accounts and users are out of its reach.
func (r *resolver) own(ref *Ref) bool {
	switch {
	case r.owner.Account && !r.v.Below(ref.Kind, r.owner.Ref.Kind):
		r.fault("%s is not a resource that an account owned token can hold", r.v.KindName(ref.Kind))
		return false
	case ref.Kind != r.owner.Ref.Kind || *ref == r.owner.Ref:
		return true
	case ref.Any() && r.owner.Account:
		*ref = r.owner.Ref
		return true
	}
	r.fault("a token can name only its own %s, %s", shortName(r.v.KindName(r.owner.Ref.Kind)), r.owner.Ref)
	return false
}

// shortName is the last part of a kind's name: "zone".
func shortName(kind string) string {
	return kind[strings.LastIndexByte(kind, '.')+1:]
}
