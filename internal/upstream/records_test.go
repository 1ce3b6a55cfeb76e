package upstream

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/tokenward/tokenward/v4"
)

const recordID = "aabbccddeeff00112233445566778899"

// mine judges as TXT:_acme-challenge.* and *:_sip._tcp.* do, with names as plain as
// can be.
func mine(context.Context) (*Records, error) {
	own := func(name, typ string) bool {
		return typ == "TXT" && strings.HasPrefix(name, "_acme-challenge.") || strings.HasPrefix(name, "_sip._tcp.")
	}
	return &Records{
		Complete: func(zone, name string) (string, bool) {
			name = strings.ToLower(name)
			if name == "@" || name == zone {
				return zone, true
			}
			if !strings.HasSuffix(name, "."+zone) {
				name += "." + zone
			}
			return name, !strings.ContainsAny(name, " *\x00") && !strings.HasPrefix(name, ".")
		},
		Sees: own,
		Denied: func(name, typ string) *v4.Error {
			if own(name, typ) {
				return nil
			}
			return &v4.Error{Code: v4.CodeAuthentication, Message: "Authentication error"}
		},
	}, nil
}

// toyZone is an upstream with one record, which remembers what was written.
type toyZone struct {
	mu      sync.Mutex
	zone    string // the answer about the zone
	record  string // and about the record
	written []string
}

func (z *toyZone) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	z.mu.Lock()
	defer z.mu.Unlock()
	switch {
	case r.Method != http.MethodGet:
		z.written = append(z.written, fmt.Sprintf("%s %s %s", r.Method, strings.TrimPrefix(r.RequestURI, "/base"+records), body))
		io.WriteString(w, `{"success":true,"result":{}}`)
	case strings.HasSuffix(r.URL.Path, "/zones/"+zone):
		io.WriteString(w, z.zone)
	default:
		io.WriteString(w, z.record)
	}
}

func (z *toyZone) took() string {
	z.mu.Lock()
	defer z.mu.Unlock()
	out := strings.Join(z.written, "; ")
	z.written = nil
	return out
}

func newToyZone(t *testing.T) (*toyZone, *world) {
	z := &toyZone{
		zone:   `{"result":{"id":"` + zone + `","name":"example.com","account":{"id":"` + account + `"}}}`,
		record: `{"result":{"id":"` + recordID + `","name":"_acme-challenge.example.com","type":"TXT","content":"x"}}`,
	}
	w := newWorld(t, z.ServeHTTP, nil)
	w.records = mine
	return z, w
}

func (w *world) send(method, path, body string, headers ...string) (int, string) {
	w.tb.Helper()
	lines := append([]string{method + " " + path + " HTTP/1.1", "Host: front.example", "Connection: close",
		fmt.Sprintf("Content-Length: %d", len(body))}, headers...)
	res, text := w.raw(append(lines, "", body)...)
	return res.StatusCode, text
}

// TestWhatIsWrittenIsWhatWasJudged: names in full, types in upper case, nothing that
// was not looked at.
func TestWhatIsWrittenIsWhatWasJudged(t *testing.T) {
	z, w := newToyZone(t)
	one := records + "/" + recordID
	for _, c := range []struct{ method, path, body, want string }{
		{"POST", records, `{"type":"txt","name":"_ACME-challenge","content":"x","zone_id":"other","Content-Type":"www","id":"7"}`,
			`POST  {"content":"x","name":"_acme-challenge.example.com","type":"TXT"}`},
		{"POST", records + "?name=www", `{"type":"TXT","name":"_acme-challenge.example.com","ttl":60}`,
			`POST  {"name":"_acme-challenge.example.com","ttl":60,"type":"TXT"}`},
		{"PATCH", one, `{"content":"y"}`, `PATCH /` + recordID + ` {"content":"y","name":"_acme-challenge.example.com","type":"TXT"}`},
		{"PATCH", one, `{"name":null,"type":null}`, `PATCH /` + recordID + ` {"name":"_acme-challenge.example.com","type":"TXT"}`},
		{"PUT", one, `{"type":"TXT","name":"_acme-challenge.x","content":"y"}`, `PUT /` + recordID + ` {"content":"y","name":"_acme-challenge.x.example.com","type":"TXT"}`},
		{"DELETE", one, `{"name":"www"}`, `DELETE /` + recordID + ` `},
		{"POST", records + "/batch", `{"posts":[{"type":"TXT","name":"_acme-challenge"}],"deletes":[{"id":"` + recordID + `","name":"www"}],"others":[{"id":"` + recordID + `"}]}`,
			`POST /batch {"deletes":[{"id":"` + recordID + `"}],"posts":[{"name":"_acme-challenge.example.com","type":"TXT"}]}`},
		{"POST", records, `{"type":"srv","name":"_sip._tcp","data":{"service":"_x","proto":"_udp","name":"www","port":1}}`,
			`POST  {"data":{"port":1},"name":"_sip._tcp.example.com","type":"SRV"}`},
		{"POST", records, `{"type":"NAPTR","name":"_sip._tcp","data":{"service":"E2U+sip"}}`,
			`POST  {"data":{"service":"E2U+sip"},"name":"_sip._tcp.example.com","type":"NAPTR"}`},
	} {
		status, text := w.send(c.method, c.path, c.body)
		if got := z.took(); status != 200 || got != c.want {
			t.Errorf("%s %s %s: %d %s\n got %s\nwant %s", c.method, c.path, c.body, status, text, got, c.want)
		}
	}
}

// TestARecordThatCannotBeJudgedIsNotThere: what the upstream says of a record is
// believed only where it can be read in one way.
func TestARecordThatCannotBeJudgedIsNotThere(t *testing.T) {
	for what, answer := range map[string]string{
		"another id":      `{"result":{"id":"` + zone + `","name":"_acme-challenge.example.com","type":"TXT"}}`,
		"no id":           `{"result":{"name":"_acme-challenge.example.com","type":"TXT"}}`,
		"no type":         `{"result":{"id":"` + recordID + `","name":"_acme-challenge.example.com"}}`,
		"another type":    `{"result":{"id":"` + recordID + `","name":"_acme-challenge.example.com","type":"A"}}`,
		"no name":         `{"result":{"id":"` + recordID + `","type":"TXT"}}`,
		"a number":        `{"result":{"id":"` + recordID + `","name":7,"type":"TXT"}}`,
		"another zone":    `{"result":{"id":"` + recordID + `","name":"_acme-challenge.example.org","type":"TXT"}}`,
		"a relative name": `{"result":{"id":"` + recordID + `","name":"_acme-challenge","type":"TXT"}}`,
		"nothing":         `{}`,
		"a list":          `{"result":[{"id":"` + recordID + `","name":"_acme-challenge.example.com","type":"TXT"}]}`,
	} {
		z, w := newToyZone(t)
		z.record = answer
		for _, method := range []string{"GET", "PATCH", "PUT", "DELETE"} {
			status, text := w.send(method, records+"/"+recordID, `{"name":"_acme-challenge","type":"TXT"}`)
			if got := z.took(); status != 404 || got != "" || !strings.Contains(text, "81044") {
				t.Errorf("%s of %s: %d %s, written %q", method, what, status, text, got)
			}
		}
	}
	z, w := newToyZone(t)
	z.record = `{"result":{"id":"` + recordID + `","name":"_acme-challenge.example.com","name":"www.example.com","type":"TXT"}}`
	if status, _ := w.send("DELETE", records+"/"+recordID, ""); status != 502 || z.took() != "" {
		t.Errorf("two names: %d", status)
	}
}

func TestWithoutTheZonesNameNothingIsJudged(t *testing.T) {
	for what, answer := range map[string]string{
		"none":       `{"result":{"id":"` + zone + `","account":{"id":"` + account + `"}}}`,
		"upper case": `{"result":{"id":"` + zone + `","name":"EXAMPLE.com","account":{"id":"` + account + `"}}}`,
		"a number":   `{"result":{"id":"` + zone + `","name":{},"account":{"id":"` + account + `"}}}`,
		"another":    `{"result":{"id":"` + recordID + `","name":"example.com","account":{"id":"` + account + `"}}}`,
	} {
		z, w := newToyZone(t)
		z.zone = answer
		if status, text := w.send("POST", records, `{"type":"TXT","name":"_acme-challenge"}`); status != 502 || z.took() != "" {
			t.Errorf("%s: %d %s", what, status, text)
		}
	}
}

func TestBodiesThatDecideAreReadStrictly(t *testing.T) {
	z, w := newToyZone(t)
	for body, want := range map[string]int{
		``: 400, `[]`: 400, `null`: 400, `{} {}`: 400, `{"type":"TXT"}`: 400, `{"type":7,"name":"_acme-challenge"}`: 400,
		`{"type":"TXT","name":"_acme-challenge","name":"www"}`: 400, `{"type":"TXT","name":"_acme-challenge","NAME":"www"}`: 400,
		`{"type":"TXT","name":"_acme challenge"}`: 400, `{"type":"TXT","name":"www"}`: 403, `{"type":"A","name":"_acme-challenge"}`: 403,
		`{"type":"TXT","name":"` + strings.Repeat("x", maxRecordBody) + `"}`: 413,
	} {
		if status, text := w.send("POST", records, body); status != want || z.took() != "" {
			t.Errorf("%.80s: %d %s, want %d", body, status, text, want)
		}
	}
	if status, _ := w.send("POST", records, `{"type":"TXT","name":"_acme-challenge"}`, "Content-Encoding: gzip"); status != 415 || z.took() != "" {
		t.Errorf("an encoded body: %d", status)
	}
	many := strings.Repeat(`{"type":"TXT","name":"_acme-challenge"},`, maxBatch) + `{"type":"TXT","name":"_acme-challenge"}`
	for body, want := range map[string]int{
		`{}`: 400, `{"posts":{}}`: 400, `{"posts":[7]}`: 400, `{"deletes":[{}]}`: 404, `{"deletes":[{"id":"../x"}]}`: 404, `{"posts":[` + many + `]}`: 400,
	} {
		if status, text := w.send("POST", records+"/batch", body); status != want || z.took() != "" {
			t.Errorf("batch %.80s: %d %s, want %d", body, status, text, want)
		}
	}
}

func TestWhoMayNotAnyMoreWritesNothing(t *testing.T) {
	z, w := newToyZone(t)
	w.denied.Store(true)
	if status, _ := w.send("POST", records, `{"type":"TXT","name":"_acme-challenge"}`); status != 403 || z.took() != "" {
		t.Errorf("revoked while the body was read: %d", status)
	}
	w.records = func(context.Context) (*Records, error) { return nil, nil }
	if status, _ := w.send("GET", records, ""); status != 403 {
		t.Errorf("revoked before it was judged: %d", status)
	}
	w.records = func(context.Context) (*Records, error) { return nil, errors.New("the store is away") }
	if status, _ := w.send("GET", records, ""); status != 503 {
		t.Errorf("nobody knows: %d", status)
	}
}

func TestWaitingForARecordEndsWithTheRequest(t *testing.T) {
	c := newChanging()
	release, err := c.hold(t.Context(), recordID, "", recordID, zone)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errStalled)
	if _, err := c.hold(ctx, zone); !errors.Is(err, errStalled) {
		t.Errorf("held twice: %v", err)
	}
	release()
	if release, err = c.hold(t.Context(), zone, recordID); err != nil {
		t.Fatal(err)
	}
	release()
}
