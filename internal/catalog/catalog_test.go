package catalog

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/policy"
)

func TestV4Counts(t *testing.T) {
	c := V4()
	rules, ours, published := map[Rule]int{}, 0, 0
	for op := range c.Operations() {
		if !strings.HasPrefix(op.Template, "/tokenward/") { // our own come and go
			rules[op.Rule]++
			published++
		}
		if op.Accepted == nil {
			t.Fatalf("%s: Accepted is nil", op.ID)
		}
		if stated := !op.Accepted.Empty(); op.Rule == Groups && !stated || op.Rule == Unstated && stated {
			t.Errorf("%s: rule %s with %d groups", op.ID, op.Rule, op.Accepted.Len())
		}
	}
	for _, g := range c.Groups() {
		if !g.Public {
			ours++
		}
	}
	want := map[Rule]int{Groups: 2700, Live: 3, Known: 2, Person: 1, Public: 1, Unstated: 564}
	if !maps.Equal(rules, want) {
		t.Errorf("rules %v, want %v", rules, want)
	}
	if n := len(c.Groups()); n != 383 || c.Vocabulary().Groups() != n || ours != 57 {
		t.Errorf("%d groups, %d in the vocabulary, %d ids of our own; want 383, 383, 57", n, c.Vocabulary().Groups(), ours)
	}
	if published != 3271 {
		t.Errorf("%d operations, want 3271", published)
	}
}

func TestVocabularyNumbersKindsInOrder(t *testing.T) {
	v := V4().Vocabulary()
	for i, name := range []string{KindUser, KindAccount, KindZone, KindBucket} {
		if v.Kind(name) != policy.KindNo(i+1) {
			t.Errorf("%s is kind %d, want %d", name, v.Kind(name), i+1)
		}
	}
	for _, child := range []string{KindZone, KindBucket} {
		if v.Parent(v.Kind(child)) != v.Kind(KindAccount) {
			t.Errorf("%s does not lie in an account", child)
		}
	}
}

func TestGroupNumbersAreIndexesOfTheListing(t *testing.T) {
	c := V4()
	for i, g := range c.Groups() {
		no, ok := c.Vocabulary().Group(g.ID)
		if !ok || int(no) != i || c.GroupByNo(no) != g || c.Vocabulary().GroupByNo(no) != g.Group {
			t.Errorf("group %d, %s, has number %d", i, g.Name, no)
		}
	}
	if c.GroupByNo(9999) != (Group{}) {
		t.Error("a number that is no group finds one")
	}
}

func TestGroupsAreSorted(t *testing.T) {
	key := func(g Group) string {
		return cmp.Or(g.Category, "~") + "\x00" + strings.ToLower(g.Name) + "\x00" + g.Scope
	}
	if !slices.IsSortedFunc(V4().Groups(), func(a, b Group) int { return strings.Compare(key(a), key(b)) }) {
		t.Error("not sorted by category, name, scope")
	}
}

// Ids that clients have written into their code (token contract, appendix B).
func TestWellKnownGroups(t *testing.T) {
	for _, tt := range []struct{ id, name, scope, label string }{
		{"0cc3a61731504c89b99ec1be78b77aa0", "API Tokens Read", KindUser, "api_tokens_read"},
		{"686d18d5ac6c441c867cbf6771e58a0a", "API Tokens Write", KindUser, "api_tokens_write"},
		{"8acbe5bb0d54464ab867149d7f7cf8ac", "User Details Read", KindUser, "user_details_read"},
		{"3518d0f75557482e952c6762d3e64903", "Memberships Read", KindUser, "memberships_read"},
		{"eb56a6953c034b9d97dd838155666f06", "Account API Tokens Read", KindAccount, "account_api_tokens_read"},
		{"5bc3f8b21c554832afc660159ab75fa4", "Account API Tokens Write", KindAccount, "account_api_tokens_write"},
		{"c1fde68c7bcc44588cbb6ddbc16d6480", "Account Settings Read", KindAccount, "account_settings_read"},
		{"1af1fa2adc104452b74a9a3364202f20", "Account Settings Write", KindAccount, "account_settings_write"},
		{"e086da7e2179491d91ee5f35b3ca210a", "Workers Scripts Write", KindAccount, "workers_scripts_write"},
		{"f7f0eda5697f475c90846e879bab8666", "Workers KV Storage Write", KindAccount, "workers_kv_storage_write"},
		{"bf7481a1826f439697cb59a20b22293e", "Workers R2 Storage Write", KindAccount, "workers_r2_write"},
		{"8d28297797f24fb8a0c332fe0866ec89", "Pages Write", KindAccount, "page_write"},
		{"6a315a56f18441e59ed03352369ae956", "Logs Read", KindAccount, "account_logs_read"},
		{"c4a30cd58c5d42619c86a3c36c441e2d", "Logs Read", KindZone, "logs_read"},
		{"7ea222f6d5064cfa89ea366d7c1fee89", "Access: Apps and Policies Read", KindAccount, "access_read"},
		{"eb258a38ea634c86a0c89da6b27cb6b6", "Access: Apps and Policies Read", KindZone, "zone_access_read"},
		{"c8fed203ed3043cba015a93ad1616f1f", "Zone Read", KindZone, "zone_read"},
		{"82e64a83756745bbbb1c9c2701bf816b", "DNS Read", KindZone, "dns_read"},
		{"4755a26eedb94da69e1066d98aa820be", "DNS Write", KindZone, "dns_write"},
		{"e17beae8b8cb423a99b1730f21238bed", "Cache Purge", KindZone, "cache_purge"},
		{"43137f8d07884d3198dc0ee77ca6e79b", "Firewall Services Write", KindZone, "firewall_services_write"},
		{"6a018a9f2fc74eb6b293b0c548f38b39", "Workers R2 Storage Bucket Item Read", KindBucket, "workers_r2_bucket_item_read"},
	} {
		g, ok := V4().Group(tt.id)
		if !ok || g.Name != tt.name || g.Scope != tt.scope || g.Label != tt.label || !g.Public {
			t.Errorf("%s is %q %s %s, want %q %s %s", tt.id, g.Name, g.Scope, g.Label, tt.name, tt.scope, tt.label)
		}
	}
}

// The keys of template URLs (token contract, 5.5).
func TestTemplateKeysHaveGroups(t *testing.T) {
	labels := map[string]bool{}
	for _, g := range V4().Groups() {
		if labels[g.Label] {
			t.Errorf("label %s stands twice", g.Label)
		}
		labels[g.Label] = true
	}
	for key := range strings.FieldsSeq(`account_analytics account_api_tokens account_settings billing
		workers_scripts workers_kv_storage workers_routes workers_r2 d1 queues page stream images logs
		access access_acct access_audit_log access_custom_page teams dns zone zone_settings analytics
		firewall_services page_rules ssl_and_certificates api_tokens memberships user_details
		load_balancers load_balancing_monitors_and_pools workers_tail argotunnel account_rule_lists
		account_rule_policies zone_waf account_waf challenge_widgets email_routing_rule healthcheck`) {
		if !labels[key+"_read"] && !labels[key+"_write"] {
			t.Errorf("no group for the key %s", key)
		}
	}
	if !labels["cache_purge"] {
		t.Error("no group for the key cache, type purge")
	}
}

func TestHeldGroupsAreNotServed(t *testing.T) {
	for _, g := range V4().Groups() {
		if g.Scope == "" || strings.Contains(g.Scope, "flagship") || g.Name == "Messaging Read" {
			t.Errorf("%s is served", g.Name)
		}
		if g.Category == "-" || g.Description == "" {
			t.Errorf("%s: category %q, description %q", g.Name, g.Category, g.Description)
		}
	}
}

// accepts lists the labels of the groups that an operation accepts.
func accepts(t *testing.T, id string) []string {
	t.Helper()
	op, ok := V4().Operation(id)
	if !ok {
		t.Fatalf("no operation %s", id)
	}
	var labels []string
	for no := range op.Accepted.All {
		labels = append(labels, V4().GroupByNo(no).Label)
	}
	slices.Sort(labels)
	return labels
}

func TestAcceptedGroups(t *testing.T) {
	for id, want := range map[string]string{
		"account-api-tokens-roll-token": "account_api_tokens_write",
		"zone-purge":                    "cache_purge",
		"zones-get":                     "zone_read",
		"zones-post":                    "dns_write zone_write",
		"artifacts_repo_tokens_list":    "artifacts_read", // literal: no Write added
		"access-applications-revoke-service-tokens": "access_revoke access_write zone_access_revoke zone_access_write",
		"r2-list-objects":                                     "workers_r2_bucket_item_read workers_r2_bucket_item_write workers_r2_read workers_r2_write",
		"r2-delete-object":                                    "workers_r2_bucket_item_write workers_r2_write",
		"r2-delete-bucket":                                    "workers_r2_write",
		"accounts-list-accounts":                              "",
		"dns-records-for-a-zone-list-dns-records":             "dns_read dns_write",
		"dns-records-for-a-zone-delete-dns-record":            "dns_write",
		"permission-groups-list-permission-groups":            "api_tokens_read api_tokens_write",
		"worker-script-upload-worker-module":                  "workers_scripts_write",
		"account-api-tokens-list-permission-groups":           "account_api_tokens_read account_api_tokens_write",
		"workers-kv-namespace-write-multiple-key-value-pairs": "workers_kv_storage_write",
	} {
		if got := strings.Join(accepts(t, id), " "); got != want {
			t.Errorf("%s accepts %q, want %q", id, got, want)
		}
	}
}

func TestGroupNamesListsANameOnce(t *testing.T) {
	op, _ := V4().Operation("access-applications-revoke-service-tokens")
	got := V4().GroupNames(op)
	want := []string{"Access: Apps and Policies Revoke", "Access: Apps and Policies Write"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestAcceptedSetsAreShared(t *testing.T) {
	seen := map[policy.GroupSet]*policy.GroupSet{}
	for op := range V4().Operations() {
		if first, ok := seen[*op.Accepted]; ok && first != op.Accepted {
			t.Fatalf("%s has a set of its own", op.ID)
		}
		seen[*op.Accepted] = op.Accepted
	}
	if len(seen) != 250 {
		t.Errorf("%d distinct sets, want 250", len(seen))
	}
}

func TestClassification(t *testing.T) {
	for _, tt := range []struct {
		id     string
		rule   Rule
		family Family
		target Target
		user   bool
	}{
		{"user-api-tokens-verify-token", Known, FamilyVerify, TargetUser, true},
		{"account-api-tokens-verify-token", Known, FamilyVerify, TargetAccount, false},
		{"user-user-details", Groups, FamilyCore, TargetUser, true},
		{"user-api-tokens-create-token", Groups, FamilyCore, TargetUser, true},
		{"audit-logs-get-user-audit-logs", Groups, FamilyProduct, TargetUser, true},
		{"user'-s-account-memberships-list-memberships", Groups, FamilyProduct, TargetUser, true},
		{"accounts-list-accounts", Live, FamilyCore, TargetNone, false},
		{"account-creation", Person, FamilyCore, TargetNone, false},
		{"Accounts_batchMoveAccounts", Unstated, FamilyProduct, TargetNone, false},
		{"accounts-account-details", Groups, FamilyCore, TargetAccount, false},
		{"account-members-list-members", Groups, FamilyCore, TargetAccount, false},
		{"account-roles-list-roles", Groups, FamilyCore, TargetAccount, false},
		{"account-api-tokens-roll-token", Groups, FamilyCore, TargetAccount, false},
		{"lists-get-lists", Groups, FamilyProduct, TargetAccount, false},
		{"zones-get", Live, FamilyCore, TargetNone, false},
		{"zones-post", Live, FamilyCore, TargetNone, false},
		{"zones-0-get", Groups, FamilyZone, TargetZone, false},
		{"dns-records-for-a-zone-list-dns-records", Groups, FamilyZone, TargetZone, false},
		{"radar-get-bots", Groups, FamilyProduct, TargetAnywhere, false},
		{"r2-put-object", Groups, FamilyProduct, TargetBucket, false},
		{"r2-delete-bucket", Groups, FamilyProduct, TargetAccount, false},
		{"r2-patch-bucket", Unstated, FamilyProduct, TargetAccount, false},
	} {
		op, ok := V4().Operation(tt.id)
		if !ok {
			t.Errorf("no operation %s", tt.id)
			continue
		}
		if op.Rule != tt.rule || op.Family != tt.family || op.Target != tt.target || op.UserOnly != tt.user {
			t.Errorf("%s: %s, %s, %s, user only %v", tt.id, op.Rule, op.Family, op.Target, op.UserOnly)
		}
	}
}

func TestZeroValuesDeny(t *testing.T) {
	if (Operation{}).Rule != Unstated {
		t.Error("the zero rule is not unstated")
	}
	if (Match{}).Op != nil || Miss(0) == Hit {
		t.Error("the zero match is a hit")
	}
}
