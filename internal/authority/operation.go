package authority

import (
	"fmt"

	"github.com/tokenward/tokenward/internal/catalog"
)

// Ids of the operations that the authority's verbs and reads judge their caller
// by, each the same that the gate judges the request by.
const (
	OpUserTokenList    = "user-api-tokens-list-tokens"
	OpUserTokenGet     = "user-api-tokens-token-details"
	OpUserTokenCreate  = "user-api-tokens-create-token"
	OpUserTokenUpdate  = "user-api-tokens-update-token"
	OpUserTokenDelete  = "user-api-tokens-delete-token"
	OpUserTokenRoll    = "user-api-tokens-roll-token"
	OpUserTokenVerify  = "user-api-tokens-verify-token"
	OpUserTokenGroups  = "permission-groups-list-permission-groups"
	OpAcctTokenList    = "account-api-tokens-list-tokens"
	OpAcctTokenGet     = "account-api-tokens-token-details"
	OpAcctTokenCreate  = "account-api-tokens-create-token"
	OpAcctTokenUpdate  = "account-api-tokens-update-token"
	OpAcctTokenDelete  = "account-api-tokens-delete-token"
	OpAcctTokenRoll    = "account-api-tokens-roll-token"
	OpAcctTokenVerify  = "account-api-tokens-verify-token"
	OpAcctTokenGroups  = "account-api-tokens-list-permission-groups"
	OpUserGet          = "user-user-details"
	OpUserEdit         = "user-edit-user"
	OpAccountList      = "accounts-list-accounts"
	OpAccountGet       = "accounts-account-details"
	OpAccountCreate    = "account-creation"
	OpAccountUpdate    = "accounts-update-account"
	OpAccountDelete    = "account-deletion"
	OpMemberList       = "account-members-list-members"
	OpMemberGet        = "account-members-member-details"
	OpMemberAdd        = "account-members-add-member"
	OpMemberUpdate     = "account-members-update-member"
	OpMemberDelete     = "account-members-remove-member"
	OpRoleList         = "account-roles-list-roles"
	OpRoleGet          = "account-roles-role-details"
	OpMemberGroupList  = "account-permission-group-list"
	OpMemberGroupGet   = "account-permission-group-details"
	OpResGroupList     = "account-resource-group-list"
	OpResGroupGet      = "account-resource-group-details"
	OpResGroupCreate   = "account-resource-group-create"
	OpResGroupUpdate   = "account-resource-group-update"
	OpResGroupDelete   = "account-resource-group-delete"
	OpMembershipList   = "user'-s-account-memberships-list-memberships"
	OpMembershipGet    = "user'-s-account-memberships-membership-details"
	OpMembershipPut    = "user'-s-account-memberships-update-membership"
	OpMembershipLeave  = "user'-s-account-memberships-delete-membership"
	OpInviteList       = "user'-s-invites-list-invitations"
	OpInviteGet        = "user'-s-invites-invitation-details"
	OpInvitePatch      = "user'-s-invites-respond-to-invitation"
	OpInvitationAccept = "tokenward-invitation-accept"
	OpPasswordForgot   = "tokenward-password-forgot"
	OpPasswordReset    = "tokenward-password-reset"
	OpExposedReport    = "tokenward-exposed-report"
	OpUserTokenUsage   = "tokenward-user-token-usage"
	OpAcctTokenUsage   = "tokenward-account-token-usage"
	OpUserSuggestion   = "tokenward-user-token-suggestion"
	OpAcctSuggestion   = "tokenward-account-token-suggestion"
	OpUserExplain      = "tokenward-user-explain"
	OpAcctExplain      = "tokenward-account-explain"
	OpKeyGet           = "tokenward-api-key-get"
	OpKeyChange        = "tokenward-api-key-change"
	OpKeyDelete        = "tokenward-api-key-delete"
	OpZoneList         = "zones-get"
	OpZoneGet          = "zones-0-get"
	OpZoneCreate       = "zones-post"
	OpZoneUpdate       = "zones-0-patch"
	OpZoneDelete       = "zones-0-delete"
	OpZonePurge        = "zone-purge"
	OpZoneActivation   = "put-zones-zone_id-activation_check"
	OpDNSList          = "dns-records-for-a-zone-list-dns-records"
	OpDNSGet           = "dns-records-for-a-zone-dns-record-details"
	OpDNSCreate        = "dns-records-for-a-zone-create-dns-record"
	OpDNSPut           = "dns-records-for-a-zone-update-dns-record"
	OpDNSPatch         = "dns-records-for-a-zone-patch-dns-record"
	OpDNSDelete        = "dns-records-for-a-zone-delete-dns-record"
	OpDNSBatch         = "dns-records-for-a-zone-batch-dns-records"
	OpDNSExport        = "dns-records-for-a-zone-export-dns-records"
	OpDNSImport        = "dns-records-for-a-zone-import-dns-records"

	OpUserAudit           = "audit-logs-get-user-audit-logs"
	OpAcctAudit           = "audit-logs-get-account-audit-logs"
	OpAcctAuditV2         = "audit-logs-v2-get-account-audit-logs"
	OpAcctAuditHistory    = "audit-logs-v2-get-account-audit-log-history"
	OpAcctAuditCategories = "audit-logs-v2-list-account-product-categories"
)

// operations finds operations by id.
type operations map[string]*catalog.Operation

func findOperations(c *catalog.Catalog) (operations, error) {
	ops := make(operations)
	for _, id := range []string{
		OpUserTokenList, OpUserTokenGet, OpUserTokenCreate, OpUserTokenUpdate, OpUserTokenDelete, OpUserTokenRoll,
		OpUserTokenVerify, OpUserTokenGroups, OpAcctTokenList, OpAcctTokenGet, OpAcctTokenCreate, OpAcctTokenUpdate,
		OpAcctTokenDelete, OpAcctTokenRoll, OpAcctTokenVerify, OpAcctTokenGroups, OpUserGet, OpAccountList,
		OpAccountGet, OpUserEdit, OpAccountCreate, OpAccountUpdate, OpAccountDelete, OpMemberList, OpMemberGet, OpMemberAdd, OpMemberUpdate,
		OpMemberDelete, OpRoleList, OpRoleGet, OpMemberGroupList, OpMemberGroupGet, OpResGroupList, OpResGroupGet,
		OpResGroupCreate, OpResGroupUpdate, OpResGroupDelete, OpMembershipList, OpMembershipGet, OpMembershipPut,
		OpMembershipLeave, OpInviteList, OpInviteGet, OpInvitePatch, OpZoneList, OpZoneGet, OpZoneCreate, OpZoneUpdate, OpZoneDelete, OpZonePurge,
		OpDNSList, OpDNSGet, OpDNSCreate, OpDNSPut, OpDNSPatch, OpDNSDelete, OpDNSBatch, OpDNSExport, OpDNSImport,
		OpZoneActivation,
		OpUserAudit, OpAcctAudit, OpAcctAuditV2, OpAcctAuditHistory, OpAcctAuditCategories,
	} {
		op, ok := c.Operation(id)
		if !ok {
			return nil, fmt.Errorf("authority: the catalogue has no operation %q", id)
		}
		ops[id] = op
	}
	return ops, nil
}
