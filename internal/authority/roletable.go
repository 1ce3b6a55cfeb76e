package authority

// roleTable is every role. Names and ids are the public ones; upstream does not
// publish which permission groups a role gives, so that is read from its
// description. Only Super Administrator and Administrator give the groups that
// manage every account token.
var roleTable = []roleRow{
	{
		id: RoleSuperAdministrator, name: "Super Administrator - All Privileges",
		description: "Can do everything in the account, and manage all of its members.",
		everything:  true,
	},
	{
		id: RoleAdministrator, name: "Administrator",
		description: "Can do everything in the account but change billing, provision members from elsewhere, and manage Super Administrators.",
		everything:  true, except: "billing_write scim_provisioning_write sso_connector_write",
	},
	{
		id: RoleAdministratorReadOnly, name: "Administrator Read Only",
		description: "Can see everything in the account and change nothing.",
		everything:  true, onlyRead: true,
	},
	{
		id: RoleMinimalAccess, name: "Minimal Account Access",
		description: "Belongs to the account and can do nothing more.",
	},
	{
		id: RoleTokenProvisioning, name: "API Token Provisioning",
		description: "Can create account tokens within its own rights, and manage those that it created.",
	},
	{
		id: "6ddc5f80969d01105b5a0931e0079365", name: "Analytics",
		description: "Can read analytics.",
		read:        "analytics account_analytics zone",
	},
	{
		id: "9dfa4d1b73034f70ad896bf1c26d78f3", name: "Audit Logs Viewer",
		description: "Can read audit logs.",
		read:        "account_settings access_audit_log",
	},
	{
		id: "298ce8e7a2ba08b9d18ce0a32bb458ee", name: "Billing",
		description: "Can read and change billing and subscriptions.",
		edit:        "billing",
	},
	{
		id: "d1c17a97abf0aa371338074955877ba0", name: "Cache Purge",
		description: "Can purge caches and read zone settings.",
		read:        "zone zone_settings", other: "cache_purge",
	},
	{
		id: RoleDNS, name: "DNS",
		description: "Can read and change DNS records and DNS settings.",
		edit:        "dns zone_dns_settings account_dns_settings", read: "zone",
	},
	{
		id: "1963e6e3aca5ac9a7a91609a0040ab02", name: "Firewall",
		description: "Can read and change the WAF, access rules and what else decides which requests come through.",
		edit: "zone_waf account_waf firewall_services account_firewall_access_rules account_rule_lists account_rulesets " +
			"http_ddos_managed_ruleset l4_ddos_managed_ruleset ddos_protection",
		read: "zone",
	},
	{
		id: "c61d4237ab1c08a3d11feb6bd5e91c5a", name: "Load Balancer",
		description: "Can read and change load balancers, monitors, pools and health checks.",
		edit:        "load_balancers load_balancers_account load_balancing_monitors_and_pools healthcheck", read: "zone",
	},
	{
		id: "3a170f9cfd62f321d6d835dc44bfe6dc", name: "Log Share",
		description: "Can read and change what is logged and where logs go.",
		edit:        "logs account_logs", read: "zone",
	},
	{
		id: "340113a819900e1b4beebccc2ddb32e7", name: "Log Share Reader",
		description: "Can read logs.",
		read:        "logs account_logs zone",
	},
	{
		id: "75f36071fa06ebfac6da0c3f8ddbc4df", name: "SSL/TLS, Caching, Performance, Page Rules, and Customization",
		description: "Can read and change most settings of zones but DNS and firewall.",
		edit: "ssl_and_certificates account_ssl_and_certificates cache_settings page_rules zone_settings custom_pages " +
			"account_custom_pages custom_errors config_settings dynamic_redirect origin zone_transform_rules transform_rules " +
			"managed_headers response_compression snippets",
		read: "zone", other: "cache_purge",
	},
	{
		id: "57280df9f1a5806e04f065b07bbdd17a", name: "Workers Platform Admin",
		description: "Can read and change everything of the developer platform.",
		category:    "developer_platform", edit: "ai aig", read: "zone account_settings",
	},
	{
		id: "e58cefd75d7adae0b761796c28815e5c", name: "Workers Platform (Read-only)",
		description: "Can read everything of the developer platform.",
		category:    "developer_platform", read: "ai aig zone account_settings", onlyRead: true,
	},
	{
		id: "6f83464b634142ce4ac573616256096e", name: "Cloudflare R2 Admin",
		description: "Can read and change buckets and what is in them.",
		edit:        "workers_r2 workers_r2_bucket_item r2_catalog",
	},
	{
		id: "084b982fe42511d15feb1411e4c9ce9e", name: "Cloudflare R2 Read",
		description: "Can read buckets and what is in them.",
		read:        "workers_r2 workers_r2_bucket_item r2_catalog",
	},
	{
		id: "8b081b06f8ffef0522957fc6929cdcca", name: "Cloudflare Stream",
		description: "Can read and change videos.",
		edit:        "stream",
	},
	{
		id: "94bedef1a0bdd311891188867727e42d", name: "Cloudflare Images",
		description: "Can read and change images.",
		edit:        "images",
	},
	{
		id: "ef13f042efdd58f592148c035f291bfa", name: "Cloudflare Zero Trust",
		description: "Can read and change everything of Zero Trust but see personal data.",
		edit: "teams access access_acct access_device_posture access_tag argotunnel teams_connectors teams_networks " +
			"zone_access",
		read: "zone",
	},
	{
		id: "156a872fa6df06e0e9b85d32afce6990", name: "Cloudflare Zero Trust Read Only",
		description: "Can read everything of Zero Trust but personal data.",
		read:        "teams access access_acct access_device_posture access_tag argotunnel teams_connectors teams_networks zone_access zone",
	},
	{
		id: "d4c68d56bf2ef665eb82994199a393fd", name: "Turnstile",
		description: "Can read and change Turnstile sites.",
		edit:        "challenge_widgets",
	},
	{
		id: "2964cc9c4ebefdc6bf2bdbc4e106b906", name: "Turnstile Read",
		description: "Can read Turnstile sites.",
		read:        "challenge_widgets",
	},
	{
		id: "051312130d7384b97d7c4fa122eb7519", name: "Trust And Safety",
		description: "Can read and answer reports of abuse.",
		edit:        "trust_and_safety",
	},
	{
		id: "fc67f46f32917cf9f0bdc082198cd747", name: "Zaraz Admin",
		description: "Can read, change and publish Zaraz settings.",
		edit:        "zaraz", read: "zone",
	},
	{
		id: "69abc03715c77ae49be5e407f03d0650", name: "Zaraz Read",
		description: "Can read Zaraz settings.",
		read:        "zaraz zone",
	},
	{
		id: "a5e5061418ea445fbba04aac57f359a8", name: "Domain Administrator",
		description: "Can do everything in the zones of its policy.",
		everything:  true, domain: true,
	},
	{
		id: "98d2b0c4bd3b4a2c842fcd2a81273ee9", name: "Domain Administrator Read Only",
		description: "Can see everything in the zones of its policy and change nothing.",
		everything:  true, onlyRead: true, domain: true,
	},
	{
		id: "132c52e7e6654b999c183cfcbafd37d7", name: "Domain DNS",
		description: "Can read and change DNS records and DNS settings in the zones of its policy.",
		edit:        "dns zone_dns_settings", read: "zone", domain: true,
	},
	{
		id: "e713d034437c4c6d936daf981f29bf88", name: "Cache Domain Purge",
		description: "Can purge the caches of the zones of its policy.",
		read:        "zone zone_settings", other: "cache_purge", domain: true,
	},
}
