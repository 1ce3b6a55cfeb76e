package dns

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
)

// FuzzImport: no file makes the reader panic, and the records of one that is
// accepted come back from their own lines as they are.
func FuzzImport(f *testing.F) {
	for _, seed := range []string{
		"www A 192.0.2.1", "$ORIGIN sub.example.com.\n$TTL 1h\n@ TXT ( \"a\" ; b\n \"c\" ) ; d cf_tags=e:\"f=\",g",
		"a 60 IN AAAA 2001:db8::1 ; cf_tags=cf-proxied:true", "$GENERATE 1-3 h$ CNAME t$", "bücher MX 10 mail", "@ MX 0 .",
		"_s._tcp SRV 1 2 3 t", `u URI 1 2 "https://example.com/"`, `c CAA 0 issue "a; b"`, `h HTTPS 1 . alpn="h2,h3" port=443 key667="\"\\"`,
		"d DS 1 5 1 AABB", "k DNSKEY 257 3 13 AAAA", "c CERT PKIX 1 RSASHA256 AAAA", "s SSHFP 2 1 aabb", "t TLSA 3 1 1 aabb",
		`n NAPTR 1 2 "u" "s" "!a\\.b!\"!" .`, "l LOC 37 46 46.5 N 122 W -1.5m 2m", "o OPENPGPKEY AAAA", "s SMIMEA 3 0 0 aabb",
		"s NS ns\ns DS 1 5 1 AABB", "p PTR host ; cf_tags= cf_tags=a", `t TXT "\"\\\000ü" plain`, "@ SOA a b 1 2 3 4 5\n@ NS c",
		"c CNAME d ; e cf_tags=cf-flatten-cname,f", "x TYPE1 \\# 4 C0000201", "$INCLUDE /etc/passwd", "\\", "\"", "(", "a IN A ;",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		first, err := fromZoneFile(text)
		if err != nil {
			return
		}
		lines := linesOf(first)
		again, err := fromZoneFile(lines)
		if err != nil {
			t.Fatalf("its own lines are refused: %v\n%s", err, lines)
		}
		if len(first) != len(again) {
			t.Fatalf("%d records become %d\n%s", len(first), len(again), lines)
		}
		for i := range first {
			if !reflect.DeepEqual(first[i], again[i]) {
				t.Fatalf("%+v\nbecomes\n%+v\n%s", first[i], again[i], lines)
			}
		}
	})
}

// fromZoneFile reads a file's records, without ids.
func fromZoneFile(text string) ([]Record, error) {
	zone := authority.Zone{ID: "z", Name: "example.com"}
	z := zoneFile{zone: zone}
	drafts, err := z.read(text)
	if err != nil {
		return nil, err
	}
	b := batch{zone: zone, ids: make([]string, len(drafts)), now: time.Unix(0, 0)}
	return b.lines(drafts)
}

func linesOf(all []Record) string {
	var lines []string
	for i := range all {
		lines = append(lines, all[i].line())
	}
	return strings.Join(lines, "")
}
