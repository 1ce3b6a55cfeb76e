package authority

import (
	"fmt"

	"github.com/tokenward/tokenward/internal/policy"
)

// Names of the resource kinds that the authority itself deals in.
const (
	kindUser    = "com.cloudflare.api.user"
	kindAccount = "com.cloudflare.api.account"
	kindZone    = "com.cloudflare.api.account.zone"
	kindBucket  = "com.cloudflare.edge.r2.bucket"
	kindRecord  = "com.tokenward.dns.record"
)

// kinds are those kinds' numbers in the catalogue's vocabulary.
type kinds struct {
	user, account, zone policy.KindNo
	bucket, record      policy.KindNo // zero in a catalogue without them
}

func findKinds(v *policy.Vocabulary) (kinds, error) {
	k := kinds{v.Kind(kindUser), v.Kind(kindAccount), v.Kind(kindZone), v.Kind(kindBucket), v.Kind(kindRecord)}
	if k.user == 0 || k.account == 0 || k.zone == 0 {
		return k, fmt.Errorf("authority: the catalogue lacks one of the kinds %s, %s, %s", kindUser, kindAccount, kindZone)
	}
	return k, nil
}

// owner is a token's owner as package policy sees it.
func (k kinds) owner(o Owner) policy.Owner {
	if o.Kind == OwnerAccount {
		return policy.Owner{Ref: policy.MakeRef(k.account, o.ID), Account: true}
	}
	return policy.Owner{Ref: policy.MakeRef(k.user, o.ID)}
}

func (k kinds) accountPath(id string) policy.Path {
	return policy.NewPath(policy.MakeRef(k.account, id))
}

func (k kinds) userPath(id string) policy.Path {
	return policy.NewPath(policy.MakeRef(k.user, id))
}

// zonePath is a zone in its account; zone "" is one that does not exist yet.
func (k kinds) zonePath(zone, account string) policy.Path {
	z := policy.Ref{Kind: k.zone}
	if zone != "" {
		z = policy.MakeRef(k.zone, zone)
	}
	return policy.NewPath(z, policy.MakeRef(k.account, account))
}
