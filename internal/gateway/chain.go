package gateway

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/v4"
)

// help is what a caller with a live credential is told beside the refusal: what
// it would take. It is made of what the request says and what is public, so it
// tells nothing of what the caller may not see: whether the token or its owner
// lacks a group, and whether the resource is there, comes out the same.
type help struct {
	chain []v4.ChainItem
	scope string // for WWW-Authenticate, "" for none
}

// help words what it would take to be allowed. policyID is the deny policy that
// decided, "" for none.
func (g *Gate[C]) help(at *Attempt, d policy.Decision, policyID string) help {
	if at.Op.Family == catalog.FamilyVerify {
		return help{}
	}
	item := func(code int, format string, args ...any) []v4.ChainItem {
		return []v4.ChainItem{{Code: code, Message: fmt.Sprintf(format, args...)}}
	}
	switch d.Reason {
	case policy.WrongOwner:
		return help{chain: item(v4.CodeNeedsPerson, "Needs a user's credential; this token is owned by an account")}
	case policy.NeedsPerson:
		return help{chain: item(v4.CodeNeedsPerson, "Needs a user's API key; a token cannot do this")}
	case policy.Unstated:
		return help{chain: item(v4.CodeUnstated, "No permission group is known to allow this operation")}
	case policy.NoGrant, policy.DeniedByPolicy, policy.OwnerLacks, policy.APIOff, policy.PartOfZone:
	default:
		return help{}
	}
	names, labels := g.current().Needed(at.Op)
	labels = slices.DeleteFunc(labels, func(l string) bool { return !isScopeToken(l) })
	h := help{scope: strings.Join(labels, " ")}
	if names != "" {
		h.chain = item(v4.CodeNeedsGroup, "Needs any one of the permission groups %s", names)
	}
	if on := g.resource(at); on != "" {
		h.chain = append(h.chain, item(v4.CodeOnResource, "On %s", on)...)
	}
	if d.Reason == policy.PartOfZone {
		h.chain = append(h.chain, item(v4.CodePartOfZone, "Allowed on some of its records only, and which are meant is not judged here")...)
	}
	if policyID != "" {
		h.chain = append(h.chain, item(v4.CodeDeniedByPolicy, "Denied by policy %s of this token", policyID)...)
	}
	return h
}

// resource is the resource that the request named, as it named it.
func (g *Gate[C]) resource(at *Attempt) string {
	leaf := at.Path.Leaf()
	switch {
	case leaf.Kind != 0 && !leaf.Any():
		return legible(lastPart(g.current().Vocabulary().KindName(leaf.Kind))+" "+leaf.String(), 256)
	case at.Op.Target == catalog.TargetUser:
		return "your own user"
	}
	return ""
}

// lastPart is the last part of a kind's name: "zone".
func lastPart(kind string) string { return kind[strings.LastIndexByte(kind, '.')+1:] }

// isScopeToken reports whether s can stand in the scope of RFC 6750, section 3.
func isScopeToken(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c == '"' || c == '\\' || c > '~' {
			return false
		}
	}
	return s != ""
}

// explain completes a refusal with what a live credential may know.
func (g *Gate[C]) explain(ctx context.Context, r *refusal, caller C) {
	switch r.outcome {
	case lacks, wrongOwner:
	default:
		return // a dead or unknown credential is told nothing
	}
	id := ""
	if g.deniedBy != nil && r.decision.Reason == policy.DeniedByPolicy {
		id = g.deniedBy(ctx, caller, *r.attempt, r.decision)
	}
	r.help = g.help(r.attempt, r.decision, id)
}
