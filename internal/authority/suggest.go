package authority

import (
	"context"
	"reflect"
	"slices"
	"time"

	"github.com/tokenward/tokenward/internal/narrowing"
	"github.com/tokenward/tokenward/internal/policy"
)

// maxSuggestUses is how many sorts of use a suggestion looks at.
const maxSuggestUses = 10_000

// SuggestionState says what a suggestion came to.
type SuggestionState string

// The states. Only the first one has policies to put in the place of the token's.
const (
	SuggestNarrower SuggestionState = "narrower"
	// SuggestSame: all that the token may do was used, as far as that is judged.
	SuggestSame SuggestionState = "same"
	// SuggestUnused: it was not used in these days.
	SuggestUnused SuggestionState = "unused"
	// SuggestNoGroup: what it did takes none of its permissions.
	SuggestNoGroup SuggestionState = "no_permission_used"
	// SuggestIncomplete: it did more than is told apart, so that nobody knows what
	// it does not need.
	SuggestIncomplete SuggestionState = "incomplete"
	// SuggestHandsOn: it gave tokens or members what it has itself, and which of it
	// that took is not counted.
	SuggestHandsOn SuggestionState = "hands_on"
)

// Suggestion is how a token could be narrowed to what it was used for. Nothing is
// changed by it.
type Suggestion struct {
	Token    Token // as it is; what is suggested is for its version
	State    SuggestionState
	Message  string // the state, as a sentence
	Basis    SuggestionBasis
	Cautions []Caution // what to think of before it is applied
	// Policies are those that the token would have: its own unless State is
	// SuggestNarrower.
	Policies []policy.Policy
	Changes  []narrowing.Change // one for each policy of the token; none in other states
	Reasons  []narrowing.Reason
	// Addresses are those that it was used from, nil where there is nothing to
	// suggest by them.
	Addresses *SuggestedAddresses
}

// SuggestionBasis is what a suggestion rests on.
type SuggestionBasis struct {
	Days      int
	Since     time.Time // the beginning of the first of them
	Requests  int64     // that were allowed
	Denied    int64     // that were not; they play no part
	Unnamed   int64     // of which it is not known what they did
	UnnamedOn time.Time // the last time of one of those
}

// CautionKind is a sort of caution.
type CautionKind string

// The kinds.
const (
	CautionYoung    CautionKind = "young"    // the token is younger than the days that were looked at
	CautionChanged  CautionKind = "changed"  // it was changed in them
	CautionLists    CautionKind = "lists"    // it lists things, and will see fewer of them
	CautionAnywhere CautionKind = "anywhere" // of some use it is not known where it was
	CautionGone     CautionKind = "gone"     // some of what it did is not allowed any more
	CautionRecords  CautionKind = "records"  // policies on DNS records are not judged
)

// Caution is something to think of.
type Caution struct {
	Kind    CautionKind
	Message string // a sentence
}

// Suggest finds the narrowest policies under which one of an owner's tokens could
// go on doing what it did in the last days: 0 days are DefaultUsageDays, and there
// are never more than MaxUsageDays. They allow nothing that the token's own do not
// allow. To apply them, Update the token with the suggestion's Draft.
//
// Uses of the last seconds may be missing.
//
// Errors: as Token.
func (a *Authority) Suggest(ctx context.Context, c Caller, o Owner, id string, days int) (Suggestion, error) {
	t, err := a.Token(ctx, c, o, id)
	if err != nil {
		return Suggestion{}, err
	}
	days, since := usageWindow(c.now, days)
	u, err := a.store.TokenUsage(ctx, id, since, maxSuggestUses)
	if err != nil {
		return Suggestion{}, storeError("read the use of token "+id, err)
	}
	s := suggester{a: a, ctx: ctx, w: a.current.Load(), fresh: a.feed.fresh(c.now)}
	s.out = Suggestion{Token: t, Policies: t.Policies, Basis: SuggestionBasis{Days: days, Since: since}}
	s.count(&u)
	if err := s.addresses(&u); err != nil {
		return Suggestion{}, err
	}
	if s.out.State, err = s.find(&u); err != nil {
		return Suggestion{}, err
	}
	s.words(c.now)
	return s.out, nil
}

// Draft is the token's definition with what is suggested, for Update: refused when
// the token has been changed since. Addresses says whether it is also to be limited
// to those that it was used from.
func (s *Suggestion) Draft(addresses bool) Draft {
	t := &s.Token
	d := Draft{
		Name: t.Name, Policies: slices.Clone(s.Policies), Condition: t.Condition,
		NotBefore: t.NotBefore, ExpiresOn: t.ExpiresOn, Version: t.Version,
	}
	if !t.RateLimit.IsZero() {
		d.RateLimit = &t.RateLimit
	}
	if addresses && s.Addresses != nil {
		d.Condition = s.Addresses.Condition
	}
	return d
}

// suggester makes one suggestion.
type suggester struct {
	a     *Authority
	ctx   context.Context
	w     *world
	fresh bool
	out   Suggestion

	needs    []narrowing.Need
	lists    []listed
	handsOn  bool
	anywhere bool
	gone     int64 // requests on what is no longer there
}

// count adds up what the days hold.
func (s *suggester) count(u *Usage) {
	b := &s.out.Basis
	for _, d := range u.Days {
		b.Requests, b.Denied = b.Requests+d.Allowed, b.Denied+d.Denied
	}
	named := int64(0)
	for _, use := range u.Uses {
		switch {
		case use.Use == Use{}:
			b.UnnamedOn = use.LastOn
		case !use.Use.Denied:
			named += use.Count
		}
	}
	b.Unnamed = max(0, b.Requests-named)
}

// find finds the policies, and says what that came to.
func (s *suggester) find(u *Usage) (SuggestionState, error) {
	switch b := &s.out.Basis; {
	case b.Requests == 0:
		return SuggestUnused, nil
	case b.Unnamed > 0:
		return SuggestIncomplete, nil
	}
	for i := range u.Uses {
		if err := s.use(&u.Uses[i]); err != nil {
			return "", err
		}
	}
	if s.handsOn {
		return SuggestHandsOn, nil
	}
	s.see()
	t := &s.out.Token
	got, err := narrowing.Find(&narrowing.Token{Catalog: s.w.catalog, Owner: s.w.kinds.owner(t.Owner), Policies: t.Policies}, s.needs)
	if err != nil {
		return "", unavailable("suggest policies for token "+t.ID, err)
	}
	for _, i := range got.Lost {
		if !s.needs[i].Beside {
			s.gone += s.needs[i].Count
		}
	}
	if reflect.DeepEqual(got.Policies, t.Policies) {
		return SuggestSame, nil
	}
	if !slices.ContainsFunc(got.Policies, func(p policy.Policy) bool { return p.Effect == policy.Allow }) {
		return SuggestNoGroup, nil
	}
	s.out.Policies, s.out.Changes, s.out.Reasons = got.Policies, got.Changes, got.Reasons
	return SuggestNarrower, nil
}
