package policy

import (
	"strings"
	"testing"
	"unsafe"
)

// TestASetKeepsNothingOfTheDocument: names are cut from the text that a token is read
// from, and would keep all of it in memory.
func TestASetKeepsNothingOfTheDocument(t *testing.T) {
	v := testVocabulary(t)
	keys := []string{"edge.bucket." + bucket1, "api.account.zone." + zone1, "dns.name.TXT:a.example", "edge.bucket.other"}
	text := strings.Join(keys, "\n")
	cut := func(i int) string {
		at := strings.Index(text, keys[i])
		return text[at : at+len(keys[i])]
	}
	policies := []Policy{
		{Effect: Allow, Groups: []string{v.GroupByNo(bucketRead).ID}, Resources: []Resource{{Key: cut(0)}, {Key: cut(3)}}},
		{Effect: Allow, Groups: []string{v.GroupByNo(dnsWrite).ID}, Resources: []Resource{{Key: cut(1), Nested: []string{cut(2)}}}},
	}
	set, faults, err := CompileKnown(v, Owner{Ref: MakeRef(v.Kind("api.user"), user1)}, policies, Condition{})
	if len(faults) > 0 || err != nil {
		t.Fatal(faults, err)
	}
	var names []string
	for i := range set.more.names {
		names = append(names, set.more.names[i].ref.Name)
	}
	for i := range set.more.typed {
		names = append(names, set.more.typed[i].id)
	}
	if len(names) != 3 {
		t.Fatalf("names %q", names)
	}
	from := uintptr(unsafe.Pointer(unsafe.StringData(text)))
	for _, name := range names {
		if at := uintptr(unsafe.Pointer(unsafe.StringData(name))); at >= from && at < from+uintptr(len(text)) {
			t.Errorf("%s is a part of the document", name)
		}
	}
}
