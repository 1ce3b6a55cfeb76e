package httpapi

import (
	"net/http"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/tokenwire"
	"github.com/tokenward/tokenward/v4"
)

// owner is whose tokens the request is about: the account in the path, or else
// the caller's user.
func owner(c *Call) authority.Owner {
	if id := c.Match.Param("account_id"); id != "" {
		return authority.Owner{Kind: authority.OwnerAccount, ID: id}
	}
	return authority.Owner{Kind: authority.OwnerUser, ID: c.Caller.UserID()}
}

func (a *API) listTokens(r *http.Request, c *Call) (reply[v4.List[v4.Token]], error) {
	p := usualPages.pageOf(c.query)
	q := authority.TokenQuery{Owner: owner(c), Descending: p.descending, Offset: p.offset(), Limit: p.perPage}
	if !isTrue(c.query.Get("include_expired")) {
		q.NotExpiredAt = c.Caller.Now()
	}
	rows, total, err := a.authority.Tokens(r.Context(), c.Caller, q)
	if err != nil {
		return reply[v4.List[v4.Token]]{}, err
	}
	out := make(v4.List[v4.Token], 0, len(rows))
	for i := range rows {
		out = append(out, a.wireToken(&rows[i], c.Caller.Now()))
	}
	return reply[v4.List[v4.Token]]{result: out, info: p.info(len(out), total)}, nil
}

// isTrue reads a boolean query member the way SDKs in several languages write
// one.
func isTrue(s string) bool { return s == "true" || s == "True" || s == "1" }

func (a *API) createToken(r *http.Request, c *Call, in *v4.TokenRequest) (reply[v4.Token], error) {
	t, secret, err := a.authority.Issue(r.Context(), c.Caller, owner(c), tokenwire.Draft(in))
	if err != nil {
		return reply[v4.Token]{}, err
	}
	out := a.wireToken(&t, c.Caller.Now())
	out.Value = secret.Reveal() // the one answer that carries it
	return reply[v4.Token]{result: out}, nil
}

func (a *API) getToken(r *http.Request, c *Call) (reply[v4.Token], error) {
	t, err := a.authority.Token(r.Context(), c.Caller, owner(c), c.Match.Param("token_id"))
	if err != nil {
		return reply[v4.Token]{}, err
	}
	return reply[v4.Token]{result: a.wireToken(&t, c.Caller.Now())}, nil
}

func (a *API) updateToken(r *http.Request, c *Call, in *v4.TokenRequest) (reply[v4.Token], error) {
	d := tokenwire.Draft(in)
	var err error
	if d.Version, err = ifMatch(r); err != nil {
		return reply[v4.Token]{}, err
	}
	t, err := a.authority.Update(r.Context(), c.Caller, owner(c), c.Match.Param("token_id"), d)
	if err != nil {
		return reply[v4.Token]{}, err
	}
	return reply[v4.Token]{result: a.wireToken(&t, c.Caller.Now())}, nil
}

func (a *API) deleteToken(r *http.Request, c *Call) (reply[v4.DeletedID], error) {
	id := c.Match.Param("token_id")
	if err := a.authority.Revoke(r.Context(), c.Caller, owner(c), id); err != nil {
		return reply[v4.DeletedID]{}, err
	}
	return reply[v4.DeletedID]{result: v4.DeletedID{ID: id}}, nil
}

// rollToken answers the new secret as a bare string (contract 1.5). The body is
// not read: {} and none mean the same (contract section 0, rule 11).
func (a *API) rollToken(r *http.Request, c *Call) (reply[string], error) {
	secret, err := a.authority.Roll(r.Context(), c.Caller, owner(c), c.Match.Param("token_id"))
	if err != nil {
		return reply[string]{}, err
	}
	return reply[string]{result: secret.Reveal()}, nil
}

// verifyToken tells a known token its status. Only for a live one the message
// is the text that tools look for (contract section 0, rule 5).
func (a *API) verifyToken(r *http.Request, c *Call) (reply[v4.Verify], error) {
	t, status, err := a.authority.Verify(r.Context(), c.Caller)
	if err != nil {
		return reply[v4.Verify]{}, err
	}
	message := v4.MessageTokenActive
	switch {
	case status == authority.StatusDisabled:
		message = "This API Token is disabled"
	case status == authority.StatusExposed:
		message = "This API Token was found in public and is revoked"
	case status == authority.StatusExpired:
		message = "This API Token has expired"
	case c.Caller.Now().Before(t.NotBefore):
		message = "This API Token is not valid yet"
	}
	return reply[v4.Verify]{
		result: v4.Verify{
			ID: t.ID, Status: string(status), NotBefore: wireTime(t.NotBefore), ExpiresOn: wireTime(t.ExpiresOn),
		},
		messages: []v4.Message{{Code: v4.CodeTokenActive, Message: message}},
	}, nil
}
