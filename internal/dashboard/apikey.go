package dashboard

import (
	"context"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
)

func (d *Dashboard) apiKeyRoutes() []route {
	return []route{
		{pattern: "GET /profile/api-key", page: d.apiKeyPage},
		{pattern: "GET /profile/api-key/change", page: d.changeKeyPage},
		{pattern: "POST /profile/api-key/change", page: d.changeKey, once: true},
		{pattern: "GET /profile/api-key/remove", page: d.removeKeyPage},
		{pattern: "POST /profile/api-key/remove", page: d.removeKey},
	}
}

const apiKeyPath = "/profile/api-key"

// apiKey is what the pages about the user's API key show.
type apiKey struct {
	authority.KeyState
	ChangedOn time.Time // zero: the audit log does not say
	Accounts  []keyHome
}

// keyHome says whether the user's key and tokens work in an account.
type keyHome struct {
	Name, Path string
	API        apiState
}

// apiState says whether a member's keys and tokens work in an account, and whose
// word that is.
type apiState struct {
	On  bool
	Own bool // it was said of the member, not of the account
}

// apiStateOf is the state of a membership in its account.
func apiStateOf(m *authority.Membership, a *authority.Account) apiState {
	if m.APIAccess == authority.Unset {
		return apiState{On: !a.APIOff}
	}
	return apiState{On: m.APIAccess == authority.On, Own: true}
}

func (d *Dashboard) apiKeyPage(ctx context.Context, in *request) (page, error) {
	state, err := d.authority.Key(ctx, in.caller)
	if err != nil {
		return page{}, err
	}
	data := apiKey{KeyState: state}
	if state.Exists {
		if data.ChangedOn, err = d.authority.KeyChangedOn(ctx, in.caller); err != nil {
			return page{}, err
		}
	}
	joined, _, err := d.authority.Memberships(ctx, in.caller, authority.OpMembershipList, authority.JoinedQuery{
		Match: func(j *authority.Joined) bool { return j.Status == authority.MembershipAccepted },
		Limit: authority.MaxAccountsOfPerson,
	})
	if err != nil {
		return page{}, err
	}
	for i := range joined {
		j := &joined[i]
		data.Accounts = append(data.Accounts, keyHome{j.Account.Name, "/" + j.Account.ID + "/api-tokens", apiStateOf(&j.Membership, &j.Account)})
	}
	return show("apikey", "API key", data), nil
}

func (d *Dashboard) changeKeyPage(ctx context.Context, in *request) (page, error) {
	return d.changeKeyForm(ctx, in)
}

// changeKeyForm asks for the password, so that whoever finds a browser open
// cannot take what its owner may do along with them.
func (d *Dashboard) changeKeyForm(ctx context.Context, in *request) (page, error) {
	state, err := d.authority.Key(ctx, in.caller)
	if err != nil {
		return page{}, err
	}
	title := "Create an API key"
	if state.Exists {
		title = "Change the API key"
	}
	p := show("apikeychange", title, apiKey{KeyState: state})
	p.nav = apiKeyPath
	return p, nil
}

// changeKey shows the new key, once.
func (d *Dashboard) changeKey(ctx context.Context, in *request) (page, error) {
	key, err := d.authority.ChangeKey(ctx, in.caller, in.form.Get("password"))
	if err != nil {
		if err := takeProof(in.form, err, map[string]string{"/password": "password"}); err != nil {
			return page{}, err
		}
		p, err := d.changeKeyForm(ctx, in)
		return again(p, in.form), err
	}
	p := show("apikeynew", "Your new API key", key.Reveal())
	p.nav, p.secret = apiKeyPath, true
	return p, nil
}

func (d *Dashboard) removeKeyPage(context.Context, *request) (page, error) {
	p := show("apikeyremove", "Remove the API key", nil)
	p.nav = apiKeyPath
	return p, nil
}

func (d *Dashboard) removeKey(ctx context.Context, in *request) (page, error) {
	if err := d.authority.RemoveKey(ctx, in.caller); err != nil {
		return page{}, err
	}
	d.tell(ctx, "success", "Your API key is gone. Whatever used it is refused from now on.")
	return seeOther(apiKeyPath), nil
}
