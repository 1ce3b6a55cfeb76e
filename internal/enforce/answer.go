package enforce

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/enforcewire"
	"github.com/tokenward/tokenward/internal/gateway"
	"github.com/tokenward/tokenward/v4"
)

// fail answers with an envelope what no gate was asked about.
func fail(w http.ResponseWriter, status, code int, message string) {
	body, err := json.Marshal(v4.Failure(v4.Error{Code: code, Message: message}))
	if err != nil {
		panic(err) // strings and numbers encode
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	if status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer")
	}
	w.WriteHeader(status)
	w.Write(append(body, '\n'))
}

// allow answers a proxy whose request may pass: it says whose it is. All the
// headers are always there, so that a proxy that copies them overwrites what a
// client made up.
func allow(w http.ResponseWriter, _ *http.Request, p gateway.Pass[authority.Caller]) {
	id := identityOf(&p)
	h := w.Header()
	values := [4]string{id.TokenID, enforcewire.HeaderText(id.TokenName), id.Owner, id.Account} // one allocation for all
	h[enforcewire.HeaderTokenID] = values[0:1:1]
	h[enforcewire.HeaderTokenName] = values[1:2:2]
	h[enforcewire.HeaderOwner] = values[2:3:3]
	h[enforcewire.HeaderAccount] = values[3:4:4]
	w.WriteHeader(http.StatusNoContent)
}

// changedItsMind answers who asks what to tell a client that was refused, and is
// allowed by now. A yes would be taken for the API's answer.
func changedItsMind(w http.ResponseWriter, _ *http.Request, _ gateway.Pass[authority.Caller]) {
	w.Header().Set("Retry-After", "1")
	fail(w, http.StatusServiceUnavailable, v4.CodeUnavailable, "The request was not carried out, try again")
}

func identityOf(p *gateway.Pass[authority.Caller]) enforcewire.Identity {
	c := &p.Caller
	id := enforcewire.Identity{TokenID: c.TokenID(), TokenName: c.TokenName()}
	switch {
	case c.UserID() != "":
		id.Owner = "user:" + c.UserID()
		if api := p.Match.Op.API(); api != nil {
			id.Account = api.Account
		} else {
			id.Account = p.Match.Param("account_id")
		}
	default:
		if account := c.AccountID(); account != "" {
			const owned = "account:"
			id.Owner = owned + account
			id.Account = id.Owner[len(owned):] // the same memory
		}
	}
	return id
}

// passable is the answer to a proxy that hands on no status but 401 and 403:
// nginx makes every other one its own 500.
type passable struct{ http.ResponseWriter }

func (p *passable) WriteHeader(status int) {
	if status >= 400 && status < 500 && status != http.StatusUnauthorized && status != http.StatusForbidden {
		p.Header().Set(enforcewire.HeaderStatus, strconv.Itoa(status))
		status = http.StatusForbidden
	}
	p.ResponseWriter.WriteHeader(status)
}

func (p *passable) Unwrap() http.ResponseWriter { return p.ResponseWriter }
