package catalog

import (
	"fmt"

	"github.com/tokenward/tokenward/internal/policy"
)

// refAt says which parameter names a resource of a kind.
type refAt struct {
	kind   policy.KindNo
	param  uint8
	bucket bool // the name is made of account, jurisdiction and bucket
}

// targetRefs is how each target reads from an operation's parameters.
type targetRefs map[Target][]refAt

// refsByTarget: an account or a zone is the first parameter, a bucket the
// second. A kind that the vocabulary does not have stays zero.
func refsByTarget(v *policy.Vocabulary) targetRefs {
	account := refAt{kind: v.Kind(KindAccount)}
	return targetRefs{
		TargetNone:     nil,
		TargetUser:     nil,
		TargetAccount:  {account},
		TargetZone:     {{kind: v.Kind(KindZone)}},
		TargetBucket:   {{kind: v.Kind(KindBucket), param: 1, bucket: true}, account},
		TargetAnywhere: nil,
	}
}

// of is the refs for an operation's target, which its path must name.
func (t targetRefs) of(op *Operation) ([]refAt, error) {
	refs := t[op.Target]
	for _, r := range refs {
		if r.kind == 0 || int(r.param) >= len(op.params) {
			return nil, fmt.Errorf("its path does not name the %s it acts on", op.Target)
		}
	}
	return refs, nil
}

// bucketName is the id of a bucket in resource keys. No part but the bucket may
// hold an underscore: "default" with "a_b" and "default_a" with "b" would be
// one key and two buckets.
func bucketName(account, jurisdiction, bucket string) (string, bool) {
	if jurisdiction == "" {
		jurisdiction = "default"
	}
	if len(jurisdiction) > 32 {
		return "", false
	}
	for i := range len(jurisdiction) {
		if c := jurisdiction[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return "", false
		}
	}
	return account + "_" + jurisdiction + "_" + bucket, true
}
