package gateway

import (
	"net/http"
	"net/netip"

	"github.com/tokenward/tokenward/internal/catalog"
)

// Handler serves one operation for a caller who may do it.
//
// The request it sees has no credentials and no override headers left, and its
// body ends with an *http.MaxBytesError at the gate's limit. The path was
// judged as p.Match says; r.URL is for the query. The answer gets its cf-ray, and
// is application/json unless the handler says otherwise.
type Handler[C any] func(w http.ResponseWriter, r *http.Request, p Pass[C])

// Pass is what the gate found out about a request that it let through.
type Pass[C any] struct {
	Caller    C
	Match     catalog.Match
	RequestID string
	Addr      netip.Addr // the zero Addr is an unknown address
}
