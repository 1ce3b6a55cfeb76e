package gateway

import (
	"io"
	"net/http"
	"testing"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

func TestAParameterThatDecidesStandsOnceInOneSpelling(t *testing.T) {
	for query, want := range map[string]string{
		"store=a": "a", "x=1&store=a%20b": "a b", "%73tore=a": "a", "store=a&&": "a", "store=": "",
	} {
		n := named{query: readQuery(query)}
		if got, ok := n.parameter("store"); !ok || got != want {
			t.Errorf("%s: %q %v", query, got, ok)
		}
	}
	for _, query := range []string{
		"", "x=store", "store=a&store=a", "store=a&STORE=b", "Store=a", "store[]=a", "store=a&store[0]=b", "store=a;x=b", "store=%", "x=%zz&store=a", "store=a&%20store=b", "store=a&x%00=b",
	} {
		n := named{query: readQuery(query)}
		if got, ok := n.parameter("store"); ok {
			t.Errorf("%s: %q", query, got)
		}
	}
}

// TestAParameterWithAnUnderscoreHasOtherSpellings: PHP makes one of dots and spaces.
func TestAParameterWithAnUnderscoreHasOtherSpellings(t *testing.T) {
	for query, want := range map[string]bool{
		"store_id=a": true, "store_id=a&store=b": true,
		"store_id=a&store.id=b": false, "store.id=b&store_id=a": false, "store_id=a&store%20id=b": false, "store+id=a": false, "store_id=a&STORE.id[]=b": false,
	} {
		n := named{query: readQuery(query)}
		if got, ok := n.parameter("store_id"); ok != want {
			t.Errorf("%s: %q %v", query, got, ok)
		}
	}
}

func TestAPointerLeadsToStringsAndIntegersOnly(t *testing.T) {
	doc, err := Document([]byte(`{"a":{"b/c":"x","~":7},"l":["p",{"q":"r"}],"f":1.0,"e":1e2,"big":99999999999999999999,"n":null,"t":true}`), 1<<10)
	if err != nil {
		t.Fatal(err)
	}
	for pointer, want := range map[string]string{"/a/b~1c": "x", "/a/~0": "7", "/l/0": "p", "/l/1/q": "r"} {
		if got, ok := Scalar(doc, pointer); !ok || got != want {
			t.Errorf("%s: %q %v", pointer, got, ok)
		}
	}
	for _, pointer := range []string{"", "/", "/a", "/l", "/l/00", "/l/-1", "/l/2", "/l/+0", "/f", "/e", "/big", "/n", "/t", "/a/b", "/l/1/q/r"} {
		if got, ok := Scalar(doc, pointer); ok {
			t.Errorf("%s: %q", pointer, got)
		}
	}
}

// TestForwardedBodiesStream: what is forwarded has begun before its body has
// ended, is longer than bodies of our own may be, and can be judged again.
func TestForwardedBodiesStream(t *testing.T) {
	var read int64
	var still bool
	w := newWorld(t, func(c *Config[*holder]) {
		c.MaxBody = 10
		delete(c.Handlers, opCreate)
		c.Forward = func(rw http.ResponseWriter, r *http.Request, p Pass[*holder]) {
			_, still = p.Again(r.Context())
			read, _ = io.Copy(io.Discard, r.Body)
		}
	})
	secret := w.ring.add(t, holder{of: catalog.TargetUser}, policy.Condition{}, allow("DNS Write", "account.zone."+zone))
	post := func() reply {
		return w.raw("POST "+zoneURL+" HTTP/1.1", "Host: x", "Connection: close", bearer(secret), "Content-Encoding: gzip", "Content-Length: 20", "", "01234567890123456789")
	}
	if got := post(); got.StatusCode != 200 || read != 20 || !still || got.Header.Get("Content-Type") == "application/json" {
		t.Errorf("%d, read %d, still %v, %s", got.StatusCode, read, still, got.Header)
	}
	w.ring.hook = func(_ token.Credential, a Attempt) error {
		if a.Again {
			return io.ErrUnexpectedEOF
		}
		return nil
	}
	if post(); still {
		t.Error("a question that could not be answered was a yes")
	}
	w.ring.hook = nil
	if got := w.raw("GET "+zoneURL+" HTTP/1.1", "Host: x", "Connection: close", "", ""); got.Header.Get("Tokenward-Denied-By") != "gateway" {
		t.Error(got.Header)
	}
}
