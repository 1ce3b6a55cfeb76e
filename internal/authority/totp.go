package authority

import (
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"
)

// Codes are those of RFC 6238 as every app makes them: SHA-1, six digits, a step
// of 30 seconds. One step before and after is taken, for clocks that are off.
const (
	totpPeriod = 30
	totpSkew   = 1
	totpDigits = 6
)

// newTOTP makes a secret, and the URI by which an app takes it.
func (a *Authority) newTOTP(email string) (uri, secret string, err error) {
	key, err := totp.Generate(totp.GenerateOpts{
		Issuer: a.issuer(), AccountName: email, Period: totpPeriod, SecretSize: 20, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1,
	})
	if err != nil {
		return "", "", err
	}
	return key.URL(), key.Secret(), nil
}

// issuer is what apps call the server.
func (a *Authority) issuer() string {
	u, err := url.Parse(a.base())
	if err != nil || u.Hostname() == "" || strings.Contains(u.Hostname(), ":") { // which apps split at
		return "tokenward"
	}
	return "tokenward " + u.Hostname()
}

// totpStep finds the step that a code is of, of those around now and after last:
// a code that was used, or looked at over a shoulder, is not taken again
// (RFC 6238 section 5.2).
func totpStep(secret, code string, now time.Time, last int64) (int64, bool) {
	opts := hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}
	at := now.Unix() / totpPeriod
	found, ok := int64(0), false
	for step := at - totpSkew; step <= at+totpSkew; step++ {
		same, err := hotp.ValidateCustom(code, uint64(step), secret, opts)
		if err == nil && same && step > last {
			found, ok = step, true
		}
	}
	return found, ok
}

// maxCode is longer than any code that is shown to people, with spaces.
const maxCode = 64

// normalCode is a code as it is compared: people write spaces and hyphens.
func normalCode(s string) string {
	if len(s) > maxCode {
		return ""
	}
	return strings.ToLower(strings.NewReplacer(" ", "", "-", "", "\t", "").Replace(strings.TrimSpace(s)))
}

// isTOTP tells an app's code from a recovery code.
func isTOTP(code string) bool {
	return len(code) == totpDigits && !strings.ContainsFunc(code, func(r rune) bool { return r < '0' || r > '9' })
}
