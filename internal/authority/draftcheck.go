package authority

import (
	"time"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// CheckDraft finds everything that is wrong with a draft by itself, as Issue
// (before is nil) and Update do before anything else, and gives its rules when
// nothing is. What the caller may give is not looked at. The catalogue must have
// users, accounts and zones.
func CheckDraft(c *catalog.Catalog, d *Draft, o Owner, before *Token, now time.Time) ([]policy.Rule, []policy.Fault) {
	return checkDraft(c.Vocabulary(), PolicyOwner(c.Vocabulary(), o), d, before, now)
}

// PolicyOwner is a token's owner as package policy sees it.
func PolicyOwner(v *policy.Vocabulary, o Owner) policy.Owner {
	return kinds{user: v.Kind(kindUser), account: v.Kind(kindAccount)}.owner(o)
}
