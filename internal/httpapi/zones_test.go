package httpapi_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"
)

const minute = time.Minute

// zone is what tests look at of a zone.
type zone struct {
	ID, Name, Type, Status string
	Paused                 bool
	Vanity                 []string `json:"vanity_name_servers"`
	Key                    string   `json:"verification_key"`
	ModifiedOn             string   `json:"modified_on"`
}

func TestAZoneIsPausedAndItsTypeChanged(t *testing.T) {
	w := newWorld(t)
	w.now = w.now.Add(minute)
	const path, before = "/zones/" + zoneID, "2026-02-01T10:00:00.000000Z"
	var z zone
	w.must("PATCH", path, `{"type":"full","plan":{"id":"x"}}`, &z)
	if z.ID != zoneID || z.Type != "full" || z.ModifiedOn != before {
		t.Errorf("nothing changed, and yet: %+v", z)
	}
	w.must("PATCH", path, `{"paused":true,"type":null}`, &z)
	if !z.Paused || z.Type != "full" || z.ModifiedOn == before {
		t.Errorf("paused: %+v", z)
	}
	w.must("PATCH", path, `{"type":"partial"}`, &z)
	if !z.Paused || z.Type != "partial" || !regexp.MustCompile(`^\d+-\d+$`).MatchString(z.Key) {
		t.Errorf("partial: %+v", z)
	}
	key := z.Key
	w.must("PATCH", path, `{"vanity_name_servers":["NS1.example.com.","ns2.example.com"]}`, &z)
	w.must("GET", path, "", &z)
	if strings.Join(z.Vanity, " ") != "ns1.example.com ns2.example.com" || z.Key != key {
		t.Errorf("vanity: %+v", z)
	}
	var bare map[string]json.RawMessage
	w.must("PATCH", path, `{"vanity_name_servers":[],"type":"full","paused":false}`, &bare)
	if bare["vanity_name_servers"] != nil || bare["verification_key"] != nil {
		t.Errorf("back again: %s", jsonText(bare))
	}
	for body, want := range map[string]string{
		`{"type":"none"}`:  `Bad Request; 1001 /type type must be "full", "partial" or "secondary"`,
		`{"paused":"yes"}`: "Bad Request; 1001 /paused /paused must be true or false, not a string",
		`{"vanity_name_servers":["ns1.example.com","not a name"]}`: "Bad Request; 1001 /vanity_name_servers/1 a name server must be a host name",
		``: "Bad Request; 1001 the body must be JSON, but is empty",
	} {
		if got := w.refused("PATCH", path, body); got != want {
			t.Errorf("%s: %s", body, got)
		}
	}
}

func TestAZoneThatIsActiveStaysSoWhenItIsChecked(t *testing.T) {
	w := newWorld(t)
	if a := w.must("PUT", "/zones/"+zoneID+"/activation_check", "", nil); string(a.Result) != `{"id":"`+zoneID+`"}` {
		t.Error(a.text)
	}
	if got := w.refused("PUT", "/zones/99aabbccddeeff001122334455667788/activation_check", ""); !strings.HasPrefix(got, "Forbidden; ") {
		t.Error(got)
	}
}
