package dashboard

import (
	"context"
	"html/template"
)

// setUp is what the page shows on which an app is set up: a picture of the
// secret and the secret itself. Both are empty when a code was wrong: they were
// shown, and are shown by beginning again.
type setUp struct {
	QR     template.HTML
	Secret string
}

func setUpForm(data setUp) page {
	p := show("secondfactor", "Set up a second factor", data)
	p.nav, p.secret = securityPath, true
	return p
}

// beginSecondFactor makes the secret for the app. It is asked for with the
// password, so that whoever finds a browser open cannot lock its owner out.
func (d *Dashboard) beginSecondFactor(ctx context.Context, in *request) (page, error) {
	uri, secret, err := d.authority.BeginSecondFactor(ctx, in.caller, in.form.Get("proof"))
	if err != nil {
		if err := takeProof(in.form, err, map[string]string{"/password": "proof"}); err != nil {
			return page{}, err
		}
		return d.securityWith(ctx, in, "second-factor")
	}
	qr, err := drawQR(uri)
	if err != nil {
		return page{}, err
	}
	return setUpForm(setUp{QR: qr, Secret: grouped(secret)}), nil
}

// grouped is a secret as people read it out: in fours.
func grouped(s string) string {
	var out []byte
	for i := range len(s) {
		if i > 0 && i%4 == 0 {
			out = append(out, ' ')
		}
		out = append(out, s[i])
	}
	return string(out)
}

// recovery is what the page of new recovery codes shows, once.
type recovery struct {
	Codes []string
	New   bool // the second factor was switched on just now
}

func (d *Dashboard) confirmSecondFactor(ctx context.Context, in *request) (page, error) {
	codes, err := d.authority.ConfirmSecondFactor(ctx, in.caller, in.form.Trimmed("code"))
	if err != nil {
		if err := takeProof(in.form, err, map[string]string{"/code": "code"}); err != nil {
			return page{}, err
		}
		return again(setUpForm(setUp{}), in.form), nil
	}
	if err := d.renew(ctx, in.caller.NextEpoch()); err != nil {
		return page{}, err
	}
	return recoveryPage(codes, true), nil
}

func recoveryPage(codes []string, made bool) page {
	p := show("recovery", "Your recovery codes", recovery{codes, made})
	p.nav, p.secret = securityPath, true
	return p
}

// proof is a page that asks for the password before something is done.
type proof struct {
	Text, Action, Button string
	Danger, Once         bool
}

func proofPage(title string, data proof) page {
	p := show("proof", title, data)
	p.nav = securityPath
	return p
}

func (d *Dashboard) secondFactorOffPage(context.Context, *request) (page, error) {
	return secondFactorOff(), nil
}

func secondFactorOff() page {
	return proofPage("Switch the second factor off", proof{
		Text:   "Your password alone will then be enough to sign in. Your recovery codes stop working, and every other session of yours is signed out.",
		Action: "/profile/security/second-factor/off", Button: "Switch it off", Danger: true,
	})
}

func (d *Dashboard) disableSecondFactor(ctx context.Context, in *request) (page, error) {
	if err := d.authority.DisableSecondFactor(ctx, in.caller, in.form.Get("password")); err != nil {
		return proofAgain(secondFactorOff(), in.form, err)
	}
	if err := d.renew(ctx, in.caller.NextEpoch()); err != nil {
		return page{}, err
	}
	d.tell(ctx, "success", "The second factor is off, and every other session of yours is signed out.")
	return seeOther(securityPath), nil
}

func proofAgain(p page, f *form, err error) (page, error) {
	if err := takeProof(f, err, map[string]string{"/password": "password"}); err != nil {
		return page{}, err
	}
	return again(p, f), nil
}

func (d *Dashboard) recoveryCodesPage(context.Context, *request) (page, error) {
	return newCodes(), nil
}

func newCodes() page {
	return proofPage("New recovery codes", proof{
		Text:   "The codes that you have stop working, and you are shown new ones.",
		Action: "/profile/security/recovery-codes", Button: "Show me new codes", Once: true,
	})
}

func (d *Dashboard) newRecoveryCodes(ctx context.Context, in *request) (page, error) {
	codes, err := d.authority.NewRecoveryCodes(ctx, in.caller, in.form.Get("password"))
	if err != nil {
		return proofAgain(newCodes(), in.form, err)
	}
	return recoveryPage(codes, false), nil
}
