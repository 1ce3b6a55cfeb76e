package dashboard

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/tokenward/tokenward/internal/authority"
)

// What a session holds. No secret is among it.
const (
	keyUser    = "user"    // id of who is signed in
	keyEpoch   = "epoch"   // of the user's sessions when they signed in
	keySince   = "since"   // Unix seconds of signing in
	keySeen    = "seen"    // Unix seconds of the last use that was noted
	keyAccount = "account" // id of the account that was looked at last
	keyFlash   = "flash"   // what the next page says
	keyDone    = "done"    // forms that were sent already
)

// newSessions makes the session manager. It is not made with scs.New, which
// begins with a store in memory and a goroutine that cleans it.
func newSessions(cfg *Config) *scs.SessionManager {
	return &scs.SessionManager{
		Store: cfg.Sessions, Codec: scs.GobCodec{}, Lifetime: cfg.Lifetime,
		Cookie: scs.SessionCookie{
			Name: cookieName(cfg.Secure, "session"), Path: "/", HttpOnly: true, Persist: true,
			Secure: cfg.Secure, SameSite: http.SameSiteLaxMode,
		},
	}
}

// cookieName has the prefix with which browsers take a cookie from this host
// over TLS only (RFC 6265bis section 4.1.3.2).
func cookieName(secure bool, name string) string {
	if secure {
		return "__Host-tokenward-" + name
	}
	return "tokenward-" + name
}

// who finds out whose session it is. A session that is over is forgotten; that
// one could not find out is an error, and nobody is let in.
func (d *Dashboard) who(ctx context.Context, in *request) error {
	addr := d.client.Addr(in.http.RemoteAddr, in.http.Header)
	in.caller = d.authority.Visitor(addr, in.event)
	user := d.sessions.GetString(ctx, keyUser)
	if user == "" {
		return nil
	}
	now := d.clock()
	seen := time.Unix(d.sessions.GetInt64(ctx, keySeen), 0)
	since := time.Unix(d.sessions.GetInt64(ctx, keySince), 0)
	if now.Sub(seen) >= d.idle || now.Sub(since) >= d.lifetime {
		return d.sessions.Destroy(ctx)
	}
	c, err := d.authority.Session(ctx, user, d.sessions.GetInt64(ctx, keyEpoch), addr, in.event)
	if gone(err) {
		return d.sessions.Destroy(ctx)
	}
	if err != nil {
		return err
	}
	in.caller, in.signedIn = c, true
	// Not at every request, or each would write.
	if now.Sub(seen) > d.idle/100 {
		d.sessions.Put(ctx, keySeen, now.Unix())
	}
	return nil
}

// gone is an error that means: this session is over.
func gone(err error) bool {
	var own *authority.Error
	return errors.As(err, &own) && own.Code == authority.CodeUnauthenticated
}

// enter begins the session of a user who has signed in, under a token that
// nobody knew before.
func (d *Dashboard) enter(ctx context.Context, user string, epoch int64) error {
	if err := d.sessions.RenewToken(ctx); err != nil {
		return err
	}
	if err := d.sessions.Clear(ctx); err != nil {
		return err
	}
	now := d.clock().Unix()
	d.sessions.Put(ctx, keyUser, user)
	d.sessions.Put(ctx, keyEpoch, epoch)
	d.sessions.Put(ctx, keySince, now)
	d.sessions.Put(ctx, keySeen, now)
	return nil
}

// renew gives the session another token and the user's new epoch, after
// something changed that ends all other sessions.
func (d *Dashboard) renew(ctx context.Context, epoch int64) error {
	d.sessions.Put(ctx, keyEpoch, epoch)
	return d.sessions.RenewToken(ctx)
}

// save writes the session and its cookie, if anything changed.
func (d *Dashboard) save(ctx context.Context, w http.ResponseWriter) error {
	switch d.sessions.Status(ctx) {
	case scs.Modified:
		token, expiry, err := d.sessions.Commit(ctx)
		if err != nil {
			return err
		}
		d.sessions.WriteSessionCookie(ctx, w, token, expiry)
	case scs.Destroyed:
		d.sessions.WriteSessionCookie(ctx, w, "", time.Time{})
	}
	return nil
}
