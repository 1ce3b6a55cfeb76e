package httpapi

import (
	"net/http"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/dns"
)

// TestNoFaultOfTheCallersIsAnsweredWithWhatClientsRepeat: official clients send
// a request again, ten times, after 408, 409, 429 and everything from 500.
func TestNoFaultOfTheCallersIsAnsweredWithWhatClientsRepeat(t *testing.T) {
	ours := map[authority.Code]bool{authority.CodeInternal: true, authority.CodeUnavailable: true}
	for op := range catalog.V4().Operations() {
		for code := authority.CodeInternal; code <= authority.CodeUnavailable+8; code++ {
			for _, err := range []error{&authority.Error{Code: code}, &dns.Error{Code: code}} {
				status := failureOf(err, op).status
				repeated := status == http.StatusRequestTimeout || status == http.StatusConflict ||
					status == http.StatusTooManyRequests || status >= 500
				_, isRecord := err.(*dns.Error)
				unknown := code > authority.CodeUnavailable
				if repeated != (ours[code] && !isRecord) && !unknown || status < 400 {
					t.Errorf("%s: %T with code %d is answered with %d", op.ID, err, code, status)
				}
			}
		}
	}
}
