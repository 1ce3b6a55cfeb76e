package httpapi

import (
	"net/http"
	"strconv"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/v4"
)

// tokenUsage tells how a token was used in the last days: 30, or as many as
// ?days=N says, up to 90.
func (a *API) tokenUsage(r *http.Request, c *Call) (reply[v4.TokenUsage], error) {
	days, err := usageDays(c)
	if err != nil {
		return reply[v4.TokenUsage]{}, err
	}
	u, err := a.authority.TokenActivity(r.Context(), c.Caller, owner(c), c.Match.Param("token_id"), days)
	if err != nil {
		return reply[v4.TokenUsage]{}, err
	}
	return reply[v4.TokenUsage]{result: a.wireUsage(&u)}, nil
}

// usageDays is how many days ?days=N asks about, 0 when it does not say.
func usageDays(c *Call) (int, error) {
	s := c.query.Get("days")
	if s == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > authority.MaxUsageDays {
		return 0, invalid("/days", "days must be a number from 1 to "+strconv.Itoa(authority.MaxUsageDays))
	}
	return n, nil
}

func (a *API) wireUsage(u *authority.Activity) v4.TokenUsage {
	out := v4.TokenUsage{Incomplete: u.Incomplete}
	for _, d := range u.Days {
		out.Days = append(out.Days, v4.UsageDay{Day: d.Day.Format(time.DateOnly), Allowed: d.Allowed, Denied: d.Denied})
	}
	for i := range u.Uses {
		out.Uses = append(out.Uses, a.wireUse(&u.Uses[i]))
	}
	for _, c := range u.Addresses {
		out.Addresses = append(out.Addresses, v4.UsageAddress{
			Address: c.Address, Count: c.Count, FirstUsedOn: v4.At(c.FirstOn), LastUsedOn: v4.At(c.LastOn),
		})
	}
	for _, d := range u.Denials {
		w := v4.UsageDenial{At: v4.At(d.At), Operation: d.Operation, Resource: d.Resource, Reason: d.Reason, Address: d.Address}
		for _, id := range d.Missing {
			w.Missing = append(w.Missing, a.groupRef(id))
		}
		out.Denials = append(out.Denials, w)
	}
	return out
}

func (a *API) wireUse(u *authority.UseSum) v4.Use {
	out := v4.Use{
		Outcome: v4.OutcomeAllowed, Operation: u.Use.Operation, Resource: u.Use.Resource, Count: u.Count, LastUsedOn: v4.At(u.LastOn),
	}
	if u.Use.Denied {
		out.Outcome = v4.OutcomeDenied
	}
	if u.Use.Group != "" {
		g := a.groupRef(u.Use.Group)
		out.PermissionGroup = &g
	}
	return out
}

// groupRef names a group; one that the catalogue no longer has keeps its id.
func (a *API) groupRef(id string) v4.GroupRef {
	g, _ := a.authority.Catalog().Group(id)
	return v4.GroupRef{ID: id, Name: g.Name}
}
