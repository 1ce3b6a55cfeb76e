package httpapi

import (
	"net/http"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/v4"
)

// acceptRequest follows an invitation. Token is the last part of its link.
type acceptRequest struct {
	Token     string `json:"token" jsonschema:"the last part of the link"`
	Password  string `json:"password" jsonschema:"12 characters to 1024 bytes"`
	FirstName string `json:"first_name,omitempty" jsonschema:"at most 60 characters"`
	LastName  string `json:"last_name,omitempty" jsonschema:"at most 60 characters"`
}

func (a *API) acceptInvitation(r *http.Request, c *Call, in *acceptRequest) (reply[newcomer], error) {
	u, _, key, err := a.authority.AcceptInvitation(r.Context(), c.Caller, in.Token,
		authority.Newcomer{Password: in.Password, FirstName: in.FirstName, LastName: in.LastName})
	if err != nil {
		return reply[newcomer]{}, err
	}
	// The one answer that carries the key.
	return reply[newcomer]{result: newcomer{User: wireUser(&u), APIKey: key.Reveal()}}, nil
}

// newcomer is a new user with the API key that goes with them.
type newcomer struct {
	v4.User
	APIKey string `json:"api_key,omitempty"`
}

// resetRequest sets a new password. Token is the last part of the link.
type resetRequest struct {
	Token    string `json:"token" jsonschema:"the last part of the link"`
	Password string `json:"password" jsonschema:"12 characters to 1024 bytes"`
}

func (a *API) resetPassword(r *http.Request, c *Call, in *resetRequest) (reply[identity], error) {
	u, _, err := a.authority.ResetPassword(r.Context(), c.Caller, in.Token, in.Password)
	if err != nil {
		return reply[identity]{}, err
	}
	return reply[identity]{result: identity{u.ID}}, nil
}

type identity struct {
	ID string `json:"id"`
}

// forgotRequest asks for a link to set a new password.
type forgotRequest struct {
	Email string `json:"email" jsonschema:"the address of the user"`
}

// forgotPassword answers the same whoever's the address is, if anybody's.
func (a *API) forgotPassword(r *http.Request, c *Call, in *forgotRequest) (reply[struct{}], error) {
	a.authority.ForgotPassword(r.Context(), c.Caller, in.Email)
	return reply[struct{}]{result: struct{}{}}, nil
}
