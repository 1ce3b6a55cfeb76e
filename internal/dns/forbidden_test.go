package dns_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/dns"
)

// TestWithoutAScopeThereIsNoRecord: what was forgotten allows nothing.
func TestWithoutAScopeThereIsNoRecord(t *testing.T) {
	w := newWorld(t)
	r := w.create(dns.Draft{Name: "www", Type: "A", Content: "192.0.2.1"})
	nothing := new(authority.RecordScope)
	*nothing.Zone() = w.zone
	if page, total, err := w.List(t.Context(), nothing, dns.NewQuery()); len(page) > 0 || total > 0 || err != nil {
		t.Errorf("the list is %v, %d in all, %v", page, total, err)
	}
	if file, err := w.Export(t.Context(), nothing); strings.Contains(string(file), "www") || err != nil {
		t.Errorf("the file is %s, %v", file, err)
	}
	_, getErr := w.Get(t.Context(), nothing, r.ID)
	_, putErr := w.Put(t.Context(), nothing, r.ID, dns.Draft{Name: "www", Type: "A", Content: "192.0.2.2"}, w.stamp)
	_, deleteErr := w.Delete(t.Context(), nothing, r.ID, w.stamp)
	for _, err := range []error{getErr, putErr, deleteErr} {
		if !errors.Is(err, authority.ErrNotFound) {
			t.Errorf("%v, want not found", err)
		}
	}
	_, makeErr := w.Create(t.Context(), nothing, dns.Draft{Name: "new", Type: "A", Content: "192.0.2.1"}, w.stamp)
	_, importErr := w.Import(t.Context(), nothing, dns.ZoneFile{Text: "www A 192.0.2.1\nnew A 192.0.2.1"}, w.stamp)
	for _, err := range []error{makeErr, importErr} {
		var no *dns.Forbidden
		var why *authority.Error
		if !errors.As(err, &no) || !errors.As(err, &why) || why.Code != authority.CodeForbidden {
			t.Errorf("%v, want forbidden", err)
		}
	}
	if got := w.list(""); len(got) != 1 {
		t.Errorf("records %q", got)
	}
}
