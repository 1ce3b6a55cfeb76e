package catalog

import (
	"slices"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/policy"
)

// TestWhatActsOnRecordsIsMarked: all that is below dns_records of a zone, so that an
// operation that is added there is refused to who is held to some records.
func TestWhatActsOnRecordsIsMarked(t *testing.T) {
	c := V4()
	kind := c.Vocabulary().Kind(KindRecord)
	marked := 0
	for op := range c.Operations() {
		on := op.Template == "/zones/{zone_id}/dns_records" || strings.HasPrefix(op.Template, "/zones/{zone_id}/dns_records/")
		if want := map[bool]policy.KindNo{true: kind}[on]; op.Records != want {
			t.Errorf("%s %s: records of kind %d, want %d", op.Method, op.Template, op.Records, want)
		}
		if on {
			marked++
		}
	}
	if marked < 14 || kind == 0 {
		t.Errorf("%d operations on records of kind %d", marked, kind)
	}
}

// TestOnlyTheGroupsOfDNSActOnRecords, and they say of themselves that they act on
// zones, as upstream's do.
func TestOnlyTheGroupsOfDNSActOnRecords(t *testing.T) {
	c := V4()
	kind := c.Vocabulary().Kind(KindRecord)
	var labels []string
	for no := range c.Vocabulary().Reach(kind).All {
		g := c.GroupByNo(no)
		labels = append(labels, g.Label)
		if g.Scope != KindZone {
			t.Errorf("%s acts on %s", g.Name, g.Scope)
		}
	}
	if slices.Sort(labels); !slices.Equal(labels, []string{"dns_read", "dns_write"}) {
		t.Errorf("on records act %q", labels)
	}
	if up := c.Vocabulary().Parent(kind); c.Vocabulary().KindName(up) != KindZone {
		t.Errorf("records lie in kind %d", up)
	}
}
