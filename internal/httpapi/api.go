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

		authority.OpZoneList:   a.plain(a.listZones),
		authority.OpZoneGet:    a.plain(a.getZone),
		authority.OpZoneCreate: body(a, deciding, a.createZone),
		authority.OpZoneDelete: a.plain(a.deleteZone),
		authority.OpZonePurge:  body(a, deciding, a.purgeCache),

		authority.OpDNSList:   a.plain(a.listRecords),
		authority.OpDNSGet:    a.plain(a.getRecord),
		authority.OpDNSCreate: body(a, lenient, a.createRecord),
		authority.OpDNSPut:    body(a, lenient, a.putRecord),
		authority.OpDNSPatch:  body(a, lenient, a.patchRecord),
		authority.OpDNSDelete: a.plain(a.deleteRecord),
	}
}
