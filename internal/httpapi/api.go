package httpapi

import (
	"log/slog"
	"net/netip"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/dns"
	"github.com/tokenward/tokenward/v4"
)

// API has the handlers.
type API struct {
	authority *authority.Authority
	records   *dns.Service
	log       *slog.Logger
	maxBody   int64
	ips       v4.IPs
}

// Config is what an API is made of.
type Config struct {
	Authority *authority.Authority
	Records   *dns.Service
	Logger    *slog.Logger
	MaxBody   int64 // bytes of a request body; v4.DefaultLimit when zero
	// Networks are what GET /ips tells.
	Networks []netip.Prefix
}

// New makes an API.
func New(cfg Config) *API {
	a := &API{authority: cfg.Authority, records: cfg.Records, log: cfg.Logger, maxBody: cfg.MaxBody, ips: ips(cfg.Networks)}
	if a.maxBody == 0 {
		a.maxBody = v4.DefaultLimit
	}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	return a
}

// Endpoints are the handlers by operation id, with what they read and answer.
func (a *API) Endpoints() map[string]Endpoint {
	// A body that names the resource it is about decides; it is read strictly.
	deciding, lenient := v4.Decoder{Strict: true}, v4.Decoder{}
	return map[string]Endpoint{
		authority.OpUserTokenList:   plain(a, a.listTokens).paged("include_expired"),
		authority.OpUserTokenCreate: body(a, deciding, a.createToken),
		authority.OpUserTokenGet:    plain(a, a.getToken),
		authority.OpUserTokenUpdate: body(a, deciding, a.updateToken).ifMatched(),
		authority.OpUserTokenDelete: plain(a, a.deleteToken),
		authority.OpUserTokenRoll:   plain(a, a.rollToken),
		authority.OpUserTokenVerify: plain(a, a.verifyToken),
		authority.OpUserTokenUsage:  plain(a, a.tokenUsage).with("days"),
		authority.OpUserSuggestion:  plain(a, a.tokenSuggestion).with("days"),
		authority.OpUserTokenGroups: plain(a, a.listGroups).with("page", "name", "scope"),

		authority.OpAcctTokenList:   plain(a, a.listTokens).paged("include_expired"),
		authority.OpAcctTokenCreate: body(a, deciding, a.createToken),
		authority.OpAcctTokenGet:    plain(a, a.getToken),
		authority.OpAcctTokenUpdate: body(a, deciding, a.updateToken).ifMatched(),
		authority.OpAcctTokenDelete: plain(a, a.deleteToken),
		authority.OpAcctTokenRoll:   plain(a, a.rollToken),
		authority.OpAcctTokenVerify: plain(a, a.verifyToken),
		authority.OpAcctTokenUsage:  plain(a, a.tokenUsage).with("days"),
		authority.OpAcctSuggestion:  plain(a, a.tokenSuggestion).with("days"),
		authority.OpAcctTokenGroups: plain(a, a.listGroups).with("page", "name", "scope"),

		authority.OpUserGet:     plain(a, a.getUser),
		authority.OpAccountList: plain(a, a.listAccounts).paged("name"),
		authority.OpAccountGet:  plain(a, a.getAccount),

		authority.OpUserEdit:      body(a, lenient, a.editUser),
		authority.OpAccountCreate: body(a, lenient, a.createAccount),
		authority.OpAccountUpdate: body(a, deciding, a.updateAccount),
		authority.OpAccountDelete: plain(a, a.deleteAccount),

		authority.OpMemberList:      plain(a, a.listMembers).paged("order", "status"),
		authority.OpMemberGet:       plain(a, a.getMember),
		authority.OpMemberAdd:       body(a, deciding, a.addMember),
		authority.OpMemberUpdate:    body(a, deciding, a.updateMember),
		authority.OpMemberDelete:    plain(a, a.removeMember),
		authority.OpRoleList:        plain(a, a.listRoles).paged(),
		authority.OpRoleGet:         plain(a, a.getRole),
		authority.OpMemberGroupList: plain(a, a.listMemberGroups).paged("id", "name", "label"),
		authority.OpMemberGroupGet:  plain(a, a.getMemberGroup),
		authority.OpResGroupList:    plain(a, a.listResourceGroups).with("page", "id", "name"),
		authority.OpResGroupGet:     plain(a, a.getResourceGroup),
		authority.OpResGroupCreate:  body(a, deciding, a.createResourceGroup),
		authority.OpResGroupUpdate:  body(a, deciding, a.updateResourceGroup),
		authority.OpResGroupDelete:  plain(a, a.deleteResourceGroup),

		authority.OpMembershipList:  plain(a, a.listMemberships).paged("account.name", "name", "status", "order"),
		authority.OpMembershipGet:   plain(a, a.getMembership),
		authority.OpMembershipPut:   body(a, deciding, a.putMembership),
		authority.OpMembershipLeave: plain(a, a.leave),
		authority.OpInviteList:      plain(a, a.listInvites).with("page"),
		authority.OpInviteGet:       plain(a, a.getInvite),
		authority.OpInvitePatch:     body(a, deciding, a.patchInvite),

		authority.OpInvitationAccept: body(a, deciding, a.acceptInvitation),
		authority.OpPasswordForgot:   body(a, deciding, a.forgotPassword),
		authority.OpPasswordReset:    body(a, deciding, a.resetPassword),
		authority.OpExposedReport:    body(a, v4.Decoder{Strict: true, Limit: maxExposedBody}, a.reportExposed),
		authority.OpUserExplain:      body(a, deciding, a.explain),
		authority.OpAcctExplain:      body(a, deciding, a.explain),

		authority.OpKeyGet:    plain(a, a.getKey),
		authority.OpKeyChange: body(a, deciding, a.changeKey),
		authority.OpKeyDelete: plain(a, a.removeKey),

		authority.OpZoneList:   plain(a, a.listZones).paged("name", "status", "type", "account.id", "account.name", "order", "match"),
		authority.OpZoneGet:    plain(a, a.getZone),
		authority.OpZoneCreate: body(a, deciding, a.createZone),
		authority.OpZoneDelete: plain(a, a.deleteZone),
		authority.OpZoneUpdate: body(a, lenient, a.updateZone),

		authority.OpZoneActivation: plain(a, a.checkActivation),

		authority.OpZonePurge: body(a, deciding, a.purgeCache),

		opIPs:           plain(a, a.listIPs),
		opTemplates:     plain(a, a.listTemplates).with("page", "owner"),
		opCompatibility: plain(a, a.listCompatibility),

		authority.OpUserAudit:           a.audit().paged(auditFiltersV1...),
		authority.OpAcctAudit:           a.audit().paged(auditFiltersV1...),
		authority.OpAcctAuditV2:         plain(a, a.listAuditV2).with(auditFilters()...),
		authority.OpAcctAuditHistory:    plain(a, a.auditHistory).with(append(auditFilters(), "action_time")...),
		authority.OpAcctAuditCategories: plain(a, a.listAuditCategories),

		authority.OpDNSList:   plain(a, a.listRecords).paged(recordFilters...).byRecord(),
		authority.OpDNSGet:    plain(a, a.getRecord).byRecord(),
		authority.OpDNSCreate: body(a, lenient, a.createRecord).byRecord(),
		authority.OpDNSPut:    body(a, lenient, a.putRecord).byRecord(),
		authority.OpDNSPatch:  body(a, lenient, a.patchRecord).byRecord(),
		authority.OpDNSDelete: plain(a, a.deleteRecord).byRecord(),
		authority.OpDNSBatch:  body(a, lenient, a.batchRecords).byRecord(),
		authority.OpDNSExport: raw("text/plain", a.exportRecords).byRecord(),
		authority.OpDNSImport: form(plain(a, a.importRecords)).byRecord(),
	}
}
