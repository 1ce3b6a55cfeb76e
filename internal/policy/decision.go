package policy

import "net/netip"

// Access is one attempt: an operation, given as the groups of which it accepts
// any one, on a resource, from an address.
type Access struct {
	Accepted *GroupSet
	Path     Path
	Addr     netip.Addr // the zero Addr is an unknown address
	// Each, a kind with types: the access is to all resources of that kind that
	// lie in Path's, and is allowed when it is to every one of them. When it is to
	// some, the reason is PartOfZone.
	Each KindNo
}

// Decision is the answer to an Access. The zero value denies.
type Decision struct {
	Allowed bool
	Reason  Reason
	// Policy is the number, from 1, of the policy that decided; zero when none
	// did.
	Policy uint16
}

// Reason says why a decision came out as it did. The reasons from
// UnknownCredential to NeedsAccount are given by package authority.
type Reason uint8

// The reasons.
const (
	NoGrant           Reason = iota // nothing gives an accepted group on the resource
	Granted                         // allowed
	DeniedByPolicy                  // a deny policy takes it away
	Location                        // the client-IP condition refuses the address
	UnknownCredential               // no such secret or key
	Disabled                        // the token is switched off
	Expired                         // the token's time is over
	NotYetValid                     // the token's time has not come
	OwnerGone                       // the owner is suspended or no longer there
	OwnerLacks                      // the owner may not do it today
	WrongOwner                      // an account's token where only a person's can act
	NeedsPerson                     // a token where only a person's own credential can act
	Unstated                        // nobody stated which groups the operation accepts
	WrongProduct                    // an account's token on a product that takes none
	APIOff                          // the owner's tokens and keys do not work in this account
	NeedsAccount                    // a user's credential where only an account's token can act
	PartOfZone                      // it is allowed for some of the records in the path's zone
)

func (r Reason) String() string {
	names := [...]string{
		NoGrant: "no policy grants it", Granted: "granted", DeniedByPolicy: "a deny policy takes it away",
		Location: "the client address is outside the token's IP condition", UnknownCredential: "unknown credential",
		Disabled: "the token is disabled", Expired: "the token has expired", NotYetValid: "the token is not valid yet",
		OwnerGone: "the token's owner is suspended or gone", OwnerLacks: "the token's owner may not do this",
		WrongOwner: "an account-owned token cannot act for a user", NeedsPerson: "only a user's own credential can do this",
		Unstated:     "no permission group is stated for the operation",
		WrongProduct: "the product takes no account-owned tokens",
		APIOff:       "API access is switched off for the owner in this account",
		NeedsAccount: "only a token that an account owns can do this",
		PartOfZone:   "it is allowed for some of the zone's records only",
	}
	if int(r) >= len(names) {
		return "unknown reason"
	}
	return names[r]
}
