package policy

import (
	"strings"
	"testing"
)

func TestPatternsOfNamesHaveOneSpelling(t *testing.T) {
	types := []string{"A", "TXT"}
	label63 := strings.Repeat("a", 63)
	for id, want := range map[string]string{
		"TXT:_acme-challenge.*":                 "",
		"*:*":                                   "",
		"TXT:*":                                 "",
		"*:*.dev.example.com":                   "",
		"A:www.example.com":                     "",
		"A:*.example.*":                         "",
		"A:example.*":                           "",
		"TXT:xn--bcher-kva.example.com":         "",
		"TXT:0/25.2.0.192.in-addr.arpa":         "",
		"A:" + label63 + ".example.com":         "",
		"*":                                     "its id must be TYPE:NAME",
		"":                                      "its id must be TYPE:NAME",
		"www.example.com":                       "its id must be TYPE:NAME",
		"txt:www.example.com":                   "upper case",
		"Txt:*":                                 "upper case",
		"MX:www.example.com":                    "* or one of A, TXT",
		":www.example.com":                      "* or one of A, TXT",
		"A,TXT:www.example.com":                 "* or one of A, TXT",
		"**:*":                                  "* or one of A, TXT",
		" A:*":                                  "* or one of A, TXT",
		"A:":                                    "must not be empty",
		"A:*.":                                  "must not be empty",
		"A:.*":                                  "must not be empty",
		"A:.":                                   "no trailing dot",
		"A:www.example.com.":                    "no trailing dot",
		"A:www..com":                            "empty label",
		"A:.www.com":                            "empty label",
		"A:*.*":                                 "write * alone",
		"A:*.*.*":                               "write * alone",
		"A:**":                                  "whole first or the whole last",
		"A:www.*.com":                           "whole first or the whole last",
		"A:*.a.b.c.d.*":                         "",
		"A:*.a.b.c.d.e.*":                       "at most 4 labels",
		"A:w*.example.com":                      "whole first or the whole last",
		"A:*.*.example.com":                     "whole first or the whole last",
		"A:www":                                 "must be complete",
		"A:WWW.example.com":                     "lower case",
		"A:b\u00fccher.example.com":             "Punycode",
		"A:my host.example.com":                 "letters, digits",
		"A:@.example.com":                       "letters, digits",
		"A:0/25.example.com":                    "letters, digits",
		"A:a:b.example.com":                     "letters, digits",
		"A:" + label63 + "a.example.com":        "at most 63",
		"A:" + strings.Repeat("a.", 126) + "aa": "at most 253",
	} {
		got := wrongPattern(types, id)
		if (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%q: %q, want %q", id, got, want)
		}
	}
}

func TestRecordsHaveCompleteNames(t *testing.T) {
	v := testVocabulary(t)
	kind := v.Kind("dns.name")
	for record, want := range map[string]bool{
		"A:www.example.com": true, "TXT:*.example.com": true, "TXT:_dmarc.example.com": true, "A:example": true,
		"MX:www.example.com": false, "*:www.example.com": false, ":www.example.com": false, "a:www.example.com": false,
		"A:": false, "A:*": false, "A:*.": false, "A:www.*": false, "A:*.*.com": false, "A:WWW.example.com": false,
		"A:www.example.com.": false, "A:.example.com": false, "A:w\u00fc.example.com": false,
		"A:" + strings.Repeat("a.", 126) + "a": true, "A:" + strings.Repeat("a.", 126) + "aa": false,
	} {
		typ, name, _ := strings.Cut(record, ":")
		r, ok := v.Record(kind, typ, name)
		if ok != want || ok && r != (Ref{Kind: kind, Name: record}) {
			t.Errorf("%q: %+v, %v", record, r, ok)
		}
	}
	if _, ok := v.Record(v.Kind("edge.bucket"), "A", "www.example.com"); ok {
		t.Error("a bucket has a type")
	}
}

// smallPatterns is every pattern of up to two labels of two, and smallNames every
// name of up to six of three: two patterns fit into one beside each other.
func smallPatterns(types ...string) (out []string) {
	for _, typ := range types {
		out = append(out, typ+":*")
		for _, mid := range allNames([]string{"a", "b"}, 2) {
			for _, name := range []string{mid, "*." + mid, mid + ".*", "*." + mid + ".*"} {
				if wrongPattern([]string{"A", "TXT"}, typ+":"+name) == "" {
					out = append(out, typ+":"+name)
				}
			}
		}
	}
	return out
}

func smallNames() []string { return allNames([]string{"a", "b", "*"}, 6) }

func allNames(labels []string, most int) (out []string) {
	last := []string{""}
	for range most {
		var next []string
		for _, tail := range last {
			for _, l := range labels {
				next = append(next, strings.TrimSuffix(l+"."+tail, "."))
			}
		}
		out, last = append(out, next...), next
	}
	return out
}

// TestPatternsMeanWhatTheirLabelsSay holds every small pattern against every small
// name, and from that every pattern against every other: what includes, what
// overlaps.
func TestPatternsMeanWhatTheirLabelsSay(t *testing.T) {
	patterns, names := smallPatterns("*", "A", "TXT"), smallNames()
	stands := make([]map[string]bool, len(patterns))
	for i, p := range patterns {
		stands[i] = map[string]bool{}
		parsed := patternOf(p)
		for _, typ := range []string{"A", "TXT"} {
			for _, n := range names {
				record := recordOf(typ + ":" + n)
				want := naiveMatch(p, typ+":"+n)
				if got := parsed.includes(&record); got != want {
					t.Fatalf("%s includes %s:%s: %v", p, typ, n, got)
				}
				if want {
					stands[i][typ+":"+n] = true
				}
			}
		}
	}
	for i, p := range patterns {
		for k, q := range patterns {
			all, some := true, false
			for record := range stands[k] {
				all, some = all && stands[i][record], some || stands[i][record]
			}
			a, b := patternOf(p), patternOf(q)
			if got := a.includes(&b); got != all {
				t.Errorf("%s includes %s: %v", p, q, got)
			}
			if got := a.overlaps(&b); got != some {
				t.Errorf("%s overlaps %s: %v", p, q, got)
			}
		}
	}
	if len(patterns) < 60 || len(names) < 300 {
		t.Errorf("%d patterns, %d names", len(patterns), len(names))
	}
}

// FuzzNamePattern holds that a pattern that is taken has one spelling, includes
// itself, and means what its labels say.
func FuzzNamePattern(f *testing.F) {
	for _, p := range smallPatterns("*", "TXT") {
		f.Add(p, "TXT:a.b.a")
		f.Add("A:*.b", p)
	}
	f.Add("A:w*.b", "TXT:_acme-challenge.example.com")
	types := []string{"A", "TXT"}
	f.Fuzz(func(t *testing.T, id, record string) {
		if wrongPattern(types, id) != "" {
			return
		}
		if strings.ToLower(strings.TrimPrefix(id, "TXT")) != strings.TrimPrefix(id, "TXT") && !strings.HasPrefix(id, "A:") || strings.HasSuffix(id, ".") {
			t.Fatalf("%q is taken", id)
		}
		p := patternOf(id)
		if !p.includes(&p) || !p.overlaps(&p) {
			t.Fatalf("%q is not what it is", id)
		}
		typ, name, _ := strings.Cut(record, ":")
		if !isRecord(types, typ, name) {
			return
		}
		r := recordOf(record)
		if got, want := p.includes(&r), naiveMatch(id, record); got != want {
			t.Fatalf("%q includes %q: %v", id, record, got)
		}
	})
}
