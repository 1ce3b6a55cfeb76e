package httpapi

import (
	"net/http"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/v4"
)

func (a *API) getUser(r *http.Request, c *Call) (reply[v4.User], error) {
	u, err := a.authority.User(r.Context(), c.Caller)
	if err != nil {
		return reply[v4.User]{}, err
	}
	return reply[v4.User]{result: wireUser(&u)}, nil
}

func wireUser(u *authority.User) v4.User {
	return v4.User{
		ID: u.ID, Email: u.Email, FirstName: orNull(u.FirstName), LastName: orNull(u.LastName),
		Telephone: orNull(u.Telephone), Country: orNull(u.Country), Zipcode: orNull(u.Zipcode), Suspended: u.Suspended,
	}
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func (a *API) listAccounts(r *http.Request, c *Call) (reply[v4.List[v4.Account]], error) {
	p := usualPages.pageOf(c.query)
	rows, total, err := a.authority.Accounts(r.Context(), c.Caller, authority.AccountQuery{
		Name: c.query.Get("name"), Descending: p.descending, Offset: p.offset(), Limit: p.perPage,
	})
	if err != nil {
		return reply[v4.List[v4.Account]]{}, err
	}
	out := make(v4.List[v4.Account], 0, len(rows))
	for i := range rows {
		out = append(out, wireAccount(&rows[i]))
	}
	return reply[v4.List[v4.Account]]{result: out, info: p.info(len(out), total)}, nil
}

func (a *API) getAccount(r *http.Request, c *Call) (reply[v4.Account], error) {
	acct, err := a.authority.Account(r.Context(), c.Caller, c.Match.Param("account_id"))
	if err != nil {
		return reply[v4.Account]{}, err
	}
	return reply[v4.Account]{result: wireAccount(&acct)}, nil
}

func wireAccount(a *authority.Account) v4.Account {
	on := !a.APIOff
	return v4.Account{
		ID: a.ID, Name: a.Name, Type: a.Type, CreatedOn: v4.AtMicro(a.CreatedOn),
		Settings: v4.AccountSettings{AbuseContactEmail: orNull(a.AbuseContact), APIAccessEnabled: &on},
	}
}
