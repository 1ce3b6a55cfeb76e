package server_test

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
)

// TestARecordThatIsRenamedMeanwhileIsChangedOrNotThere: Alice moves a record in
// and out of the token's scope while the token changes it, eight at a time. A
// change is made where the record was in scope before and after it, or it is not
// there, or somebody else was faster.
func TestARecordThatIsRenamedMeanwhileIsChangedOrNotThere(t *testing.T) {
	t.Parallel()
	h := newHeld(t, acme)
	one := h.records("A") + "/" + h.ids["TXT _acme-challenge"]
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for n := range 12 {
				name := []string{"moved", "_acme-challenge.moved"}[n%2]
				h.outcome("alice", h.key("alice"), one, fmt.Sprintf(`{"name":%q,"comment":"alice %d %d"}`, name, i, n), 400)
			}
		})
		wg.Go(func() {
			for n := range 12 {
				h.outcome("the token", h.as, one, fmt.Sprintf(`{"content":"token %d %d"}`, i, n), 404, 400)
			}
		})
	}
	wg.Wait()
	h.eventsAreInScope()
}

// outcome sends a change that is made or ends in one of some statuses.
func (h *held) outcome(who string, as credential, path, body string, otherwise ...int) {
	a := h.call(h.t, call{as: as, method: "PATCH", path: path, body: []byte(body)})
	if a.status == 200 {
		return
	}
	for _, status := range otherwise {
		if a.status == status {
			return
		}
	}
	h.t.Errorf("%s: %s answers %d %s", who, body, a.status, clip(a.raw))
}

// eventsAreInScope looks at all that the token did: the log has each record before
// and after.
func (h *held) eventsAreInScope() {
	h.t.Helper()
	events, err := h.store.Events(h.t.Context(), authority.EventQuery{Action: "dns_record_update"}, 1000)
	if err != nil {
		h.t.Fatal(err)
	}
	did := 0
	for _, e := range events {
		if e.Actor.TokenID == "" {
			continue
		}
		did++
		for _, side := range []json.RawMessage{e.Old, e.New} {
			var r row
			if err := json.Unmarshal(side, &r); err != nil || !isChallenge(&r) {
				h.t.Errorf("the token changed %s to %s", e.Old, e.New)
			}
		}
	}
	if did == 0 {
		h.t.Error("the token did nothing")
	}
}
