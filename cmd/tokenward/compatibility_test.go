package main

import (
	"testing"

	"github.com/tokenward/tokenward/internal/catalog"
)

// The default is written down, so that help does not load the catalogue.
func TestCompatibilityDefaultsToTheNewestTable(t *testing.T) {
	flag := newServe(program{}).Flags().Lookup("compatibility")
	if newest := catalog.V4().Compatibility().Version; flag == nil || flag.DefValue != newest {
		t.Errorf("--compatibility defaults to %v, the newest is %s", flag, newest)
	}
}
