package authority

import (
	"fmt"

	"github.com/tokenward/tokenward/internal/catalog"
)

// Ids of the operations that the authority's verbs and reads judge their caller
// by, each the same that the gate judges the request by.
const (
	OpUserTokenList   = "user-api-tokens-list-tokens"
	OpUserTokenGet    = "user-api-tokens-token-details"
	OpUserTokenCreate = "user-api-tokens-create-token"
	OpUserTokenUpdate = "user-api-tokens-update-token"
	OpUserTokenDelete = "user-api-tokens-delete-token"
	OpUserTokenRoll   = "user-api-tokens-roll-token"
	OpUserTokenVerify = "user-api-tokens-verify-token"
	OpUserTokenGroups = "permission-groups-list-permission-groups"
	OpAcctTokenList   = "account-api-tokens-list-tokens"
	OpAcctTokenGet    = "account-api-tokens-token-details"
	OpAcctTokenCreate = "account-api-tokens-create-token"
	OpAcctTokenUpdate = "account-api-tokens-update-token"
	OpAcctTokenDelete = "account-api-tokens-delete-token"
	OpAcctTokenRoll   = "account-api-tokens-roll-token"
	OpAcctTokenVerify = "account-api-tokens-verify-token"
	OpAcctTokenGroups = "account-api-tokens-list-permission-groups"
	OpUserGet         = "user-user-details"
	OpAccountList     = "accounts-list-accounts"
	OpAccountGet      = "accounts-account-details"
	OpZoneList        = "zones-get"
	OpZoneGet         = "zones-0-get"
	OpZoneCreate      = "zones-post"
	OpZoneUpdate      = "zones-0-patch"
	OpZoneDelete      = "zones-0-delete"
	OpZonePurge       = "zone-purge"
	OpDNSList         = "dns-records-for-a-zone-list-dns-records"
	OpDNSGet          = "dns-records-for-a-zone-dns-record-details"
	OpDNSCreate       = "dns-records-for-a-zone-create-dns-record"
	OpDNSPut          = "dns-records-for-a-zone-update-dns-record"
	OpDNSPatch        = "dns-records-for-a-zone-patch-dns-record"
	OpDNSDelete       = "dns-records-for-a-zone-delete-dns-record"
)

// operations finds operations by id.
type operations map[string]*catalog.Operation

func findOperations(c *catalog.Catalog) (operations, error) {
	ops := make(operations)
	for _, id := range []string{
		OpUserTokenList, OpUserTokenGet, OpUserTokenCreate, OpUserTokenUpdate, OpUserTokenDelete, OpUserTokenRoll,
		OpUserTokenVerify, OpUserTokenGroups, OpAcctTokenList, OpAcctTokenGet, OpAcctTokenCreate, OpAcctTokenUpdate,
		OpAcctTokenDelete, OpAcctTokenRoll, OpAcctTokenVerify, OpAcctTokenGroups, OpUserGet, OpAccountList,
		OpAccountGet, OpZoneList, OpZoneGet, OpZoneCreate, OpZoneUpdate, OpZoneDelete, OpZonePurge,
		OpDNSList, OpDNSGet, OpDNSCreate, OpDNSPut, OpDNSPatch, OpDNSDelete,
	} {
		op, ok := c.Operation(id)
		if !ok {
			return nil, fmt.Errorf("authority: the catalogue has no operation %q", id)
		}
		ops[id] = op
	}
	return ops, nil
}
