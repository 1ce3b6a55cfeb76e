package authority_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
)

// BenchmarkAuditPage reads a page of a log of 10,000 events: where nothing is
// filtered the rest is counted by an index, where something is each event is
// looked at.
func BenchmarkAuditPage(b *testing.B) {
	w := newWorld(b)
	w.elsewhere(func(ctx context.Context, tx authority.Tx) error {
		for n := range 10_000 {
			e := authority.Event{ID: fmt.Sprintf("%032x", n), At: w.clock.Now(), AccountID: acme, Action: "token_update", Verb: "update"}
			e.Old, e.New = json.RawMessage(`{"name":"before"}`), json.RawMessage(`{"name":"after"}`)
			e.Metadata = map[string]string{"token_name": "deploy"}
			if err := tx.AppendEvent(ctx, e); err != nil {
				return err
			}
		}
		return nil
	})
	for name, match := range map[string]func(*authority.Event) bool{"All": nil, "Filtered": func(*authority.Event) bool { return true }} {
		b.Run(name, func(b *testing.B) {
			q := authority.AuditQuery{Op: authority.OpAcctAudit, AccountID: acme, Descending: true, Match: match, Offset: 200, Limit: 100}
			for b.Loop() {
				rows, n, err := w.AuditPages(b.Context(), w.system(), q)
				if err != nil || len(rows) != 100 || n < 10_000 {
					b.Fatal(len(rows), n, err)
				}
			}
		})
	}
}

// BenchmarkMembers reads a page of the members of an account that has 500.
func BenchmarkMembers(b *testing.B) {
	w := newWorld(b)
	w.elsewhere(func(ctx context.Context, tx authority.Tx) error {
		for n := range 500 {
			s := someone{id: fmt.Sprintf("%032x", 0x1000+n)}
			if err := tx.InsertUser(ctx, authority.User{ID: s.id, Email: fmt.Sprintf("user%d@example.com", n), Version: 1}); err != nil {
				return err
			}
			m := membership(s, acme, authority.RoleSuperAdministrator)
			m.ID = fmt.Sprintf("%032x", 0x9000+n)
			if err := tx.InsertMembership(ctx, m); err != nil {
				return err
			}
		}
		return nil
	})
	byMail := func(x, y *authority.Member) int { return len(x.User.Email) - len(y.User.Email) }
	for name, less := range map[string]func(x, y *authority.Member) int{"Page": nil, "SortedByUser": byMail} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				rows, n, err := w.Members(b.Context(), w.system(), acme, authority.MemberQuery{Less: less, Limit: 50})
				if err != nil || len(rows) != 50 || n < 500 {
					b.Fatal(len(rows), n, err)
				}
			}
		})
	}
}
