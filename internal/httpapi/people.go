package httpapi

import (
	"net/http"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/v4"
)

func (a *API) editUser(r *http.Request, c *Call, in *v4.UserRequest) (reply[v4.User], error) {
	u, err := a.authority.EditUser(r.Context(), c.Caller, authority.UserDraft{
		FirstName: clearable(in.FirstName), LastName: clearable(in.LastName), Telephone: clearable(in.Telephone),
		Country: clearable(in.Country), Zipcode: clearable(in.Zipcode),
	})
	if err != nil {
		return reply[v4.User]{}, err
	}
	return reply[v4.User]{result: wireUser(&u)}, nil
}

// clearable is nil for a member that was left out; null clears it.
func clearable(f v4.Field[string]) *string {
	if !f.Present {
		return nil
	}
	return &f.Value
}

func (a *API) createAccount(r *http.Request, c *Call, in *v4.AccountRequest) (reply[v4.Account], error) {
	d, err := accountDraft(in)
	if err != nil {
		return reply[v4.Account]{}, err
	}
	acct, err := a.authority.CreateAccount(r.Context(), c.Caller, d)
	if err != nil {
		return reply[v4.Account]{}, err
	}
	return reply[v4.Account]{result: wireAccount(&acct)}, nil
}

func (a *API) updateAccount(r *http.Request, c *Call, in *v4.AccountRequest) (reply[v4.Account], error) {
	d, err := accountDraft(in)
	if err != nil {
		return reply[v4.Account]{}, err
	}
	acct, err := a.authority.UpdateAccount(r.Context(), c.Caller, c.Match.Param("account_id"), d)
	if err != nil {
		return reply[v4.Account]{}, err
	}
	return reply[v4.Account]{result: wireAccount(&acct)}, nil
}

func (a *API) deleteAccount(r *http.Request, c *Call) (reply[v4.DeletedID], error) {
	id := c.Match.Param("account_id")
	if err := a.authority.DeleteAccount(r.Context(), c.Caller, id); err != nil {
		return reply[v4.DeletedID]{}, err
	}
	return reply[v4.DeletedID]{result: v4.DeletedID{ID: id}}, nil
}

// accountDraft reads what an account is to be. That a second factor is asked for
// is refused and not kept: nothing would enforce it.
func accountDraft(in *v4.AccountRequest) (authority.AccountDraft, error) {
	if in.Settings.EnforceTwoFactor {
		return authority.AccountDraft{}, invalid("/settings/enforce_twofactor", "enforce_twofactor is not supported: it must be false or left out")
	}
	d := authority.AccountDraft{ID: in.ID, Name: in.Name, Type: in.Type, AbuseContact: clearable(in.Settings.AbuseContactEmail)}
	if on := in.Settings.APIAccessEnabled.Ptr(); on != nil {
		off := !*on
		d.APIOff = &off
	}
	return d, nil
}

// keyState is what there is to see of an API key.
type keyState struct {
	Exists  bool `json:"exists"`
	Enabled bool `json:"enabled"`
}

func (a *API) getKey(r *http.Request, c *Call) (reply[keyState], error) {
	k, err := a.authority.Key(r.Context(), c.Caller)
	if err != nil {
		return reply[keyState]{}, err
	}
	return reply[keyState]{result: keyState{Exists: k.Exists, Enabled: !k.Off}}, nil
}

// passwordRequest proves that it is the user who asks.
type passwordRequest struct {
	Password string `json:"password" jsonschema:"the password of the user"`
}

// keyValue is the one answer that carries an API key.
type keyValue struct {
	Value string `json:"value"`
}

func (a *API) changeKey(r *http.Request, c *Call, in *passwordRequest) (reply[keyValue], error) {
	secret, err := a.authority.ChangeKey(r.Context(), c.Caller, in.Password)
	if err != nil {
		return reply[keyValue]{}, err
	}
	return reply[keyValue]{result: keyValue{secret.Reveal()}}, nil
}

func (a *API) removeKey(r *http.Request, c *Call) (reply[keyState], error) {
	if err := a.authority.RemoveKey(r.Context(), c.Caller); err != nil {
		return reply[keyState]{}, err
	}
	return reply[keyState]{result: keyState{}}, nil
}
