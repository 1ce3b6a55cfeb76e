package httpapi_test

import (
	"slices"
	"testing"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/dns"
)

// TestPoliciesCanNameEveryTypeOfRecord, and no other.
func TestPoliciesCanNameEveryTypeOfRecord(t *testing.T) {
	t.Parallel()
	for _, k := range catalog.V4().Vocabulary().Kinds() {
		if k.Name == catalog.KindRecord && slices.Equal(k.Types, dns.Types()) {
			return
		}
	}
	t.Errorf("policies do not name the types that there are, %v", dns.Types())
}
