package authority

// areas are what memberships and roles show of permissions, by the keys of the
// wire format (contract 1.8), each with the labels of the groups that read and
// write it. Upstream does not say what a key stands for; where no group writes,
// who may change the account's settings counts as writing.
var areas = map[string]struct{ Read, Write string }{
	"analytics":     {"analytics_read", "account_settings_write"},
	"billing":       {"billing_read", "billing_write"},
	"cache_purge":   {"cache_purge", "cache_purge"},
	"dns":           {"dns_read", "dns_write"},
	"dns_records":   {"dns_read", "dns_write"},
	"lb":            {"load_balancers_read", "load_balancers_write"},
	"logs":          {"logs_read", "logs_write"},
	"organization":  {"account_settings_read", "account_settings_write"},
	"ssl":           {"ssl_and_certificates_read", "ssl_and_certificates_write"},
	"waf":           {"zone_waf_read", "zone_waf_write"},
	"zone_settings": {"zone_settings_read", "zone_settings_write"},
	"zones":         {"zone_read", "zone_write"},
}

// Area says what may be done in one area of an account.
type Area struct{ Read, Write bool }
