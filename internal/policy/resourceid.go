package policy

import "strings"

// typed reports whether resources of kind k have types and names.
func (v *Vocabulary) typed(k KindNo) bool {
	return int(k) < len(v.kinds) && len(v.kinds[k].Types) > 0
}

// all is the id that stands for every resource of the kind.
func (k *Kind) all() string {
	if len(k.Types) > 0 {
		return everyRecord
	}
	return "*"
}

// holders are the short names of the kinds that resources of kind k lie in, the
// nearest first.
func (v *Vocabulary) holders(k KindNo) []string {
	var out []string
	for k = v.Parent(k); k != 0; k = v.Parent(k) {
		out = append(out, shortName(v.KindName(k)))
	}
	return out
}

// Key is a resource's key as policies write it; a Ref that is Any gives the key of
// every resource of its kind.
func (v *Vocabulary) Key(r Ref) string {
	id := r.String()
	if r.Any() && int(r.Kind) < len(v.kinds) {
		id = v.kinds[r.Kind].all()
	}
	return v.KindName(r.Kind) + "." + id
}

// Record is a resource of a kind with types. It is false where no resource of the
// kind can be called so: names are complete, in lower case and in Punycode,
// without a trailing dot.
func (v *Vocabulary) Record(k KindNo, typ, name string) (Ref, bool) {
	if !v.typed(k) || !isRecord(v.kinds[k].Types, typ, name) {
		return Ref{}, false
	}
	return Ref{Kind: k, Name: typ + ":" + name}, true
}

// ParseRef reads the id of a resource key, of kind k. What stands for every
// resource of the kind gives a Ref that is Any. Else it says what is wrong with
// the id, "" where there is nothing to say but that it is none.
func (v *Vocabulary) ParseRef(k KindNo, id string) (r Ref, wrong string, ok bool) {
	wrong, ok = v.parseRef(k, id, &r)
	return r, wrong, ok
}

// parseRef is ParseRef into a Ref that is the zero Ref.
func (v *Vocabulary) parseRef(k KindNo, id string, r *Ref) (wrong string, ok bool) {
	if int(k) >= len(v.kinds) || k == 0 {
		return "", false
	}
	kind := &v.kinds[k]
	switch {
	case id == kind.all():
		r.Kind = k
		return "", true
	case len(kind.Types) > 0:
		wrong = wrongPattern(kind.Types, id)
		ok = wrong == ""
	case kind.Form != nil:
		if ok = kind.Form.Fits(id); !ok {
			wrong = "ids of " + shortName(kind.Name) + " are of the form " + kind.Form.String()
		}
	case kind.Named:
		ok = isName(id)
	default:
		parsed, hex := ParseID(id)
		if hex && parsed != (ID{}) {
			r.Kind, r.ID = k, parsed
			return "", true
		}
		if !strings.Contains(id, ".") {
			wrong = "its id must be 32 lowercase hex digits, not all zero"
		}
	}
	if !ok {
		return wrong, false
	}
	*r = MakeRef(k, id)
	return "", true
}

// isName reports whether s can be the id of a resource of a kind that is named.
func isName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '.') {
			return false
		}
	}
	return s != ""
}
