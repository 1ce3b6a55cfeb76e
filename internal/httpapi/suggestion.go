package httpapi

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/narrowing"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/tokenwire"
	"github.com/tokenward/tokenward/v4"
)

// tokenSuggestion tells how a token could be narrowed to what it did in the last
// days, as many as for tokenUsage. It changes nothing.
func (a *API) tokenSuggestion(r *http.Request, c *Call) (reply[v4.TokenSuggestion], error) {
	days, err := usageDays(c)
	if err != nil {
		return reply[v4.TokenSuggestion]{}, err
	}
	s, err := a.authority.Suggest(r.Context(), c.Caller, owner(c), c.Match.Param("token_id"), days)
	if err != nil {
		return reply[v4.TokenSuggestion]{}, err
	}
	return reply[v4.TokenSuggestion]{result: a.wireSuggestion(&s)}, nil
}

func (a *API) wireSuggestion(s *authority.Suggestion) v4.TokenSuggestion {
	out := v4.TokenSuggestion{TokenID: s.Token.ID, Version: s.Token.Version, State: string(s.State), Message: s.Message}
	b := &out.Basis
	b.Days, b.Since = s.Basis.Days, s.Basis.Since.Format(time.DateOnly)
	b.Requests, b.Denied, b.Unnamed, b.UnnamedLastOn = s.Basis.Requests, s.Basis.Denied, s.Basis.Unnamed, wireTime(s.Basis.UnnamedOn)
	for _, caution := range s.Cautions {
		out.Cautions = append(out.Cautions, v4.SuggestionCaution{Kind: string(caution.Kind), Message: caution.Message})
	}
	for i := range s.Policies {
		out.Policies = append(out.Policies, a.wirePolicy(&s.Policies[i]))
	}
	for i := range s.Changes {
		out.Changes = append(out.Changes, a.wireChange(&s.Token, &s.Changes[i]))
	}
	for _, r := range s.Reasons {
		out.Reasons = append(out.Reasons, v4.SuggestionReason{
			Policy: r.Policy, PermissionGroup: a.groupRef(r.Group), Requests: r.Count, LastOn: v4.At(r.LastOn),
			Operations: r.Operations, Others: a.groupRefsOf(r.Others),
		})
	}
	if from := s.Addresses; from != nil {
		out.Addresses = &v4.SuggestedAddresses{
			Condition: v4.Condition{RequestIP: &v4.RequestIP{In: from.Condition.In, NotIn: from.Condition.NotIn}},
			Requests:  from.Requests, More: from.More,
		}
	}
	return out
}

func (a *API) wireChange(t *authority.Token, c *narrowing.Change) v4.SuggestedChange {
	out := v4.SuggestedChange{
		PolicyID: t.Policies[c.Policy].ID, Index: c.Policy, Change: string(c.Kind), Unjudged: c.Unjudged, Into: c.Into,
		DroppedGroups: a.groupRefsOf(c.Groups), DroppedResources: wireEach(c.Resources), TooMany: wireEach(c.Many),
	}
	for _, n := range c.Narrower {
		out.Narrowed = append(out.Narrowed, v4.NarrowedResource{
			From: tokenwire.Resources([]policy.Resource{n.From}), To: tokenwire.Resources(n.To),
		})
	}
	return out
}

func (a *API) groupRefsOf(ids []string) v4.List[v4.GroupRef] {
	var out v4.List[v4.GroupRef]
	for _, id := range ids {
		out = append(out, a.groupRef(id))
	}
	return out
}

// wireEach are resources, each by itself: a key can stand in an object only once.
func wireEach(list []policy.Resource) v4.List[v4.Resources] {
	var out v4.List[v4.Resources]
	for _, r := range list {
		out = append(out, tokenwire.Resources([]policy.Resource{r}))
	}
	return out
}

// ifMatch is the version of a token that an update is for, 0 for whatever it is:
// If-Match (RFC 9110, 13.1.1) with the number that a suggestion gives. It is an
// extension; who does not send it is answered as upstream answers.
func ifMatch(r *http.Request) (int64, error) {
	text := strings.Join(r.Header.Values("If-Match"), ", ")
	if text == "" || text == "*" {
		return 0, nil
	}
	number, ok := strings.CutPrefix(text, `"`)
	number, closed := strings.CutSuffix(number, `"`)
	version, err := strconv.ParseInt(number, 10, 64)
	if err != nil || version <= 0 || !ok || !closed {
		return 0, invalid("", `If-Match must be the version of a token in double quotes, such as "3"`)
	}
	return version, nil
}
