package dashboard_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

const sessionCookie = "tokenward-session"

func TestWhoSignsInComesWhereTheyWanted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.browser()
	const want = "/profile/api-tokens?name=x+y&zoneId=all"
	a := b.get(want)
	a.leads(t, "/sign-in?next="+url.QueryEscape(want))
	b.get(a.to).wants(t, 200, `name="next" value="/profile/api-tokens?name=x&#43;y&amp;zoneId=all"`)
	right := url.Values{"email": {" ADMIN@example.com"}, "password": {w.made.Password}, "next": {want}}
	b.post("/sign-in", url.Values{"email": {adminEmail}, "password": {"wrong"}, "next": {want}}).
		wants(t, http.StatusUnprocessableEntity, "e-mail address or the password is wrong", `value="`+adminEmail+`"`, "zoneId=all")
	b.post("/sign-in", right).leads(t, want)
	b.get(want).wants(t, 200, adminEmail)
	b.get("/sign-in?next=%2Faccounts").leads(t, "/accounts")
}

// TestNoRedirectLeadsElsewhere: next is a path here, or nothing.
func TestNoRedirectLeadsElsewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.signedIn()
	for _, next := range []string{
		"//evil.example", `/\evil.example`, `\\evil.example`, "https://evil.example", "/\t/evil.example", "/%09/../x\n",
		"evil.example", "javascript:alert(1)", "/a/../../evil", "//", "/x y", "/#x", "/./x", "",
	} {
		b.get("/sign-in?next="+url.QueryEscape(next)).leads(t, "/")
		b.post("/theme", url.Values{"theme": {"dark"}, "next": {next}}).leads(t, "/")
		a := b.get("/?to=" + url.QueryEscape(next))
		if next != "" && a.status != http.StatusNotFound {
			t.Errorf("to=%q answers %d to %q", next, a.status, a.to)
		}
	}
}

func TestCookiesAreKeptFromScriptsAndOtherSites(t *testing.T) {
	t.Parallel()
	for _, secure := range []bool{false, true} {
		w := newWorld(t, secure)
		a := w.browser().post("/sign-in", url.Values{"email": {adminEmail}, "password": {w.made.Password}})
		if len(a.cookies) < 2 {
			t.Fatalf("the cookies are %v", a.cookies)
		}
		for _, c := range a.cookies {
			if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.Secure != secure ||
				strings.HasPrefix(c.Name, "__Host-") != secure {
				t.Errorf("secure %v: %s", secure, c)
			}
		}
	}
}

// TestASessionThatSomebodyPlantedIsNobodys: signing in gives another token, and
// the one before it stays signed out.
func TestASessionThatSomebodyPlantedIsNobodys(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	victim, attacker := w.signedIn(), w.browser()
	first := victim.cookie(sessionCookie)
	victim.post("/sign-in", url.Values{"email": {adminEmail}, "password": {w.made.Password}}).leads(t, "/")
	if second := victim.cookie(sessionCookie); second == first || second == "" {
		t.Fatalf("the session's token is %q after %q", second, first)
	}
	attacker.plant(sessionCookie, first)
	attacker.get("/profile/api-tokens").leads(t, "/sign-in?next=%2Fprofile%2Fapi-tokens")
	attacker.plant(sessionCookie, "chosen-by-the-attacker")
	attacker.post("/sign-in", url.Values{"email": {adminEmail}, "password": {w.made.Password}}).leads(t, "/")
	if attacker.cookie(sessionCookie) == "chosen-by-the-attacker" {
		t.Error("a token that the server did not make became a session")
	}
}

func (b *browser) plant(name, value string) {
	at, err := url.Parse(b.w.http.URL)
	if err != nil {
		b.w.t.Fatal(err)
	}
	b.jar.SetCookies(at, []*http.Cookie{{Name: name, Value: value, Path: "/"}})
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.signedIn()
	for header, values := range map[string][]string{
		"Sec-Fetch-Site": {"cross-site", "same-site"},
		"Origin":         {"https://evil.example", "null"},
	} {
		for _, v := range values {
			r := b.request("POST", "/sign-out", url.Values{})
			if header == "Origin" {
				r.Header.Del("Sec-Fetch-Site")
			}
			r.Header.Set(header, v)
			b.do(r).wants(t, http.StatusForbidden, "came from elsewhere")
		}
	}
	b.get("/profile/api-tokens").wants(t, 200)
	r := b.request("POST", "/sign-out", url.Values{})
	r.Header.Del("Sec-Fetch-Site")
	r.Header.Set("Origin", w.http.URL)
	b.do(r).leads(t, "/sign-in")
}

func TestSigningOutEndsTheSessionNotOnlyTheCookie(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.signedIn()
	before := b.cookie(sessionCookie)
	b.post("/sign-out", url.Values{}).leads(t, "/sign-in")
	b.plant(sessionCookie, before)
	b.get("/accounts").leads(t, "/sign-in?next=%2Faccounts")
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	idle, busy := w.signedIn(), w.signedIn()
	for range 11 {
		w.add(time.Hour)
		busy.get("/accounts").wants(t, 200)
	}
	idle.get("/accounts").wants(t, 200)
	w.add(12*time.Hour - time.Second)
	busy.get("/accounts").wants(t, 200)
	w.add(time.Second)
	idle.get("/accounts").leads(t, "/sign-in?next=%2Faccounts")
	for range 13 {
		w.add(11 * time.Hour)
		busy.get("/accounts")
	}
	w.add(11 * time.Hour)
	busy.get("/accounts").leads(t, "/sign-in?next=%2Faccounts")
}

// TestASessionIsNoCredentialOfTheAPI: what a browser sends by itself must not
// reach what a form of another site could call.
func TestASessionIsNoCredentialOfTheAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.signedIn()
	b.get("/accounts").wants(t, 200)
	for _, path := range []string{"/client/v4/user", "/client/v4/user/tokens", "/client/v4/nowhere"} {
		b.get(path).wants(t, http.StatusBadRequest, `"success":false`, "9106")
	}
}

// TestASecondFactorIsAskedFor from setting it up by the app to signing in with
// its code and with a recovery code.
func TestASecondFactorIsAskedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b, other := w.signedIn(), w.signedIn()
	b.post("/profile/security/second-factor", url.Values{"proof": {"wrong"}}).wants(t, 422, "f-proof-error")
	a := b.post("/profile/security/second-factor", url.Values{"proof": {w.made.Password}})
	a.wants(t, 200, `<svg class="qr"`)
	checkPage(t, "setting up", a.body)
	secret := strings.ReplaceAll(between(t, a.body, `aria-label="The secret for the app"><code>`, "</code>"), " ", "")
	once := between(t, a.body, `name="once" value="`, `"`)
	code := func() string {
		c, err := totp.GenerateCode(secret, w.clock())
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	form := url.Values{"once": {once}, "code": {"000000x"}}
	a = b.post("/profile/security/second-factor/confirm", form)
	a.wants(t, 422, "f-code-error")
	if strings.Contains(a.body, secret) {
		t.Error("the secret was shown again")
	}
	form.Set("code", code())
	before := b.cookie(sessionCookie)
	a = b.post("/profile/security/second-factor/confirm", form)
	a.wants(t, 200, "Your recovery codes")
	checkPage(t, "recovery codes", a.body)
	recovery := strings.Fields(between(t, a.body, `aria-label="Recovery codes"><code>`, "</code>"))
	if b.cookie(sessionCookie) == before {
		t.Error("the session's token stayed")
	}
	b.post("/profile/security/second-factor/confirm", form).wants(t, http.StatusConflict, "done already")
	b.get("/profile/security").wants(t, 200, "Switch it off")
	other.get("/accounts").leads(t, "/sign-in?next=%2Faccounts")

	w.add(time.Minute)
	for _, c := range []string{code(), recovery[0]} {
		b = w.browser()
		b.post("/sign-in", url.Values{"email": {adminEmail}, "password": {w.made.Password}, "next": {"/accounts"}}).
			leads(t, "/sign-in/code?next=%2Faccounts")
		b.get("/accounts").leads(t, "/sign-in?next=%2Faccounts") // half a sign-in is none
		checkPage(t, "the code", b.get("/sign-in/code").body)
		b.post("/sign-in/code", url.Values{"code": {"nonsense"}}).wants(t, 422, "f-code-error")
		half := b.cookie(sessionCookie)
		b.post("/sign-in/code", url.Values{"code": {c}, "next": {"/accounts"}}).leads(t, "/accounts")
		if b.cookie(sessionCookie) == half {
			t.Error("the session's token stayed")
		}
		b.get("/accounts").wants(t, 200)
	}
	b = w.browser()
	b.post("/sign-in", url.Values{"email": {adminEmail}, "password": {w.made.Password}}).leads(t, "/sign-in/code")
	w.add(10 * time.Minute)
	b.post("/sign-in/code", url.Values{"code": {code()}}).leads(t, "/sign-in")
}

// between is what stands between two parts of a text.
func between(t *testing.T, s, before, after string) string {
	t.Helper()
	_, rest, ok := strings.Cut(s, before)
	got, _, also := strings.Cut(rest, after)
	if !ok || !also {
		t.Fatalf("there is no %q ... %q in\n%s", before, after, s)
	}
	return got
}

func TestANewPasswordEndsOtherSessions(t *testing.T) {
	t.Parallel()
	const path, password = "/profile/security/password", "another good password"
	w := newWorld(t, false)
	b, other := w.signedIn(), w.signedIn()
	before := b.cookie(sessionCookie)
	b.post(path, url.Values{"old": {w.made.Password}, "password": {password}, "repeat": {"x"}}).wants(t, 422, "f-repeat-error")
	b.post(path, url.Values{"old": {"wrong"}, "password": {password}, "repeat": {password}}).wants(t, 422, "f-old-error")
	b.post(path, url.Values{"old": {w.made.Password}, "password": {"short"}, "repeat": {"short"}}).wants(t, 422, "f-password-error")
	b.post(path, url.Values{"old": {w.made.Password}, "password": {password}, "repeat": {password}}).leads(t, "/profile/security")
	b.get("/profile/security").wants(t, 200, "Your password is changed")
	if a := b.get("/profile/security"); strings.Contains(a.body, "Your password is changed") {
		t.Error("the notice was shown twice")
	}
	if b.cookie(sessionCookie) == before {
		t.Error("the session's token stayed")
	}
	other.get("/accounts").leads(t, "/sign-in?next=%2Faccounts")
	other.post("/sign-in", url.Values{"email": {adminEmail}, "password": {password}}).leads(t, "/")
	b.post("/profile/security/sign-out-everywhere", url.Values{}).leads(t, "/sign-in")
	other.get("/accounts").leads(t, "/sign-in?next=%2Faccounts")
}
