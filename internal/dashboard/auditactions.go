package dashboard

// auditAction is something that events record: its name, what a menu calls it,
// and what its actor did, to which the resource is added.
type auditAction struct{ name, label, did string }

// auditActions are all there are, in the order of the menu. An event of another
// one is shown under its name.
func auditActions() []auditAction {
	return []auditAction{
		{"access_denied", "Access denied", "was denied"},
		{"token_create", "Token created", "created"},
		{"token_update", "Token changed", "changed"},
		{"token_roll", "Token rolled", "rolled"},
		{"token_revoke", "Token deleted", "deleted"},
		{"token_exposed", "Token exposed", "revoked, because its secret was found in public,"},
		{"api_key_change", "API key changed", "changed the API key of"},
		{"api_key_remove", "API key removed", "removed the API key of"},
		{"api_key_switch", "API key allowed or switched off", "switched the API key on or off of"},
		{"api_key_exposed", "API key exposed", "removed, because it was found in public, the API key of"},
		{"member_add", "Member added", "added"},
		{"member_update", "Member changed", "changed"},
		{"member_remove", "Member removed", "removed"},
		{"resource_group_create", "Resource group created", "created"},
		{"resource_group_update", "Resource group changed", "changed"},
		{"resource_group_delete", "Resource group deleted", "deleted"},
		{"account_create", "Account created", "created"},
		{"account_update", "Account changed", "changed"},
		{"account_delete", "Account deleted", "deleted"},
		{"zone_create", "Zone created", "added"},
		{"zone_update", "Zone changed", "changed"},
		{"zone_delete", "Zone deleted", "deleted"},
		{"dns_record_create", "DNS record created", "added"},
		{"dns_record_update", "DNS record changed", "changed"},
		{"dns_record_delete", "DNS record deleted", "deleted"},
		{"cache_purge", "Cache purged", "purged"},
		{"sign_in", "Signed in", "signed in"},
		{"sign_in_failed", "Sign-in failed", "could not sign in"},
		{"sign_out", "Signed out", "signed out"},
		{"sign_out_everywhere", "Signed out everywhere", "signed out everywhere"},
		{"password_change", "Password changed", "changed their password"},
		{"password_reset", "Password reset", "chose a new password by a link"},
		{"password_reset_request", "Password reset asked for", "asked for a link to choose a new password"},
		{"second_factor_begin", "Second factor begun", "began to set up a second factor"},
		{"second_factor_on", "Second factor on", "switched the second factor on"},
		{"second_factor_off", "Second factor off", "switched the second factor off"},
		{"recovery_codes_new", "Recovery codes made", "made new recovery codes"},
		{"recovery_code_used", "Recovery code used", "used a recovery code"},
		{"user_accept", "Invitation accepted", "accepted the invitation and became a user"},
		{"user_create", "User created", "created"},
		{"user_update", "User changed", "changed"},
		{"user_suspend", "User suspended", "suspended"},
		{"user_unsuspend", "User no longer suspended", "let in again"},
		{"user_recover", "Way back in made", "gave new ways to sign in to"},
		{"user_delete", "User deleted", "deleted"},
	}
}

// aboutThemself are actions whose sentence needs no resource: it is the actor.
func aboutThemself(action string) bool {
	switch action {
	case "sign_in", "sign_in_failed", "sign_out", "sign_out_everywhere", "password_change", "password_reset",
		"password_reset_request", "second_factor_begin", "second_factor_on", "second_factor_off",
		"recovery_codes_new", "recovery_code_used", "user_accept":
		return true
	}
	return false
}

// resourceNouns are the types of resources that events are about, in words.
func resourceNouns() map[string]string {
	return map[string]string{
		"account": "the account", "bucket": "the bucket", "cache": "the cache of", "dns_record": "the DNS record", "member": "the member",
		"membership": "the membership", "resource_group": "the resource group", "token": "the token", "user": "the user", "zone": "the zone",
	}
}
