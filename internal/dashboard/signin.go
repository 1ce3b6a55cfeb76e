package dashboard

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
)

func (d *Dashboard) signInRoutes() []route {
	return []route{
		{pattern: "GET /sign-in", page: d.signInPage, open: true},
		{pattern: "POST /sign-in", page: d.signIn, open: true},
		{pattern: "GET /sign-in/code", page: d.codePage, open: true},
		{pattern: "POST /sign-in/code", page: d.code, open: true},
		{pattern: "POST /sign-out", page: d.signOut},
	}
}

// What a session holds between the password and the code.
const (
	keyHalfUser  = "half-user"
	keyHalfEpoch = "half-epoch"
	keyHalfSince = "half-since" // Unix seconds
)

// codeTime is how long the code may take after the password.
const codeTime = 10 * time.Minute

// deviceAge in seconds is how long a browser is known again.
const deviceAge = 365 * 24 * 60 * 60

// signInPage asks for address and password. Who is signed in goes on.
func (d *Dashboard) signInPage(_ context.Context, in *request) (page, error) {
	if in.signedIn {
		return seeOther(in.next()), nil
	}
	return signInForm(in), nil
}

// signInForm is the page as it is first shown. Its data is where to go next.
func signInForm(in *request) page {
	p := show("signin", "Sign in", in.next())
	p.bare = true
	return p
}

func (d *Dashboard) signIn(ctx context.Context, in *request) (page, error) {
	f := in.form
	got, err := d.authority.SignIn(ctx, in.caller, f.Trimmed("email"), f.Get("password"), d.device(in))
	if err != nil {
		return refused(signInForm(in), f, err)
	}
	if !got.NeedsCode {
		return d.arrived(ctx, in, got)
	}
	return d.askCode(ctx, in, got)
}

// askCode goes on to the page of the code. Nobody is signed in yet: the session
// only remembers whose code is asked for.
func (d *Dashboard) askCode(ctx context.Context, in *request, got authority.SignedIn) (page, error) {
	if err := d.sessions.RenewToken(ctx); err != nil {
		return page{}, err
	}
	if err := d.sessions.Clear(ctx); err != nil {
		return page{}, err
	}
	d.sessions.Put(ctx, keyHalfUser, got.UserID)
	d.sessions.Put(ctx, keyHalfEpoch, got.Epoch)
	d.sessions.Put(ctx, keyHalfSince, d.clock().Unix())
	d.rememberDevice(in, got.Device)
	return seeOther(withNext("/sign-in/code", in.next())), nil
}

// refused shows a form of signing in again, where that failed because of what
// was typed.
func refused(p page, f *form, err error) (page, error) {
	if gone(err) {
		f.problem("The e-mail address or the password is wrong.")
		return again(p, f), nil
	}
	if err := takeProof(f, err, map[string]string{"/code": "code"}); err != nil {
		return page{}, err
	}
	return again(p, f), nil
}

// takeProof is form.take for passwords and codes, of which only so many may be
// wrong.
func takeProof(f *form, err error, fields map[string]string) error {
	var own *authority.Error
	if errors.As(err, &own) && own.Code == authority.CodeTooMany {
		f.problem("Too many attempts failed. Try again in " + wait(own.RetryAfter) + ".")
		return nil
	}
	return f.take(err, fields)
}

// wait says a time in words, rounded up.
func wait(d time.Duration) string {
	if d <= time.Minute {
		return "a minute"
	}
	return fmt.Sprintf("%d minutes", int((d+time.Minute-1)/time.Minute))
}

// arrived begins the session and goes where the user wanted.
func (d *Dashboard) arrived(ctx context.Context, in *request, got authority.SignedIn) (page, error) {
	if err := d.enter(ctx, got.UserID, got.Epoch); err != nil {
		return page{}, err
	}
	d.rememberDevice(in, got.Device)
	return seeOther(in.next()), nil
}

// device is the secret by which a browser is known again, "" for one that is not.
func (d *Dashboard) device(in *request) string { return in.cookie(cookieName(d.secure, "device")) }

func (d *Dashboard) rememberDevice(in *request, secret string) {
	if secret == "" {
		return
	}
	in.cookies = append(in.cookies, &http.Cookie{
		Name: cookieName(d.secure, "device"), Value: secret, Path: "/", MaxAge: deviceAge,
		HttpOnly: true, Secure: d.secure, SameSite: http.SameSiteLaxMode,
	})
}

// half is whose code is asked for, "" for nobody's.
func (d *Dashboard) half(ctx context.Context) string {
	since := time.Unix(d.sessions.GetInt64(ctx, keyHalfSince), 0)
	if d.clock().Sub(since) >= codeTime {
		return ""
	}
	return d.sessions.GetString(ctx, keyHalfUser)
}

func codeForm(in *request) page {
	p := show("code", "Enter the code", in.next())
	p.bare = true
	return p
}

func (d *Dashboard) codePage(ctx context.Context, in *request) (page, error) {
	switch {
	case in.signedIn:
		return seeOther(in.next()), nil
	case d.half(ctx) == "":
		return seeOther(withNext("/sign-in", in.next())), nil
	}
	return codeForm(in), nil
}

func (d *Dashboard) code(ctx context.Context, in *request) (page, error) {
	user := d.half(ctx)
	if user == "" {
		return d.codePage(ctx, in)
	}
	epoch := d.sessions.GetInt64(ctx, keyHalfEpoch)
	got, err := d.authority.SecondFactor(ctx, in.caller, user, epoch, in.form.Trimmed("code"), d.device(in))
	if err != nil {
		if gone(err) { // something changed since the password was given
			d.tell(ctx, "warning", "Sign in again.")
			return seeOther(withNext("/sign-in", in.next())), nil
		}
		return refused(codeForm(in), in.form, err)
	}
	return d.arrived(ctx, in, got)
}

// signOut ends the session here.
func (d *Dashboard) signOut(ctx context.Context, in *request) (page, error) {
	if err := d.authority.SignOut(ctx, in.caller); err != nil {
		d.log.Warn("write down a sign-out", "request", in.id, "err", err)
	}
	if err := d.sessions.Destroy(ctx); err != nil {
		return page{}, err
	}
	return seeOther("/sign-in"), nil
}
