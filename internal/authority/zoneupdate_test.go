package authority_test

import (
	"errors"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
)

func TestAChangeOfAZoneLeavesAnEventAndNoChangeLeavesNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	full, paused := "full", true
	was, err := w.UpdateZone(t.Context(), w.system(), shop, authority.ZoneChange{Type: &full})
	if err != nil || len(w.events("zone_update")) != 0 {
		t.Errorf("nothing new: %+v, %v, %v", was, err, w.events("zone_update"))
	}
	servers := []string{"ns1.example.com", "NS2.example.com."}
	got, err := w.UpdateZone(t.Context(), w.system(), shop, authority.ZoneChange{Paused: &paused, VanityNameServers: &servers})
	if err != nil || !got.Paused || got.AccountName == "" {
		t.Fatalf("%+v, %v", got, err)
	}
	events := w.events("zone_update")
	if len(events) != 1 || events[0].ZoneID != shop || events[0].AccountID != acme ||
		string(events[0].Old) != `{"name":"`+was.Name+`","type":"full","paused":false}` ||
		string(events[0].New) != `{"name":"`+was.Name+`","type":"full","paused":true,"vanity_name_servers":["ns1.example.com","ns2.example.com"]}` {
		t.Errorf("events %+v", events)
	}
	_, err = w.UpdateZone(t.Context(), w.system(), ghost, authority.ZoneChange{Paused: &paused})
	if !errors.Is(err, authority.ErrNotFound) {
		wantCode(t, err, authority.CodeNotFound)
	}
	none := ""
	_, err = w.UpdateZone(t.Context(), w.system(), shop, authority.ZoneChange{Type: &none})
	wantCode(t, err, authority.CodeInvalid)
}
