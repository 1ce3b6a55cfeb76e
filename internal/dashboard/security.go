package dashboard

import (
	"context"

	"github.com/tokenward/tokenward/internal/authority"
)

func (d *Dashboard) securityRoutes() []route {
	return []route{
		{pattern: "GET /profile/security", page: d.securityPage},
		{pattern: "POST /profile/security/password", page: d.changePassword},
		{pattern: "POST /profile/security/second-factor", page: d.beginSecondFactor},
		{pattern: "POST /profile/security/second-factor/confirm", page: d.confirmSecondFactor, once: true},
		{pattern: "GET /profile/security/second-factor/off", page: d.secondFactorOffPage},
		{pattern: "POST /profile/security/second-factor/off", page: d.disableSecondFactor},
		{pattern: "GET /profile/security/recovery-codes", page: d.recoveryCodesPage},
		{pattern: "POST /profile/security/recovery-codes", page: d.newRecoveryCodes, once: true},
		{pattern: "POST /profile/security/sign-out-everywhere", page: d.signOutEverywhere},
	}
}

const securityPath = "/profile/security"

// security is what the page about signing in shows.
type security struct {
	SecondFactor bool
	CodesLeft    int
	FewCodes     bool
	Min          int    // characters of a password
	Part         string // the form that failed: "password" or "second-factor"
}

// fewCodes is how many recovery codes are too few to wait with new ones.
const fewCodes = 3

func (d *Dashboard) securityPage(ctx context.Context, in *request) (page, error) {
	return d.securityWith(ctx, in, "")
}

// securityWith is the page, on which the form of one part has failed.
func (d *Dashboard) securityWith(ctx context.Context, in *request, part string) (page, error) {
	on, left, err := d.authority.SecondFactorState(ctx, in.caller)
	if err != nil {
		return page{}, err
	}
	p := show("security", "Security", security{SecondFactor: on, CodesLeft: left, FewCodes: left < fewCodes, Min: authority.MinPassword, Part: part})
	p.nav = securityPath
	if part != "" {
		return again(p, in.form), nil
	}
	return p, nil
}

// changePassword ends all other sessions; this one goes on under another token.
func (d *Dashboard) changePassword(ctx context.Context, in *request) (page, error) {
	f := in.form
	if !samePasswords(f) {
		return d.securityWith(ctx, in, "password")
	}
	epoch, err := d.authority.ChangePassword(ctx, in.caller, f.Get("old"), f.Get("password"))
	if err != nil {
		if err := takeProof(f, err, map[string]string{"/old": "old", "/password": "password"}); err != nil {
			return page{}, err
		}
		return d.securityWith(ctx, in, "password")
	}
	if err := d.renew(ctx, epoch); err != nil {
		return page{}, err
	}
	d.tell(ctx, "success", "Your password is changed, and every other session of yours is signed out.")
	return seeOther(securityPath), nil
}

// signOutEverywhere ends all sessions of the user, also this one.
func (d *Dashboard) signOutEverywhere(ctx context.Context, in *request) (page, error) {
	if err := d.authority.SignOutEverywhere(ctx, in.caller); err != nil {
		return page{}, err
	}
	if err := d.sessions.Destroy(ctx); err != nil {
		return page{}, err
	}
	return seeOther("/sign-in"), nil
}
