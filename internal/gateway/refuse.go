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
	help     help            // for a live credential
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
	case policy.APIOff:
		return apiOff
	case policy.WrongProduct:
		return wrongProduct
	}
	return lacks
}

// refuse answers a request that does not pass.
func (a *answer) refuse(r *refusal) {
	a.mark(r.help.scope)
	d := denials[lacks].product
	if int(r.outcome) < len(denials) {
		d = denials[r.outcome].of(r.attempt.Op.Family)
	}
	message := strings.NewReplacer("<ip>", location(r.attempt.Addr), "<product>", r.attempt.Op.Incompatible).Replace(d.message)
	e := v4.Error{Code: d.code, Message: message}
	if d.chain != none {
		e.ErrorChain = []v4.ChainItem{d.chain}
	}
	e.ErrorChain = append(e.ErrorChain, r.help.chain...)
	if d.status == http.StatusUnauthorized {
		a.Header().Set("WWW-Authenticate", "Bearer") // RFC 9110, 15.5.2: a 401 must have one
	}
	a.fail(d.status, e)
}

// mark sets the headers of a refusal. scope is what it would take, "" to say
// nothing.
func (a *answer) mark(scope string) {
	if a.gateway {
		a.Header().Set("Tokenward-Denied-By", "gateway") // and not what is behind it
	}
	if scope != "" {
		a.Header().Set("WWW-Authenticate", `Bearer error="insufficient_scope", scope="`+scope+`"`) // RFC 6750, 3.1
	}
}

// location is an address as told to the one who sent from it.
func location(addr netip.Addr) string {
	if !addr.IsValid() {
		return "unknown"
	}
	return addr.String()
}
