package authority

import (
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// place is where a use of an operation was: the resource by the key that was
// counted, and what it lies in. open says that it may lie in more than the path
// names. The zero Path is one that is not known, and found is false for what is no
// longer there.
func (s *suggester) place(op *catalog.Operation, key string) (path policy.Path, open, found bool, err error) {
	if op.Target == catalog.TargetAnywhere {
		return policy.Path{}, false, true, nil // it counts wherever the groups are held
	}
	if len(op.Places()) > 0 {
		path, open = s.custom(op, key)
		return path, open, true, nil
	}
	path, found, err = s.located(key)
	return path, false, found, err
}

// located is a resource of the built-in catalogue, and the account that it lies in.
func (s *suggester) located(key string) (policy.Path, bool, error) {
	ref, ok := s.ref(key)
	if !ok {
		return policy.Path{}, true, nil
	}
	path := s.w.within([]policy.Ref{ref})
	if err := s.a.locate(s.ctx, &path, s.fresh); err != nil {
		return policy.Path{}, false, err
	}
	// A zone that is gone lies nowhere, and nobody could be given anything on it.
	return path, ref.Kind != s.w.kinds.zone || path.Len() > 1, nil
}

// ref reads a key that was counted. One that is as long as keys are kept may have
// been cut.
func (s *suggester) ref(key string) (policy.Ref, bool) {
	if key == "" || len(key) >= maxUseResource {
		return policy.Ref{}, false
	}
	return s.w.ref(key)
}

// custom is the resource of a custom catalogue's operation. What held it was not
// counted: an account's token reaches its own account only, and of others it is
// known where the catalogue says so.
func (s *suggester) custom(op *catalog.Operation, key string) (path policy.Path, open bool) {
	places := op.Places()
	leaf := policy.Ref{Kind: places[0].Kind}
	if places[0].In != catalog.InNone {
		ref, ok := s.ref(key)
		if !ok || ref.Kind != leaf.Kind {
			return policy.Path{}, false
		}
		leaf = ref
	}
	path = s.w.within([]policy.Ref{leaf})
	owner := s.w.kinds.owner(s.out.Token.Owner)
	for _, p := range places[1:] {
		if _, known := path.Find(p.Kind); !known && (p.Kind != s.w.kinds.account || !owner.Account) {
			open = true
		}
	}
	_, known := path.Find(s.w.kinds.account)
	inAccount := op.InCallersAccount() || places[len(places)-1].Kind == s.w.kinds.account
	if owner.Account && !known && inAccount {
		path.Extend(owner.Ref)
	}
	return path, open
}
