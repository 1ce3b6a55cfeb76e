package v4

// Error numbers (contract 2.3; the families of 2.2 choose among them). The
// number does not determine the HTTP status: that depends on the path.
const (
	CodeNone                 = 0     // no number of its own (2.3, zone lookup by name)
	CodeInvalidName          = 400   // a token name that is empty or too long (1.3)
	CodeRateLimited          = 971   // the global limit; HTTP 429 (2.3, 4.6)
	CodeInvalidToken         = 1000  // verify: no such token; also an account token on the user path (2.2 B)
	CodeInvalidRequest       = 1001  // the definition sent cannot be accepted (2.3)
	CodeMissingAuthorization = 1001  // verify: no Authorization header (2.2 B)
	CodeForbidden            = 1002  // creating an account is not for this caller (1.8)
	CodeNotFound             = 1003  // no such row, a member for one (1.8)
	CodeIncompatible         = 1011  // the product takes no account-owned tokens (2.3, 6)
	CodeZoneExists           = 1061  // the zone is there already; HTTP 400, as clients retry 409
	CodeInvalidHeaders       = 6003  // wrapper; the chain says which header (2.2)
	CodeBadEmail             = 6102  // chain: X-Auth-Email has no valid form (2.3)
	CodeBadKey               = 6103  // chain: X-Auth-Key has no valid form (2.3)
	CodeBadContentType       = 6105  // chain: Content-Type of a write (2.3)
	CodeBadAuthorization     = 6111  // chain: Authorization has no valid form (2.2)
	CodeNoRoute              = 7000  // no such path; second to CodeBadIdentifier (2.3)
	CodeMethodNotForURI      = 7001  // PUT or DELETE on a collection (1.1)
	CodeBadIdentifier        = 7003  // a malformed id, or no such path (1.1, 2.3)
	CodeUnavailable          = 7010  // HTTP 503: a store is away. Our choice, no client treats it specially
	CodeNeedsGroup           = 7020  // chain: the permission groups of which any one is needed. Our choice
	CodeOnResource           = 7021  // chain: the resource it is needed on. Our choice
	CodeDeniedByPolicy       = 7022  // chain: the policy that took it away. Our choice
	CodeNeedsPerson          = 7023  // chain: another kind of credential is needed. Our choice
	CodeUnstated             = 7024  // chain: no group allows it. Our choice
	CodeNotJudgedHere        = 7025  // alone or in the chain: a proxy or a server asked, and the request cannot be judged there. Our choice
	CodePartOfZone           = 7026  // chain: allowed on some of a zone's records only. Our choice
	CodeBadUpstream          = 7030  // HTTP 502: the upstream cannot be reached, or its answer not be read. Our choice
	CodeUpstreamTimeout      = 7031  // HTTP 504: the upstream takes too long. Our choice
	CodeUpstreamCredential   = 7032  // HTTP 502: the upstream refuses the gateway's own credential. Our choice
	CodeListTooLong          = 7033  // HTTP 502: a list is too long to be filtered. Our choice
	CodeUnknownKey           = 9103  // no such API key or not with this email (2.3)
	CodeMissingCredential    = 9106  // no credential, or family C's malformed one (2.2)
	CodeKeyWithoutEmail      = 9107  // X-Auth-Key came without X-Auth-Email (2.3)
	CodeAccessDenied         = 9109  // family A: dead credential, no permission, wrong address (2.2)
	CodeAuthentication       = 10000 // family C: dead credential; A and C: no permission (2.2)
	CodeInternal             = 10002 // HTTP 500. Our choice, no client treats it specially
	CodeMethodNotAllowed     = 10405 // HTTP 405, family C (2.3)
	CodeServiceRateLimit     = 10429 // a newer service's limit; HTTP 429 (2.3)
	CodeNoRecord             = 81044 // no such DNS record, or not one for the caller to read; HTTP 404
	CodeIdenticalRecord      = 81058 // the DNS record is there already; HTTP 400, as clients retry 409
)

// MessageNoRecord is the text of CodeNoRecord.
const MessageNoRecord = "Record does not exist."

// CodeTokenActive is the number of the message that says a token is live. It is
// CodeAuthentication's number and no error here (contract 1.6).
const CodeTokenActive = 10000

// MessageTokenActive is the text of that message. Tools search for it.
const MessageTokenActive = "This API Token is valid and active"
