package authority

import (
	"fmt"
	"slices"
	"time"

	"github.com/tokenward/tokenward/internal/narrowing"
	"github.com/tokenward/tokenward/internal/policy"
)

// words puts into sentences what the suggestion came to, and what to think of.
func (s *suggester) words(now time.Time) {
	out := &s.out
	out.Message = out.message(now)
	if out.State == SuggestUnused {
		return
	}
	caution := func(kind CautionKind, format string, args ...any) {
		out.Cautions = append(out.Cautions, Caution{kind, fmt.Sprintf(format, args...)})
	}
	t, since := &out.Token, out.Basis.Since
	switch {
	case t.IssuedOn.After(since):
		caution(CautionYoung, "The token is younger than the days that were looked at (issued on %s): what it does more rarely has not been seen.", date(t.IssuedOn))
	case t.ModifiedOn.After(since):
		caution(CautionChanged, "The token was changed or rolled on %s: what it was given then has not had all the days to be used.", date(t.ModifiedOn))
	}
	if s.gone > 0 {
		caution(CautionGone, "Some requests (%d) did what its policies do not allow any more, or were about what is no longer there. They play no part.", s.gone)
	}
	if out.State != SuggestNarrower {
		return
	}
	if len(s.lists) > 0 {
		caution(CautionLists, "It lists zones, accounts or the like. The lists will show only what it may still read.")
	}
	if s.anywhere {
		caution(CautionAnywhere, "Of some requests it is not known which resource they were about, or in what it lies. What they need is kept wherever the token has it.")
	}
	if slices.ContainsFunc(out.Changes, func(c narrowing.Change) bool { return c.Unjudged && s.allows(c.Policy) }) {
		caution(CautionRecords, "Policies on DNS records stay as they are: which records were used is not counted.")
	}
}

// allows reports whether a policy of the token allows.
func (s *suggester) allows(i int) bool { return s.out.Token.Policies[i].Effect == policy.Allow }

// message is the state as a sentence.
func (s *Suggestion) message(now time.Time) string {
	b := &s.Basis
	switch s.State {
	case SuggestNarrower:
		return "It may do more than it did."
	case SuggestSame:
		return "It has used all that it may do. There is nothing to take away."
	case SuggestUnused:
		switch {
		case b.Denied > 0:
			return "Nothing that it tried in these days was allowed. Look at what it was denied; if nobody needs it, revoke it."
		case s.Token.IssuedOn.After(b.Since):
			return "It has not been used yet, so nothing is known of what it needs."
		}
		return "It was not used in these days. If nobody needs it, revoke it."
	case SuggestNoGroup:
		return "Nothing that it did takes a permission that it has. If it is needed for something else, nothing is known of that; else revoke it."
	case SuggestHandsOn:
		return "It made or changed tokens or members. It can give only what it has itself, and what of that it needed is not counted, so nothing is suggested."
	}
	text := fmt.Sprintf("Of %d requests it is not known what they did: it did more sorts of things than are told apart in a day. So nobody knows what it does not need, and nothing is suggested.", b.Unnamed)
	if days := int(now.UTC().Truncate(day).Sub(b.UnnamedOn.UTC().Truncate(day)) / day); days > 0 && !b.UnnamedOn.IsZero() {
		text += fmt.Sprintf(" The last one was on %s: ask about fewer days, %d or less.", date(b.UnnamedOn), days)
	}
	return text
}

func date(t time.Time) string { return t.UTC().Format(time.DateOnly) }
