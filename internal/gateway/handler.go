package gateway

import (
	"context"
	"net/http"
	"net/netip"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// Handler serves one operation for a caller who may do it.
//
// The request it sees has no credentials and no override headers left, and its
// body ends with an *http.MaxBytesError at the gate's limit, if it is not forwarded. The path was
// judged as p.Match says; r.URL is for the query. The answer gets its cf-ray, and
// is application/json unless the handler says otherwise.
type Handler[C any] func(w http.ResponseWriter, r *http.Request, p Pass[C])

// Pass is what the gate found out about a request that it let through.
type Pass[C any] struct {
	Caller    C
	Match     catalog.Match
	RequestID string
	Addr      netip.Addr // the zero Addr is an unknown address

	// PartOfZone: the caller may do this on some of the zone's records. Whoever
	// serves it must judge each of them. Only what Config.ByRecord lists is called so.
	PartOfZone bool
	// Refused is to be called, with PartOfZone, by who refuses it on a record, before
	// they answer: it is noted as a refusal then, and the answer has the headers of
	// one. on is the record, the zero Ref for none.
	Refused func(on policy.Ref, d policy.Decision)

	// For what is forwarded. Path is the resource, as far as the request names
	// it; Find is what its query and its body say at a place. Again asks again who
	// the caller is now and whether they may do this, with PartOfZone as it is, for
	// what takes longer than a revocation may.
	Path  policy.Path
	Find  func(catalog.Place) (string, bool)
	Again func(context.Context) (C, bool)
}
