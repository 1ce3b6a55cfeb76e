package tokenform

import (
	"encoding/json"
	"math/rand/v2"
	"os/exec"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/tokenwire"
	"github.com/tokenward/tokenward/v4"
)

// nasty are names that end a string, a line or a word somewhere.
var nasty = []string{
	`it's`, `say "hi"`, "two\nlines", `${var.secret}`, `%{ if true }`, `$${x}`, `$$${x}`, `100%`, `$`, `$"`, `\`, `\n`, "`id`", `$(id)`, `!!`,
	`-n`, ``, ` x `, `<<'JSON'`, "\nJSON\n", `*`, `~`, `#`, `;&|`, "\u2028", "é😀", `'\''`, "tab\t", "\x7f\x01",
}

func randomName(r *rand.Rand) string {
	var b strings.Builder
	for range 1 + r.IntN(3) {
		b.WriteString(pick(r, nasty...))
	}
	return b.String()
}

func TestShellWordsAreReadBackByTheShell(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	var script, want strings.Builder
	check := func(s string) {
		script.WriteString("printf '%s|' " + shellWord(s) + "\n")
		want.WriteString(s + "|")
	}
	for _, s := range nasty {
		check(s)
	}
	for range 300 {
		check(randomName(r))
	}
	out, err := exec.Command("sh", "-c", script.String()).Output()
	if err != nil || string(out) != want.String() {
		t.Errorf("%v\n%q\nwant\n%q", err, out, want.String())
	}
}

// readHCL reads a quoted template back, and reports false for one that would
// have something filled in.
func readHCL(s string) (string, bool) {
	s, ok := strings.CutPrefix(s, `"`)
	s, also := strings.CutSuffix(s, `"`)
	if !ok || !also || strings.Contains(s, "${") || strings.Contains(s, "%{") || strings.ContainsAny(s, "\n\r") {
		return "", false
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return "", false
		case s[i] != '\\':
			b.WriteByte(s[i])
			continue
		}
		i++
		switch s[i] {
		case 'n', 'r', 't':
			b.WriteByte(map[byte]byte{'n': '\n', 'r': '\r', 't': '\t'}[s[i]])
		case '"', '\\':
			b.WriteByte(s[i])
		case 'u':
			n, err := strconv.ParseUint(s[i+1:i+5], 16, 32)
			if err != nil {
				return "", false
			}
			b.WriteRune(rune(n))
			i += 4
		default:
			return "", false
		}
	}
	return b.String(), true
}

func TestHCLStringsAreReadBackAsTheyWere(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for range 3000 {
		s := randomName(r)
		if got, ok := readHCL(hclString(s)); !ok || got != s {
			t.Errorf("%q is written %s and read %q", s, hclString(s), got)
		}
	}
}

// namedDraft is a draft of a form with a name of which everything must be
// quoted.
func namedDraft(t *testing.T, b Basis, name string) authority.Draft {
	t.Helper()
	f := Form{Name: "x", Permissions: give("dns edit,zone read"), Resources: []Resource{{Kind: OneZone, ZoneID: shop}, {Effect: Include, Kind: ZonesOfAccount, AccountID: acme}, {Effect: Exclude, Kind: OneZone, ZoneID: blog}},
		Addresses: []Address{{IsIn, "203.0.113.0/24"}}, ExpiresOn: When{At: "2027-03-01"}, RateLimit: RateLimit{"100", "60"}}
	d, faults := f.Draft(b)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	d.Name = name
	return d
}

// TestCurlSendsTheDraft runs the line with a curl that writes down its words.
func TestCurlSendsTheDraft(t *testing.T) {
	b := forUser(t)
	for _, name := range nasty {
		d := namedDraft(t, b, name)
		line, err := CurlUpdate(Site{"https://t.example/client/v4/", b.Owner}, b.Picker, shop, &d)
		if err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("sh", "-c", "TOKENWARD_TOKEN=s; curl() { printf '%s\\0' \"$@\"; }\n"+line).Output()
		words := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
		if err != nil || len(words) != 9 {
			t.Fatalf("%v %q", err, words)
		}
		if got := strings.Join(words[:8], " "); got != "-X PUT https://t.example/client/v4/user/tokens/"+shop+" -H Authorization: Bearer s -H Content-Type: application/json --data-raw" {
			t.Error(got)
		}
		var in v4.TokenRequest
		if err := (v4.Decoder{Strict: true}).Unmarshal([]byte(words[8]), &in); err != nil {
			t.Fatal(err)
		}
		sent := tokenwire.Draft(&in)
		if d.Policies[0].Resources[0].Key > d.Policies[0].Resources[1].Key { // the wire sorts them
			p := d.Policies[0].Resources
			p[0], p[1] = p[1], p[0]
		}
		if !reflect.DeepEqual(sent, d) {
			t.Errorf("%+v\nwas sent as\n%+v", d, sent)
		}
	}
}

func TestCallsForATokenThatExists(t *testing.T) {
	user, account := Site{"https://t.example/client/v4", forUser(t).Owner}, Site{"https://t.example/client/v4", forAccount(t).Owner}
	const header = " \\\n  -H \"Authorization: Bearer $TOKENWARD_TOKEN\"\n"
	for got, want := range map[string]string{
		CurlRoll(user, shop):               "curl -X PUT https://t.example/client/v4/user/tokens/" + shop + "/value" + header,
		CurlDelete(account, shop):          "curl -X DELETE https://t.example/client/v4/accounts/" + acme + "/tokens/" + shop + header,
		CurlVerify(user):                   "curl https://t.example/client/v4/user/tokens/verify" + header,
		CurlVerify(account):                "curl https://t.example/client/v4/accounts/" + acme + "/tokens/verify" + header,
		CommandRoll(forUser(t), shop):      "tokenward token roll " + shop + "\n",
		CommandRevoke(forAccount(t), shop): "tokenward token revoke " + shop + " --account " + acme + "\n",
	} {
		if got != want {
			t.Errorf("%s\nwant\n%s", got, want)
		}
	}
}

func TestTerraformSaysWhatTheDraftSays(t *testing.T) {
	b := forAccount(t)
	d := namedDraft(t, b, `bot "${x}"`)
	d.Status = authority.StatusDisabled
	got := Terraform(Site{Owner: b.Owner}, b.Picker, &d)
	for _, line := range []string{
		`resource "cloudflare_account_token" "bot_x" {`, `  name = "bot \"\u0024{x}\""`, `  account_id = "` + acme + `"`, `  status = "disabled"`,
		`  expires_on = "2027-03-01T00:00:00Z"`, `      effect = "deny"`, `        { id = "` + id(b, "dns edit") + `" }, # DNS Write`,
		`        "com.cloudflare.api.account.` + acme + `" = {`, `          "com.cloudflare.api.account.zone.*" = "*"`, `      in = ["203.0.113.0/24"]`,
		`  # Its limit of 100 requests in 60 seconds cannot be said here.`,
	} {
		if !strings.Contains(got, line+"\n") {
			t.Errorf("no line %s in\n%s", line, got)
		}
	}
	if strings.Count(got, "{") != strings.Count(got, "}") || strings.Count(got, "[") != strings.Count(got, "]") {
		t.Error("brackets are left open")
	}
	if Terraform4(Site{Owner: b.Owner}, b.Picker, &d) != "" {
		t.Error("version 4 of the provider has no tokens of accounts")
	}
	u := forUser(t)
	d.Status = ""
	if got := Terraform4(Site{Owner: u.Owner}, u.Picker, &d); !strings.Contains(got, "    resources = {\n") || !strings.Contains(got, `" = jsonencode({`) {
		t.Error(got)
	}
}

func TestCommandLines(t *testing.T) {
	user, account := forUser(t), forAccount(t)
	simple := Form{Name: "it's", Permissions: give("dns edit,account_settings read"), Resources: []Resource{{Kind: OneZone, ZoneID: shop}, {Kind: AllAccounts}},
		Addresses: []Address{{IsIn, "203.0.113.7"}}, ExpiresOn: When{At: "2027-03-01"}}
	d, _ := simple.Draft(user)
	got, err := CommandCreate(user, &d)
	if want := "tokenward token create \\\n  --name 'it'\\''s' \\\n  --permission 'Account Settings Read@account' \\\n  --permission 'DNS Write@zone' \\\n  --account-resource all \\\n  --zone " + shop +
		" \\\n  --ip-in 203.0.113.7/32 \\\n  --expires-on 2027-03-01T00:00:00Z\n"; err != nil || got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	got, _ = CommandUpdate(user, shop, &d)
	for _, want := range []string{"token update " + shop, "--not-before none", "--ip-not-in none", "--rate-limit none"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
	d = namedDraft(t, account, "x")
	got, _ = CommandCreate(account, &d)
	start, document, _ := strings.Cut(got, " <<'JSON'\n")
	var in v4.TokenRequest
	err = json.Unmarshal([]byte(strings.TrimSuffix(document, "JSON\n")), &in)
	if start != "tokenward token create \\\n  --account "+acme+" \\\n  --from-json -" || err != nil || len(in.Policies) != 2 {
		t.Errorf("%s, %v", got, err)
	}
}

// TestFlagsAreOnlyUsedForWhatTheyCanSay: everything else goes as a document.
func TestFlagsAreOnlyUsedForWhatTheyCanSay(t *testing.T) {
	b := forUser(t)
	base := Form{Name: "x", Permissions: give("dns edit"), Resources: []Resource{{Kind: OneZone, ZoneID: shop}}}
	for name, change := range map[string]func(*Form){
		"excluded": func(f *Form) {
			f.Resources = append(f.Resources, Resource{Effect: Exclude, Kind: OneZone, ZoneID: blog})
		},
		"zones of an account":   func(f *Form) { f.Resources[0] = Resource{Effect: Include, Kind: ZonesOfAccount, AccountID: acme} },
		"all beside one":        func(f *Form) { f.Resources = append(f.Resources, Resource{Kind: AllZones}) },
		"a name between spaces": func(f *Form) { f.Name = " x " },
		"a bucket's permissions": func(f *Form) {
			f.Permissions, f.Resources = give("workers_r2_bucket_item edit"), []Resource{{Kind: AllAccounts}}
		},
	} {
		f := base
		f.Resources = append([]Resource{}, base.Resources...)
		change(&f)
		d, faults := f.Draft(b)
		if line, _ := CommandCreate(b, &d); len(faults) > 0 || !strings.Contains(line, "--from-json -") {
			t.Errorf("%s: %v\n%s", name, faults, line)
		}
	}
}

func TestEnvFileIsReadBackByTheShell(t *testing.T) {
	secret := "cfut" + "_" + strings.Repeat("x", 48)
	for _, name := range append(nasty, "bot\nTOKENWARD_TOKEN=evil", "bot\rTOKENWARD_TOKEN=evil") {
		file := EnvFile(name, secret, "https://t.example/client/v4/user/tokens/verify")
		out, err := exec.Command("sh", "-c", file+"printf %s \"$TOKENWARD_TOKEN\"").Output()
		if err != nil || string(out) != secret || strings.Count(file, "\n") != 3 || strings.Contains(file, "\r") {
			t.Errorf("%q: %q, %v", file, out, err)
		}
	}
}

func TestNoTextButTheEnvFileTakesASecret(t *testing.T) {
	d := authority.Draft{Name: "x", Policies: []policy.Policy{{Effect: policy.Allow, Groups: []string{spelled("ee")}, Resources: []policy.Resource{{Key: catalog.KindZone + ".*"}}}}, ExpiresOn: now.Add(time.Hour)}
	b := forUser(t)
	curl, _ := CurlCreate(Site{"https://t.example", b.Owner}, b.Picker, &d)
	if !strings.Contains(curl, `"Authorization: Bearer $TOKENWARD_TOKEN"`) {
		t.Error(curl)
	}
}
