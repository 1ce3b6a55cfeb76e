package catalog

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/policy"
)

// The keys of contract 5.5: the newest list, the older one, and the dashboard's
// of 2022.
const (
	newestKeys = `account_analytics account_api_tokens account_settings billing workers_scripts workers_kv_storage
		workers_routes workers_r2 d1 queues page stream images logs access access_acct access_audit_log access_custom_page
		teams dns zone zone_settings analytics firewall_services page_rules cache ssl_and_certificates`
	olderKeys = `zone_dns workers_kv cache_purge`
	keysOf22  = `api_tokens memberships user_details member multi_user audit_logs subscriptions load_balancers
		load_balancing_monitors_and_pools workers workers_tail service_token access_device_posture access_certificate
		zone_access ip_prefix ip_prefix_bgp_on_demand account_rule_lists account_rule_policies apps zaraz dns_firewall
		account_firewall_access_rules argotunnel waiting_rooms account_rulesets account_waf zone_waf bot_management
		select_configuration transform_rules zone_transform_rules sanitize custom_errors http_ddos_managed_ruleset
		l4_ddos_managed_ruleset ddos_protection magic_firewall magic_transit pcaps_api mass_url_redirects healthcheck
		web3_hostnames origin cache_settings config_settings dynamic_redirect email_routing_address email_routing_rule
		intel challenge_widgets pubsub api_gateway`
)

// withoutGroup are keys of 2022 for which no group is known.
var withoutGroup = map[string]bool{"member": true, "multi_user": true, "audit_logs": true, "subscriptions": true, "workers": true}

func TestEveryTemplateKeyOfTheManualFindsItsGroup(t *testing.T) {
	for key := range strings.FieldsSeq(newestKeys + " " + olderKeys + " " + keysOf22) {
		found := 0
		for _, typ := range templateTypes {
			if _, err := V4().TemplateGroup(key, typ); err == nil {
				found++
			}
		}
		if (found == 0) != withoutGroup[key] {
			t.Errorf("the key %s finds %d groups", key, found)
		}
	}
}

func TestTemplateKeysMeanTheseGroups(t *testing.T) {
	for text, want := range map[string]string{
		"dns read": "dns_read", "dns edit": "dns_write", "zone_dns edit": "dns_write",
		"workers_kv read": "workers_kv_storage_read", "workers_kv edit": "workers_kv_storage_write",
		"cache purge": "cache_purge", "cache_purge purge": "cache_purge", "cache_purge edit": "cache_purge",
		"access edit": "access_write", "access revoke": "access_revoke", "zone_access read": "zone_access_read",
		"access_acct read": "access_acct_read", "access_acct revoke": "access_acct_revoke",
		"logs read": "logs_read", "account_logs read": "account_logs_read", "aig run": "aig_run",
		"service_token edit": "access_service_token_write", "page edit": "page_write", "teams read": "teams_read",
		"zaraz edit": "zaraz_write", "apps edit": "apps_write",
	} {
		key, typ, _ := strings.Cut(text, " ")
		if g, err := V4().TemplateGroup(key, typ); err != nil || g.Label != want {
			t.Errorf("%s is %s, %v; want %s", text, g.Label, err, want)
		}
	}
	for _, text := range []string{
		"dns write", "dns purge", "dns ", " read", "dns_read read", "teams report", "member read", "nothing read",
		"cache read", "account_analytics edit", "DNS read", "dns READ", "field_extractor read",
	} {
		key, typ, _ := strings.Cut(text, " ")
		if g, err := V4().TemplateGroup(key, typ); err == nil {
			t.Errorf("%s is %s, want none", text, g.Label)
		}
	}
}

func TestTemplateURLs(t *testing.T) {
	const keys = `permissionGroupKeys=[{"key":"dns","type":"edit"},{"key":"zone","type":"read"}]`
	for _, tt := range []struct{ query, groups, want string }{
		{keys + "&accountId=*&zoneId=all&name=My DNS", "DNS Write, Zone Read", "com.cloudflare.api.account.zone.*"},
		{keys + "&accountId=" + acctID + "&zoneId=all", "DNS Write, Zone Read", "com.cloudflare.api.account." + acctID + " > com.cloudflare.api.account.zone.*"},
		{keys + "&accountId=" + acctID + "&zoneId=" + zoneID, "DNS Write, Zone Read", "com.cloudflare.api.account.zone." + zoneID},
		{keys + "&accountId=*&zoneId=" + zoneID, "DNS Write, Zone Read", "com.cloudflare.api.account.zone." + zoneID},
		{keys + "&accountId=*&zoneId=" + zoneID + "&recordTypes=TXT&recordName=_acme-challenge.*", "DNS Write, Zone Read",
			"com.cloudflare.api.account.zone." + zoneID + "; com.cloudflare.api.account.zone." + zoneID + " > com.tokenward.dns.record.TXT:_acme-challenge.*"},
		{keys + "&to=/:account/api-tokens&recordTypes=A,A&recordName=home.example.com", "DNS Write, Zone Read",
			"com.cloudflare.api.account." + acctID + " > com.cloudflare.api.account.zone.*; com.cloudflare.api.account." + acctID + " > com.tokenward.dns.record.A:home.example.com"},
		{`permissionGroupKeys=[{"key":"billing","type":"read"}]&accountId=*&zoneId=all`, "Billing Read", "com.cloudflare.api.account.*"},
		{`permissionGroupKeys=[{"key":"api_tokens","type":"edit"}]&accountId=*&zoneId=all`, "API Tokens Write", "com.cloudflare.api.user." + userID},
		{`permissionGroupKeys=[{"key":"dns","type":"edit"},{"key":"zone_dns","type":"edit"}]&accountId=*&zoneId=all`, "DNS Write", "com.cloudflare.api.account.zone.*"},
		{keys + "&to=/:account/api-tokens", "DNS Write, Zone Read", "com.cloudflare.api.account." + acctID + " > com.cloudflare.api.account.zone.*"},
		{keys + "&to=/:account/api-tokens&accountId=*&zoneId=" + zoneID, "DNS Write, Zone Read", "com.cloudflare.api.account." + acctID + " > com.cloudflare.api.account.zone." + zoneID},
		{`permissionGroupKeys=[{"key":"billing","type":"read"}]&to=/:account/api-tokens`, "Billing Read", "com.cloudflare.api.account." + acctID},
	} {
		tpl, ch, err := V4().ParseTemplateURL(query(t, tt.query))
		if err != nil {
			t.Errorf("%s: %v", tt.query, err)
			continue
		}
		ch.Owner = userID
		if tpl.ForAccount {
			ch.Owner = acctID
		}
		policies, err := tpl.Fill(ch)
		if got := resourcesText(policies); err != nil || got != tt.want || groupNamesOf(tpl) != tt.groups {
			t.Errorf("%s:\n got %s on %s, %v\nwant %s on %s", tt.query, groupNamesOf(tpl), got, err, tt.groups, tt.want)
		}
	}
	tpl, _, _ := V4().ParseTemplateURL(query(t, keys+"&accountId=*&zoneId=all&name=My DNS"))
	if tpl.Name != "My DNS" {
		t.Errorf("the name is %q", tpl.Name)
	}
}

func TestFaultyTemplateURLsAreRefused(t *testing.T) {
	const rest = "&accountId=*&zoneId=all"
	entry := `{"key":"dns","type":"edit"},`
	for what, text := range map[string]string{
		"no keys":               "accountId=*&zoneId=all",
		"empty keys":            "permissionGroupKeys=[]" + rest,
		"null":                  "permissionGroupKeys=null" + rest,
		"an object":             `permissionGroupKeys={"key":"dns","type":"edit"}` + rest,
		"not JSON":              "permissionGroupKeys=dns:edit" + rest,
		"text behind":           `permissionGroupKeys=[{"key":"dns","type":"edit"}]x` + rest,
		"another list behind":   `permissionGroupKeys=[{"key":"dns","type":"edit"}][]` + rest,
		"an unknown member":     `permissionGroupKeys=[{"key":"dns","type":"edit","effect":"allow"}]` + rest,
		"an unknown key":        `permissionGroupKeys=[{"key":"dsn","type":"edit"}]` + rest,
		"an unknown type":       `permissionGroupKeys=[{"key":"dns","type":"write"}]` + rest,
		"no type":               `permissionGroupKeys=[{"key":"dns"}]` + rest,
		"no account":            `permissionGroupKeys=[{"key":"dns","type":"edit"}]&zoneId=all`,
		"no zone":               `permissionGroupKeys=[{"key":"dns","type":"edit"}]&accountId=*`,
		"a zone by name":        `permissionGroupKeys=[{"key":"dns","type":"edit"}]&accountId=*&zoneId=example.com`,
		"an account called all": `permissionGroupKeys=[{"key":"dns","type":"edit"}]&accountId=all&zoneId=all`,
		"a zone called *":       `permissionGroupKeys=[{"key":"dns","type":"edit"}]&accountId=*&zoneId=*`,
		"somewhere else":        `permissionGroupKeys=[{"key":"dns","type":"edit"}]&to=/:account/members` + rest,
		"a user's on an account": `permissionGroupKeys=[{"key":"api_tokens","type":"edit"}]` +
			"&to=/:account/api-tokens",
		"keys twice":                 `permissionGroupKeys=[{"key":"dns","type":"read"}]&permissionGroupKeys=[{"key":"dns","type":"edit"}]` + rest,
		"accounts twice":             `permissionGroupKeys=[{"key":"dns","type":"read"}]&accountId=*` + rest,
		"records of no group":        `permissionGroupKeys=[{"key":"zone","type":"read"}]&recordTypes=TXT&recordName=*` + rest,
		"an unknown type of records": `permissionGroupKeys=[{"key":"dns","type":"read"}]&recordTypes=TEXT` + rest,
		"records without a type":     `permissionGroupKeys=[{"key":"dns","type":"read"}]&recordName=www.example.com` + rest,
		"a short name of records":    `permissionGroupKeys=[{"key":"dns","type":"read"}]&recordTypes=A&recordName=www` + rest,
		"types of records twice":     `permissionGroupKeys=[{"key":"dns","type":"read"}]&recordTypes=A&recordTypes=*` + rest,
		"many types of records":      `permissionGroupKeys=[{"key":"dns","type":"read"}]&recordTypes=` + strings.Repeat("A,", 200) + rest,
		"a long name":                `permissionGroupKeys=[{"key":"dns","type":"read"}]&name=` + strings.Repeat("n", 121) + rest,
		"a name with a NUL":          `permissionGroupKeys=[{"key":"dns","type":"read"}]&name=%00` + rest,
		"many keys":                  "permissionGroupKeys=[" + strings.Repeat(entry, policy.MaxPolicyGroups) + strings.TrimSuffix(entry, ",") + "]" + rest,
		"many bytes":                 "permissionGroupKeys=[" + strings.Repeat(" ", maxURLKeys) + "]" + rest,
	} {
		if tpl, _, err := V4().ParseTemplateURL(query(t, text)); err == nil || tpl.Groups != nil {
			t.Errorf("%s: parses to %s", what, groupNamesOf(tpl))
		}
	}
}

// However long a URL is, what is said about it is not.
func TestFaultsOfATemplateURLAreBounded(t *testing.T) {
	var list []urlKey
	for i := range 400 {
		list = append(list, urlKey{fmt.Sprint("no-such-key-", i), "read"})
	}
	b, _ := json.Marshal(list)
	_, _, err := V4().ParseTemplateURL(url.Values{"permissionGroupKeys": {string(b)}, "accountId": {"*"}, "zoneId": {"all"}})
	if err == nil || len(err.Error()) > 2000 {
		t.Errorf("%.3000v", err)
	}
}

func query(t *testing.T, text string) url.Values {
	t.Helper()
	q, err := url.ParseQuery(text)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func FuzzParseTemplateURL(f *testing.F) {
	f.Add(`permissionGroupKeys=[{"key":"dns","type":"edit"}]&accountId=*&zoneId=all&name=x`)
	f.Add(`permissionGroupKeys=[{"key":"page","type":"edit"}]&to=/:account/api-tokens`)
	f.Add(`permissionGroupKeys=[{"key":"dns","type":"edit"}]&accountId=*&zoneId=all&recordTypes=A,AAAA`)
	v := V4().Vocabulary()
	f.Fuzz(func(t *testing.T, text string) {
		q, err := url.ParseQuery(text)
		if err != nil {
			return
		}
		tpl, ch, err := V4().ParseTemplateURL(q)
		if err != nil {
			return
		}
		owner := policy.Owner{Ref: policy.MakeRef(v.Kind(KindUser), userID)}
		ch.Owner = userID
		if tpl.ForAccount {
			ch.Owner, owner = acctID, policy.Owner{Ref: policy.MakeRef(v.Kind(KindAccount), acctID), Account: true}
		}
		if tpl.Records.Types != nil { // a URL may leave their names and their account open
			ch.Accounts = []string{acctID}
			if tpl.Records.Name == "" {
				ch.Names = []string{"home.example.com"}
			}
			if !every(ch.Zones) {
				ch.Accounts = nil
			}
		}
		policies, err := tpl.Fill(ch)
		if err != nil {
			if !tpl.ForAccount {
				t.Fatalf("%s parses, and does not fill: %v", text, err)
			}
			return // the URL is about another account
		}
		if _, faults := policy.Resolve(v, owner, policies); len(faults) > 0 {
			t.Fatalf("%s: %v", text, faults)
		}
	})
}

// TestEveryGroupIsNamedByTheKeyThatFindsIt, or by none: those of levels that
// template URLs do not know.
func TestEveryGroupIsNamedByTheKeyThatFindsIt(t *testing.T) {
	c := V4()
	named := 0
	for _, g := range c.Groups() {
		q, ok := c.TemplateQuery(g)
		if !ok {
			if g.Level == LevelRead || g.Level == LevelEdit {
				t.Errorf("no URL names %s, which is of the level %s", g.Label, g.Level)
			}
			continue
		}
		named++
		found, _, err := c.ParseTemplateURL(q)
		if err != nil || len(found.Groups) != 1 || found.Groups[0].ID != g.ID {
			t.Errorf("the URL for %s reads back as %v, %v", g.Label, found.Groups, err)
		}
	}
	if named < 300 {
		t.Errorf("only %d groups have a URL", named)
	}
}
