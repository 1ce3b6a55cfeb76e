package gateway

import (
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/v4"
)

// outcome is how far a request's credential came. The zero value is refused.
type outcome uint8

const (
	noCredential    outcome = iota // none of the headers
	badToken                       // Authorization has no valid form
	manyTokens                     // Authorization came twice
	badEmail                       // X-Auth-Email has no valid form, or came twice
	badKey                         // X-Auth-Key has no valid form, or came twice
	keyWithoutEmail                // half a credential
	unknownToken                   // no such token, or a dead one
	unknownKey                     // no such key, or not with this email, or a dead one
	wrongOwner                     // an account's token on a path for users only
	wrongLocation                  // the client-IP condition refuses the address
	wrongProduct                   // an account's token on a product that takes none
	apiOff                         // tokens and keys of its user do not work in this account
	lacks                          // it may not do this
	admitted                       // none of these
)

// denial is an answer to a request that does not pass.
type denial struct {
	status  int
	code    int
	message string
	chain   v4.ChainItem // none when its code is 0
}

// families is one answer for each of the columns of contract 2.2. The upstream
// API has several gateways that word the same failure differently, and clients
// act on the difference: wrangler tells an account's token from a user's by it
// (contract 0, rules 6 to 8).
type families struct{ core, verify, product, zone denial }

func (f *families) of(c catalog.Family) denial {
	switch c {
	case catalog.FamilyCore:
		return f.core
	case catalog.FamilyVerify:
		return f.verify
	case catalog.FamilyZone:
		return f.zone
	}
	return f.product
}

func same(d denial) families { return families{d, d, d, d} }

// denials is the table of contract 2.2 and 2.3. "<ip>" stands for the client's
// address, "<product>" for the operation's.
var denials = [admitted]families{
	noCredential: {
		core:    missing,
		verify:  denial{400, v4.CodeMissingAuthorization, `Missing "Authorization" header`, none},
		product: missing,
		zone:    missing,
	},
	badToken: {
		core:    invalidHeader(badAuthorizationLine),
		verify:  invalidHeader(badAuthorizationLine),
		product: denial{400, v4.CodeMissingCredential, "Authentication failed (status: 400)", none},
		zone:    invalidHeader(badAuthorizationLine),
	},
	manyTokens:      same(invalidHeader(badAuthorizationLine)),
	badEmail:        same(invalidHeader(badEmailLine)),
	badKey:          same(invalidHeader(badKeyLine)),
	keyWithoutEmail: same(denial{400, v4.CodeKeyWithoutEmail, "Missing X-Auth-Email header", none}),
	unknownToken: {
		core:    denial{403, v4.CodeAccessDenied, "Invalid access token", none},
		verify:  invalidToken,
		product: denial{401, v4.CodeAuthentication, "Authentication error", none},
		zone:    denial{403, v4.CodeAccessDenied, "Invalid access token", none},
	},
	unknownKey: same(denial{400, v4.CodeUnknownKey, "Unknown X-Auth-Key or X-Auth-Email", none}),
	wrongOwner: {
		core:    denial{403, v4.CodeAccessDenied, "Unauthorized to access requested resource", none},
		verify:  invalidToken,
		product: denial{400, v4.CodeMissingCredential, "Authentication failed (status: 400)", none},
		zone:    denial{403, v4.CodeAuthentication, "Authentication error", none},
	},
	wrongLocation: {
		core:    denial{403, v4.CodeAccessDenied, "Cannot use the access token from location: <ip>", none},
		verify:  invalidToken,
		product: denial{403, v4.CodeAuthentication, "Authentication error", none},
		zone:    denial{403, v4.CodeAccessDenied, "Cannot use the access token from location: <ip>", none},
	},
	wrongProduct: same(denial{400, v4.CodeIncompatible, "<product> endpoint does not support account owned tokens.", none}),
	apiOff: {
		core:    denial{403, v4.CodeAccessDenied, switchedOff, none},
		verify:  invalidToken,
		product: denial{403, v4.CodeAuthentication, switchedOff, none},
		zone:    denial{403, v4.CodeAuthentication, switchedOff, none},
	},
	lacks: {
		core:    denial{403, v4.CodeAccessDenied, "Unauthorized to access requested resource", none},
		verify:  invalidToken,
		product: denial{403, v4.CodeAuthentication, "Authentication error", none},
		zone:    denial{403, v4.CodeAuthentication, "Authentication error", none},
	},
}

// switchedOff is in words of our own: those of upstream are not known (contract
// 2.3, last line).
const switchedOff = "API access is switched off for this user in this account"

// What several cells of the table say.
var (
	none = v4.ChainItem{}

	missing      = denial{400, v4.CodeMissingCredential, "Missing X-Auth-Key, X-Auth-Email or Authorization headers", none}
	invalidToken = denial{401, v4.CodeInvalidToken, "Invalid API Token", none}

	badAuthorizationLine = v4.ChainItem{Code: v4.CodeBadAuthorization, Message: "Invalid format for Authorization header"}
	badEmailLine         = v4.ChainItem{Code: v4.CodeBadEmail, Message: "Invalid format for X-Auth-Email header"}
	badKeyLine           = v4.ChainItem{Code: v4.CodeBadKey, Message: "Invalid format for X-Auth-Key header"}
)

func invalidHeader(which v4.ChainItem) denial {
	return denial{400, v4.CodeInvalidHeaders, "Invalid request headers", which}
}
