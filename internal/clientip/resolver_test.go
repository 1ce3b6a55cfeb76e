package clientip

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"
)

const proxy = "10.0.0.1:4711" // a trusted peer

func behindProxy(t testing.TB) *Resolver {
	t.Helper()
	r, err := New("X-Forwarded-For", []string{"10.0.0.0/8", "2001:db8:ffff::/48", "192.0.2.250"})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// forwarded is a header with one X-Forwarded-For line for each value.
func forwarded(lines ...string) http.Header {
	h := http.Header{}
	for _, l := range lines {
		h.Add("X-Forwarded-For", l)
	}
	return h
}

func TestAddressOfTheClient(t *testing.T) {
	const none = "invalid IP" // what the zero Addr prints
	long := strings.Repeat("10.0.0.2,", 63)
	for _, c := range []struct {
		name, peer string
		lines      []string
		want       string
	}{
		{"no header", proxy, nil, "10.0.0.1"},
		{"one hop", proxy, []string{"203.0.113.9"}, "203.0.113.9"},
		{"trusted hops are passed over", proxy, []string{"203.0.113.9, 10.1.1.1, 192.0.2.250"}, "203.0.113.9"},
		{"IPv6", proxy, []string{"2001:db8::9, 2001:db8:ffff::1"}, "2001:db8::9"},
		{"every hop is trusted: the leftmost", proxy, []string{"10.3.3.3, 10.2.2.2"}, "10.3.3.3"},

		{"an untrusted peer's header means nothing", "203.0.113.1:80", []string{"10.0.0.1"}, "203.0.113.1"},
		{"an untrusted peer's junk means nothing", "203.0.113.1:80", []string{"junk"}, "203.0.113.1"},
		{"what the client wrote itself is not reached", proxy, []string{"198.51.100.1, 203.0.113.9"}, "203.0.113.9"},
		{"nor is it when it claims a trusted hop", proxy, []string{"198.51.100.1, 10.0.0.1, 203.0.113.9, 10.0.0.2"}, "203.0.113.9"},
		{"nor when it is junk", proxy, []string{"junk,,, 203.0.113.9"}, "203.0.113.9"},
		{"lines are one list: the last counts", proxy, []string{"198.51.100.1", "203.0.113.9"}, "203.0.113.9"},
		{"the walk crosses lines", proxy, []string{"198.51.100.1, 203.0.113.9", "10.0.0.3", "10.0.0.2"}, "203.0.113.9"},

		{"ports", proxy, []string{"203.0.113.9:567, 10.0.0.2:80"}, "203.0.113.9"},
		{"IPv6 with brackets and port", proxy, []string{"[2001:db8::9]:443"}, "2001:db8::9"},
		{"IPv6 with brackets", proxy, []string{"[2001:db8::9]"}, "2001:db8::9"},
		{"spaces and tabs", proxy, []string{" \t203.0.113.9\t ,\t10.0.0.2 "}, "203.0.113.9"},

		{"a mapped peer is the IPv4 one", "[::ffff:203.0.113.1]:80", nil, "203.0.113.1"},
		{"a mapped peer is trusted like it", "[::ffff:10.0.0.1]:80", []string{"203.0.113.9"}, "203.0.113.9"},
		{"a mapped hop is the IPv4 one", proxy, []string{"::ffff:203.0.113.9"}, "203.0.113.9"},
		{"in hexadecimal too", proxy, []string{"::ffff:cb00:7109"}, "203.0.113.9"},
		{"a mapped hop is trusted like it", proxy, []string{"203.0.113.9, [::ffff:10.0.0.1]:80"}, "203.0.113.9"},

		{"the peer's zone is dropped", "[fe80::1%eth0]:80", nil, "fe80::1"},
		{"a peer without port", "203.0.113.1", nil, "203.0.113.1"},

		{"a malformed hop", proxy, []string{"203.0.113.9, junk"}, none},
		{"behind a trusted one", proxy, []string{"203.0.113.9, junk, 10.0.0.2"}, none},
		{"on an earlier line", proxy, []string{"junk", "10.0.0.2"}, none},
		{"unknown", proxy, []string{"unknown"}, none},
		{"obfuscated", proxy, []string{"_gazonk"}, none},
		{"the empty value", proxy, []string{""}, none},
		{"an empty element", proxy, []string{"203.0.113.9,"}, none},
		{"an empty line", proxy, []string{"203.0.113.9", ""}, none},
		{"a zone in a hop", proxy, []string{"fe80::1%eth0"}, none},
		{"leading zeros", proxy, []string{"203.0.113.09"}, none},
		{"fewer than four parts", proxy, []string{"127.1"}, none},
		{"an open bracket", proxy, []string{"[2001:db8::9"}, none},
		{"a closed bracket", proxy, []string{"2001:db8::9]"}, none},
		{"brackets around IPv4", proxy, []string{"[203.0.113.9]"}, none},
		{"brackets twice", proxy, []string{"[[2001:db8::9]]"}, none},
		{"a port that is none", proxy, []string{"203.0.113.9:http"}, none},
		{"quotes", proxy, []string{`"203.0.113.9"`}, none},
		{"a prefix", proxy, []string{"203.0.113.0/24"}, none},
		{"another comma", proxy, []string{"203.0.113.9，10.0.0.1"}, none},
		{"another space", proxy, []string{"203.0.113.9\u00a0"}, none},
		{"NUL", proxy, []string{"203.0.113.9\x00"}, none},

		{"64 hops", proxy, []string{long + "203.0.113.9"}, "203.0.113.9"},
		{"65 hops", proxy, []string{long + "10.0.0.2", "203.0.113.9"}, none},
		{"65 empty lines", proxy, make([]string, 65), none},
		{"8 KiB", proxy, []string{strings.Repeat(" ", 8<<10-11) + "203.0.113.9"}, "203.0.113.9"},
		{"more than 8 KiB", proxy, []string{strings.Repeat(" ", 8<<10-11), "203.0.113.9 "}, none},

		{"a Unix socket", "@", []string{"203.0.113.9"}, none},
		{"a Unix socket with a path", "/run/tokenward.sock", nil, none},
		{"no peer", "", []string{"203.0.113.9"}, none},
		{"a host name", "localhost:80", nil, none},
	} {
		if got := behindProxy(t).Addr(c.peer, forwarded(c.lines...)); got.String() != c.want {
			t.Errorf("%s: %v, want %s", c.name, got, c.want)
		}
	}
}

func TestWithoutAHeaderConfiguredThePeerIsTheClient(t *testing.T) {
	r, err := New("", []string{"10.0.0.0/8"})
	if err != nil {
		t.Fatal(err)
	}
	h := forwarded("203.0.113.9")
	h[""] = []string{"203.0.113.9"}
	for _, r := range []*Resolver{r, {}} {
		if got := r.Addr(proxy, h); got != netip.MustParseAddr("10.0.0.1") {
			t.Errorf("%v", got)
		}
		if n := testing.AllocsPerRun(100, func() { r.Addr(proxy, h) }); n != 0 {
			t.Errorf("%v allocations", n)
		}
	}
}

func TestOnlyTheConfiguredHeaderIsRead(t *testing.T) {
	h := forwarded("198.51.100.1")
	h.Set("X-Real-Ip", "203.0.113.9")
	h.Set("Forwarded", "for=198.51.100.2")
	r, err := New("x-real-ip", []string{"10.0.0.0/8"})
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Addr(proxy, h); got.String() != "203.0.113.9" {
		t.Errorf("%v", got)
	}
}

func TestConfigurationIsRefusedWhenItIsAmbiguous(t *testing.T) {
	for _, c := range []struct{ header, trusted, want string }{
		{"Forwarded", "10.0.0.0/8", "RFC 7239"},
		{"fORWARDED", "10.0.0.0/8", "RFC 7239"},
		{"X-Forwarded-For:", "10.0.0.0/8", "not a header name"},
		{"X Forwarded", "10.0.0.0/8", "not a header name"},
		{"X-Forwarded-For", "10.0.0.1/8", "write 10.0.0.0/8"},
		{"X-Forwarded-For", "example.com", "neither an address nor"},
		{"X-Forwarded-For", "", "neither an address nor"},
		{"X-Forwarded-For", "fe80::1%eth0", "neither an address nor"},
		{"X-Forwarded-For", "10.0.0.0/33", "neither an address nor"},
		{"X-Forwarded-For", "::ffff:0.0.0.0/90", "write"},
	} {
		_, err := New(c.header, []string{c.trusted})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("New(%q, %q): %v, want it to say %q", c.header, c.trusted, err, c.want)
		}
	}
}

func TestTrustedPrefixesMayBeWrittenAsMapped(t *testing.T) {
	for _, trusted := range []string{"::ffff:10.0.0.0/104", "::ffff:10.0.0.1", "10.0.0.1"} {
		r, err := New("X-Forwarded-For", []string{trusted})
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Addr(proxy, forwarded("203.0.113.9")); got.String() != "203.0.113.9" {
			t.Errorf("%s: %v", trusted, got)
		}
	}
}

// FuzzAddr holds that an untrusted peer's headers never change the answer, that a
// trusted hop's own entry decides whatever stands to the left of it, and that no
// answer is mapped or has a zone.
func FuzzAddr(f *testing.F) {
	f.Add("203.0.113.1:80", "10.0.0.1", "198.51.100.1, 10.0.0.2")
	f.Add("[::ffff:10.0.0.1]:80", "junk", "[::1]:80, ::ffff:1.2.3.4")
	f.Add("@", "", ",")
	r := behindProxy(f)
	f.Fuzz(func(t *testing.T, peer, first, second string) {
		got := r.Addr(peer, forwarded(first, second))
		if got.Is4In6() || got.Zone() != "" {
			t.Fatalf("%v was not unmapped", got)
		}
		direct := r.Addr(peer, nil)
		if !r.trusts(direct) && got != direct {
			t.Fatalf("the headers of %q changed %v to %v", peer, direct, got)
		}
		h := forwarded(first, second+",203.0.113.9, 10.0.0.2")
		if want := netip.MustParseAddr("203.0.113.9"); !tooLong(h.Values("X-Forwarded-For")) && r.Addr(proxy, h) != want {
			t.Fatalf("what stands to the left changed %v to %v", want, r.Addr(proxy, h))
		}
	})
}

func BenchmarkAddrOfThePeer(b *testing.B) {
	r, h := &Resolver{}, forwarded("203.0.113.9")
	b.ReportAllocs()
	for b.Loop() {
		r.Addr(proxy, h)
	}
}

func BenchmarkAddrBehindTwoHops(b *testing.B) {
	r, h := behindProxy(b), forwarded("198.51.100.1, 203.0.113.9, 10.0.0.2")
	b.ReportAllocs()
	for b.Loop() {
		r.Addr(proxy, h)
	}
}
