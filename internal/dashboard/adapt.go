package dashboard

import (
	"context"
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"

	"github.com/tokenward/tokenward/internal/authority"
)

// handle makes a handler of a route: the one place where requests are read,
// callers found out, errors turned into pages and answers written.
func (d *Dashboard) handle(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// The body is read before the session's turn begins: it can take a while.
		in, err := d.newRequest(w, r, &rt)
		d.serve(w, in, &rt, err).write(w, r)
	})
}

// serve makes the answer and saves the session.
func (d *Dashboard) serve(w http.ResponseWriter, in *request, rt *route, err error) answer {
	token := in.cookie(d.sessions.Cookie.Name)
	defer d.turns.take(token)()
	ctx, loadErr := d.sessions.Load(in.lasting(rt), token)
	if loadErr != nil {
		return d.apology(in, fmt.Errorf("load the session: %w", loadErr))
	}
	p := d.judged(ctx, in, rt, err)
	a, err := d.render(ctx, in, p)
	if err != nil {
		return d.apology(in, err)
	}
	if err := d.save(ctx, w); err != nil {
		// Without its session the answer must not be seen: it may hold a secret
		// that a reload would make again.
		return d.apology(in, fmt.Errorf("save the session: %w", err))
	}
	for _, c := range in.cookies {
		http.SetCookie(w, c)
	}
	return a
}

// lasting is the context of the request. A form that is to be carried out once is
// not stopped when its sender goes away: a browser does so with the first of two
// clicks, and what was done would not be remembered as done.
func (in *request) lasting(rt *route) context.Context {
	if rt.once && in.http.Method == http.MethodPost {
		return context.WithoutCancel(in.http.Context())
	}
	return in.http.Context()
}

// judged runs the page for who may see it. err is what was wrong with the
// request.
func (d *Dashboard) judged(ctx context.Context, in *request, rt *route, err error) page {
	if e := d.who(ctx, in); e != nil {
		return d.report(in, e)
	}
	if !in.signedIn && !rt.open {
		return d.toSignIn(in)
	}
	if e := d.findAccounts(ctx, in); e != nil {
		return d.report(in, e)
	}
	if err != nil {
		return d.report(in, err)
	}
	p, err := d.run(ctx, in, rt)
	if err != nil {
		return d.report(in, err)
	}
	return p
}

// toSignIn lets a visitor sign in and come back. A form cannot be sent on, so it
// is kept where it is.
func (d *Dashboard) toSignIn(in *request) page {
	if in.http.Method == http.MethodPost {
		return signedOut()
	}
	return seeOther(withNext("/sign-in", in.self()))
}

// run calls the page function.
func (d *Dashboard) run(ctx context.Context, in *request, rt *route) (p page, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v\n%s", v, debug.Stack())
		}
	}()
	once := rt.once && in.http.Method == http.MethodPost
	if once {
		before, err := d.sentBefore(ctx, in)
		if err != nil {
			return page{}, err
		}
		if before {
			return sentTwice(), nil
		}
	}
	p, err = rt.page(ctx, in)
	if once && err == nil && p.status < http.StatusBadRequest {
		d.carriedOut(ctx, in)
	}
	return p, err
}

// maxAccounts is how many accounts a user can have joined, and more.
const maxAccounts = 200

// findAccounts finds the accounts of who is signed in, and the one in the path.
// One that is not among them is not there.
func (d *Dashboard) findAccounts(ctx context.Context, in *request) error {
	if !in.signedIn {
		return nil
	}
	var err error
	in.accounts, _, err = d.authority.Accounts(ctx, in.caller, authority.AccountQuery{Limit: maxAccounts})
	if err != nil {
		return err
	}
	id := in.path("account")
	if id == "" {
		return nil
	}
	at := slices.IndexFunc(in.accounts, func(a authority.Account) bool { return a.ID == id })
	if at < 0 {
		return &authority.Error{Code: authority.CodeNotFound, Message: "account not found"}
	}
	in.account = &in.accounts[at]
	if d.sessions.GetString(ctx, keyAccount) != id {
		d.sessions.Put(ctx, keyAccount, id)
	}
	return nil
}

// report makes a page of an error, and logs what is not the reader's doing.
func (d *Dashboard) report(in *request, err error) page {
	p := d.failure(in, err)
	if p.status >= http.StatusInternalServerError {
		d.log.Error("dashboard", "request", in.id, "method", in.http.Method, "path", in.event.URI, "err", err)
	}
	return p
}
