package catalog

import (
	"strings"
	"testing"
)

// TestTheContractsOperationsTakeWhatItStates: method, path, what is accepted,
// for the operations that clients of tokens, zones and members use.
func TestTheContractsOperationsTakeWhatItStates(t *testing.T) {
	const (
		acct     = "/accounts/{account_id}"
		tokens   = "api_tokens_read api_tokens_write"
		ours     = "account_api_tokens_read account_api_tokens_write"
		settings = "account_settings_read account_settings_write"
		member   = settings + " scim_provisioning_write"
		joined   = "memberships_read memberships_write"
		details  = "user_details_read user_details_write"
		records  = "/zones/{zone_id}/dns_records"
	)
	for _, row := range []struct{ method, path, want string }{
		{"GET", "/user/tokens", tokens}, {"POST", "/user/tokens", "api_tokens_write"},
		{"GET", "/user/tokens/{token_id}", tokens}, {"PUT", "/user/tokens/{token_id}", "api_tokens_write"},
		{"DELETE", "/user/tokens/{token_id}", "api_tokens_write"}, {"PUT", "/user/tokens/{token_id}/value", "api_tokens_write"},
		{"GET", "/user/tokens/verify", "known"}, {"GET", "/user/tokens/permission_groups", tokens},
		{"GET", acct + "/tokens", ours}, {"POST", acct + "/tokens", "account_api_tokens_write"},
		{"GET", acct + "/tokens/{token_id}", ours}, {"PUT", acct + "/tokens/{token_id}", "account_api_tokens_write"},
		{"DELETE", acct + "/tokens/{token_id}", "account_api_tokens_write"}, {"PUT", acct + "/tokens/{token_id}/value", "account_api_tokens_write"},
		{"GET", acct + "/tokens/verify", "known"}, {"GET", acct + "/tokens/permission_groups", ours},

		{"GET", "/user", details}, {"PATCH", "/user", "user_details_write"},
		{"GET", "/accounts", "live"}, {"POST", "/accounts", "person"}, {"PUT", acct, "account_settings_write"},
		{"GET", acct + "/members", member}, {"POST", acct + "/members", "account_settings_write scim_provisioning_write"},
		{"GET", acct + "/members/{member_id}", member}, {"PUT", acct + "/members/{member_id}", "account_settings_write scim_provisioning_write"},
		{"DELETE", acct + "/members/{member_id}", "account_settings_write scim_provisioning_write"},
		{"GET", "/memberships", joined}, {"GET", "/memberships/{membership_id}", joined},
		{"PUT", "/memberships/{membership_id}", "memberships_write"}, {"DELETE", "/memberships/{membership_id}", "memberships_write"},
		{"GET", acct + "/roles", member}, {"GET", acct + "/roles/{role_id}", member},
		{"GET", acct + "/iam/resource_groups", member}, {"GET", acct + "/audit_logs", settings}, {"GET", acct + "/logs/audit", settings},
		{"GET", "/zones", "live"}, {"POST", "/zones", "live"},
		{"PATCH", "/zones/{zone_id}", "zone_write"}, {"DELETE", "/zones/{zone_id}", "zone_write"},
		{"GET", records, "dns_read dns_write"}, {"POST", records, "dns_write"}, {"PUT", records + "/{dns_record_id}", "dns_write"},
		{"PATCH", records + "/{dns_record_id}", "dns_write"}, {"DELETE", records + "/{dns_record_id}", "dns_write"},
		{"POST", "/zones/{zone_id}/purge_cache", "cache_purge"},
	} {
		op := stated(t, row.method, row.path)
		if op == nil {
			continue
		}
		got := op.Rule.String()
		if op.Rule == Groups {
			got = strings.Join(accepts(t, op.ID), " ")
		}
		if got != row.want {
			t.Errorf("%s %s takes %q, want %q", row.method, row.path, got, row.want)
		}
	}
}

// stated finds an operation by its template.
func stated(t *testing.T, method, path string) *Operation {
	t.Helper()
	for op := range V4().Operations() {
		if op.Method == method && op.Template == path {
			return op
		}
	}
	t.Errorf("no operation %s %s", method, path)
	return nil
}
