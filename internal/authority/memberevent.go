package authority

import (
	"context"

	"github.com/tokenward/tokenward/internal/policy"
)

// memberChanged writes the event and the change of a membership.
func (t *txn) memberChanged(ctx context.Context, e Event, userID string) error {
	if err := t.changed(ctx, ChangeUser, userID); err != nil {
		return err
	}
	return t.AppendEvent(ctx, e)
}

// memberAudit is what an event keeps of a membership.
type memberAudit struct {
	Roles     []string            `json:"roles"`
	Policies  []memberPolicyAudit `json:"policies,omitempty"`
	Status    MembershipStatus    `json:"status"`
	APIAccess *bool               `json:"api_access_enabled"`
}

type memberPolicyAudit struct {
	ID             string        `json:"id"`
	Effect         policy.Effect `json:"access"`
	Groups         []string      `json:"permission_groups"`
	ResourceGroups []string      `json:"resource_groups"`
}

// memberEvent goes into the account's log and into the member's own.
func (c *Caller) memberEvent(action, verb string, before, after *Membership) Event {
	m := after
	if m == nil {
		m = before
	}
	e := c.NewEvent(action, verb)
	e.AccountID, e.UserID, e.Resource = m.AccountID, m.UserID, EventResource{"member", m.ID}
	e.Old, e.New = auditMember(before), auditMember(after)
	return e
}

func auditMember(m *Membership) []byte {
	if m == nil {
		return nil
	}
	out := memberAudit{Roles: m.Roles, Status: m.Status, APIAccess: m.APIAccess.Bool()}
	for _, p := range m.Policies {
		out.Policies = append(out.Policies, memberPolicyAudit(p))
	}
	return auditJSON(out)
}
