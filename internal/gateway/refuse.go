package gateway

import (
	"net/http"
	"net/netip"
	"strings"

	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
	"github.com/tokenward/tokenward/v4"
)

// refusal is all there is to say about why a request does not pass.
type refusal struct {
	outcome  outcome
	attempt  *Attempt
	decision policy.Decision // the zero Decision when it did not come to one
}

// outcomeOf is the outcome of a decision that denies.
//
// It is also where existence is withheld: whether a resource does not exist or
// is not the caller's, and whether a credential is unknown, switched off or
// expired, comes out the same.
func outcomeOf(r policy.Reason, k token.CredentialKind) outcome {
	switch r {
	case policy.UnknownCredential, policy.Disabled, policy.Expired, policy.NotYetValid, policy.OwnerGone:
		if k == token.Key {
			return unknownKey
		}
		return unknownToken
	case policy.WrongOwner:
		return wrongOwner
	case policy.Location:
		return wrongLocation
	}
	return lacks
}

// refuse answers a request that does not pass.
func (a *answer) refuse(r *refusal) {
	d := denials[lacks].product
	if int(r.outcome) < len(denials) {
		d = denials[r.outcome].of(r.attempt.Op.Family)
	}
	e := v4.Error{Code: d.code, Message: strings.ReplaceAll(d.message, "<ip>", location(r.attempt.Addr))}
	if d.chain != none {
		e.ErrorChain = []v4.ChainItem{d.chain}
	}
	if d.status == http.StatusUnauthorized {
		a.Header().Set("WWW-Authenticate", "Bearer") // RFC 9110, 15.5.2: a 401 must have one
	}
	a.fail(d.status, e)
}

// location is an address as told to the one who sent from it.
func location(addr netip.Addr) string {
	if !addr.IsValid() {
		return "unknown"
	}
	return addr.String()
}
