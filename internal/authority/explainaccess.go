package authority

import (
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// maxAskedPath bounds the path of a question.
const maxAskedPath = 8 << 10

// attempt is the access that a question is about, as the gate would ask about it.
func (w *world) attempt(q *Question) (Attempt, error) {
	at := Attempt{Addr: q.Addr}
	switch {
	case (q.Operation == "") == (q.Method == "" && q.Path == ""):
		return at, badQuestion("/operation", "name an operation, or a method and a path, and not both")
	case len(q.Path) > maxAskedPath:
		return at, badQuestion("/path", "the path is longer than a request's may be")
	case q.Operation != "":
		op, ok := w.catalog.Operation(q.Operation)
		if !ok {
			return at, badQuestion("/operation", "there is no such operation")
		}
		at.Op = op
		if len(q.Resource) == 0 && (op.Target == catalog.TargetAccount || op.Target == catalog.TargetZone || op.Target == catalog.TargetBucket) {
			return at, badQuestion("/resource", "say which "+op.Target.String()+" the operation is to act on")
		}
	default:
		m, miss := w.match(q.Method, q.Path)
		if miss != catalog.Hit {
			return at, badQuestion("/path", missWords(miss))
		}
		at.Op, at.Path = m.Op, m.Resource("")
		if at.Path.Len() > 0 && len(q.Resource) > 0 {
			return at, badQuestion("/resource", "the path says which resource is meant")
		}
	}
	if len(q.Resource) == 0 {
		return at, nil
	}
	var ok bool
	if at.Path, ok = w.stated(at.Op, q.Resource); !ok {
		return at, badQuestion("/resource", "the operation does not act on such a resource")
	}
	return at, nil
}

// askedRecord is the record that a question is about, the zero Ref for none.
func (w *world) askedRecord(q *Question, op *catalog.Operation) (policy.Ref, error) {
	if q.Record == "" {
		return policy.Ref{}, nil
	}
	if op.Records == 0 {
		return policy.Ref{}, badQuestion("/record", "the operation does not act on records")
	}
	typ, name, _ := strings.Cut(q.Record, ":")
	record, ok := w.vocabulary.Record(op.Records, typ, name)
	if !ok {
		return policy.Ref{}, badQuestion("/record", "write TYPE:NAME, such as TXT:_acme-challenge.example.com: the type in upper case, the name complete, in lower case and in Punycode, without a trailing dot")
	}
	return record, nil
}

// match finds an operation in the API itself, and then in the custom catalogues.
func (w *world) match(method, path string) (catalog.Match, catalog.Miss) {
	m, miss := w.catalog.Match(method, path)
	for _, api := range w.catalog.APIs() {
		if miss == catalog.Hit {
			break
		}
		other, why := api.Match(method, path)
		if m = other; why > miss {
			miss = why
		}
	}
	return m, miss
}

func badQuestion(pointer, message string) error {
	return invalid([]policy.Fault{{Pointer: pointer, Message: message}})
}

func missWords(m catalog.Miss) string {
	switch m {
	case catalog.NoMethod:
		return "the path is there, but not with this method, so it is denied to everybody"
	case catalog.BadID:
		return "an id in the path does not have the form of one"
	case catalog.BadPath:
		return "the path is spelled in a way that is refused: an empty or dot segment, or an escaped separator"
	}
	return "the catalogue has no such path, so it is denied to everybody"
}

// stated is the path of the resource that keys name, as the gate would have read
// it from a request for the operation.
func (w *world) stated(op *catalog.Operation, keys []string) (policy.Path, bool) {
	want := map[catalog.Target]policy.KindNo{
		catalog.TargetAccount: w.kinds.account, catalog.TargetZone: w.kinds.zone, catalog.TargetBucket: w.kinds.bucket,
	}[op.Target]
	var refs []policy.Ref
	if places := op.Places(); len(places) > 0 {
		if want = places[0].Kind; places[0].In == catalog.InNone {
			refs = append(refs, policy.Ref{Kind: want})
		}
	}
	for _, key := range keys {
		ref, ok := w.ref(key)
		if !ok || len(refs) == policy.MaxDepth {
			return policy.Path{}, false
		}
		refs = append(refs, ref)
	}
	if refs[0].Kind != want || want == 0 {
		return policy.Path{}, false
	}
	return w.within(refs), true
}

// within adds the account that a resource's name or its kind says it lies in. A
// zone's is looked up when it is judged.
func (w *world) within(refs []policy.Ref) policy.Path {
	path := policy.NewPath(refs...)
	if _, ok := path.Find(w.kinds.account); ok {
		return path
	}
	switch leaf := path.Leaf(); {
	case leaf.Kind == w.kinds.bucket:
		account, _, _ := strings.Cut(leaf.Name, "_")
		return path.In(policy.MakeRef(w.kinds.account, account))
	case w.catalog.AccountOf(leaf.Kind) != "":
		return path.In(policy.MakeRef(w.kinds.account, w.catalog.AccountOf(leaf.Kind)))
	}
	return path
}

// ref reads the key of one resource. A name may have dots of its own: the longest
// kind that fits is meant.
func (w *world) ref(key string) (policy.Ref, bool) {
	if len(key) > policy.MaxResourceKey {
		return policy.Ref{}, false
	}
	kinds := w.vocabulary.Kinds()
	for dot := strings.LastIndexByte(key, '.'); dot > 0; dot = strings.LastIndexByte(key[:dot], '.') {
		no := w.vocabulary.Kind(key[:dot])
		if no == 0 {
			continue
		}
		ref, kind := policy.MakeRef(no, key[dot+1:]), &kinds[no-1]
		if kind.Form != nil {
			return ref, kind.Form.Fits(key[dot+1:])
		}
		return ref, !ref.Any() && (kind.Named || ref.Name == "") && !slices.Contains([]string{"*", "."}, ref.Name)
	}
	return policy.Ref{}, false
}
