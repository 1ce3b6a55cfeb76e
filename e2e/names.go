package e2e

// Permission groups by their public ids.
const (
	groupAPITokensRead  = "0cc3a61731504c89b99ec1be78b77aa0"
	groupAPITokensWrite = "686d18d5ac6c441c867cbf6771e58a0a"
	groupUserDetails    = "8acbe5bb0d54464ab867149d7f7cf8ac" // User Details Read
	groupAccountTokens  = "5bc3f8b21c554832afc660159ab75fa4" // Account API Tokens Write
	groupSettingsRead   = "c1fde68c7bcc44588cbb6ddbc16d6480" // Account Settings Read
	groupZoneRead       = "c8fed203ed3043cba015a93ad1616f1f"
	groupZoneWrite      = "e6d2666161e84845a636613608cee8d5"
	groupDNSRead        = "82e64a83756745bbbb1c9c2701bf816b"
	groupDNSWrite       = "4755a26eedb94da69e1066d98aa820be"
	groupCachePurge     = "e17beae8b8cb423a99b1730f21238bed"
)

// Scopes of permission groups, which are also how the keys of resources begin.
const (
	scopeUser    = "com.cloudflare.api.user"
	scopeAccount = "com.cloudflare.api.account"
	scopeZone    = "com.cloudflare.api.account.zone"
)

func userKey(id string) string    { return scopeUser + "." + id }
func accountKey(id string) string { return scopeAccount + "." + id }
func zoneKey(id string) string    { return scopeZone + "." + id }
