package httpapi

import (
	"log/slog"

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
}

// Config is what an API is made of.
type Config struct {
	Authority *authority.Authority
	Records   *dns.Service
	Logger    *slog.Logger
	MaxBody   int64 // bytes of a request body; v4.DefaultLimit when zero
}

// New makes an API.
func New(cfg Config) *API {
	a := &API{authority: cfg.Authority, records: cfg.Records, log: cfg.Logger, maxBody: cfg.MaxBody}
	if a.maxBody == 0 {
		a.maxBody = v4.DefaultLimit
	}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	return a
}

// Handlers are the handlers by operation id.
func (a *API) Handlers() map[string]Handler {
	// A body that names the resource it is about decides; it is read strictly.
	deciding, lenient := v4.Decoder{Strict: true}, v4.Decoder{}
	return map[string]Handler{
		authority.OpUserTokenList:   a.plain(a.listTokens),
		authority.OpUserTokenCreate: body(a, deciding, a.createToken),
		authority.OpUserTokenGet:    a.plain(a.getToken),
		authority.OpUserTokenUpdate: body(a, deciding, a.updateToken),
		authority.OpUserTokenDelete: a.plain(a.deleteToken),
		authority.OpUserTokenRoll:   a.plain(a.rollToken),
		authority.OpUserTokenVerify: a.plain(a.verifyToken),
		authority.OpUserTokenGroups: a.plain(a.listGroups),

		authority.OpAcctTokenList:   a.plain(a.listTokens),
		authority.OpAcctTokenCreate: body(a, deciding, a.createToken),
		authority.OpAcctTokenGet:    a.plain(a.getToken),
		authority.OpAcctTokenUpdate: body(a, deciding, a.updateToken),
		authority.OpAcctTokenDelete: a.plain(a.deleteToken),
		authority.OpAcctTokenRoll:   a.plain(a.rollToken),
		authority.OpAcctTokenVerify: a.plain(a.verifyToken),
		authority.OpAcctTokenGroups: a.plain(a.listGroups),

		authority.OpUserGet:     a.plain(a.getUser),
		authority.OpAccountList: a.plain(a.listAccounts),
		authority.OpAccountGet:  a.plain(a.getAccount),

		authority.OpUserEdit:      body(a, lenient, a.editUser),
		authority.OpAccountCreate: body(a, lenient, a.createAccount),
		authority.OpAccountUpdate: body(a, deciding, a.updateAccount),

		authority.OpMemberList:      a.plain(a.listMembers),
		authority.OpMemberGet:       a.plain(a.getMember),
		authority.OpMemberAdd:       body(a, deciding, a.addMember),
		authority.OpMemberUpdate:    body(a, deciding, a.updateMember),
		authority.OpMemberDelete:    a.plain(a.removeMember),
		authority.OpRoleList:        a.plain(a.listRoles),
		authority.OpRoleGet:         a.plain(a.getRole),
		authority.OpMemberGroupList: a.plain(a.listMemberGroups),
		authority.OpMemberGroupGet:  a.plain(a.getMemberGroup),
		authority.OpResGroupList:    a.plain(a.listResourceGroups),
		authority.OpResGroupGet:     a.plain(a.getResourceGroup),
		authority.OpResGroupCreate:  body(a, deciding, a.createResourceGroup),
		authority.OpResGroupUpdate:  body(a, deciding, a.updateResourceGroup),
		authority.OpResGroupDelete:  a.plain(a.deleteResourceGroup),

		authority.OpMembershipList:  a.plain(a.listMemberships),
		authority.OpMembershipGet:   a.plain(a.getMembership),
		authority.OpMembershipPut:   body(a, deciding, a.putMembership),
		authority.OpMembershipLeave: a.plain(a.leave),
		authority.OpInviteList:      a.plain(a.listInvites),
		authority.OpInviteGet:       a.plain(a.getInvite),
		authority.OpInvitePatch:     body(a, deciding, a.patchInvite),

		authority.OpInvitationAccept: body(a, deciding, a.acceptInvitation),
		authority.OpPasswordForgot:   body(a, deciding, a.forgotPassword),
		authority.OpPasswordReset:    body(a, deciding, a.resetPassword),
		authority.OpKeyGet:           a.plain(a.getKey),
		authority.OpKeyChange:        body(a, deciding, a.changeKey),
		authority.OpKeyDelete:        a.plain(a.removeKey),

		authority.OpZoneList:   a.plain(a.listZones),
		authority.OpZoneGet:    a.plain(a.getZone),
		authority.OpZoneCreate: body(a, deciding, a.createZone),
		authority.OpZoneDelete: a.plain(a.deleteZone),
		authority.OpZoneUpdate: body(a, lenient, a.updateZone),

		authority.OpZoneActivation: a.plain(a.checkActivation),

		authority.OpZonePurge: body(a, deciding, a.purgeCache),

		opTemplates:     a.plain(a.listTemplates),
		opCompatibility: a.plain(a.listCompatibility),

		authority.OpUserAudit:           a.listAudit,
		authority.OpAcctAudit:           a.listAudit,
		authority.OpAcctAuditV2:         a.plain(a.listAuditV2),
		authority.OpAcctAuditHistory:    a.plain(a.auditHistory),
		authority.OpAcctAuditCategories: a.plain(a.listAuditCategories),

		authority.OpDNSList:   a.plain(a.listRecords),
		authority.OpDNSGet:    a.plain(a.getRecord),
		authority.OpDNSCreate: body(a, lenient, a.createRecord),
		authority.OpDNSPut:    body(a, lenient, a.putRecord),
		authority.OpDNSPatch:  body(a, lenient, a.patchRecord),
		authority.OpDNSDelete: a.plain(a.deleteRecord),
		authority.OpDNSBatch:  body(a, lenient, a.batchRecords),
		authority.OpDNSExport: a.exportRecords,
		authority.OpDNSImport: a.plain(a.importRecords),
	}
}
