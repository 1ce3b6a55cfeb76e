package authority_test

import (
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
)

func TestListsAndCountsShowWhoMayListTokensAllOfThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := accountOwner(acme)
	first, cred := w.issue(o, allow("DNS Write", zone(shop)))
	d := ordinary()
	d.Name, d.Status = "switched off", authority.StatusDisabled
	second, _ := w.issueDraft(o, d)
	_, reader := w.issue(o, allow("Account API Tokens Read", account(acme)))
	list, n, err := w.ListTokens(t.Context(), w.as(reader), o, authority.TokenFilter{Limit: 2, Sort: authority.ByName})
	if err != nil || n != 3 || len(list) != 2 || list[0].ID != second.ID {
		t.Errorf("%d tokens: %+v, %v", n, list, err)
	}
	list, n, err = w.ListTokens(t.Context(), w.as(reader), o, authority.TokenFilter{Limit: 9, Search: first.ID[:20]})
	if err != nil || n != 1 || list[0].ID != first.ID {
		t.Errorf("searched by id: %+v, %v", list, err)
	}
	counts, err := w.TokenCounts(t.Context(), w.as(reader), o)
	if err != nil || counts.Total != 3 || counts.Active != 2 || counts.Disabled != 1 || counts.NeverUsed != 2 {
		t.Errorf("the counts are %+v, %v", counts, err)
	}
	for _, c := range []authority.Caller{{}, w.as(cred), w.as(w.guest.credential())} {
		_, _, err = w.ListTokens(t.Context(), c, o, authority.TokenFilter{Limit: 9})
		wantCode(t, err, authority.CodeForbidden)
		_, err = w.TokenCounts(t.Context(), c, o)
		wantCode(t, err, authority.CodeForbidden)
	}
	_, _, err = w.ListTokens(t.Context(), w.as(w.both.credential()), w.admin.owner(), authority.TokenFilter{Limit: 9})
	wantCode(t, err, authority.CodeForbidden)
	_, _, err = w.ListTokens(t.Context(), w.as(reader), o, authority.TokenFilter{Search: strings.Repeat("é", 201)})
	wantCode(t, err, authority.CodeInvalid)
}

func TestTokenProvisioningListsAndCountsItsOwnOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := accountOwner(acme)
	w.issue(o, allow("DNS Write", zone(shop)))
	mine, _, err := w.Issue(t.Context(), w.as(w.both.credential()), o, ordinary())
	if err != nil {
		t.Fatal(err)
	}
	w.setRole(w.both, acme, authority.RoleTokenProvisioning)
	w.poll()
	list, n, err := w.ListTokens(t.Context(), w.as(w.both.credential()), o, authority.TokenFilter{Limit: 9})
	if err != nil || n != 1 || len(list) != 1 || list[0].ID != mine.ID {
		t.Errorf("%d tokens: %+v, %v", n, list, err)
	}
	counts, err := w.TokenCounts(t.Context(), w.as(w.both.credential()), o)
	if err != nil || counts.Total != 1 {
		t.Errorf("the counts are %+v, %v", counts, err)
	}
}

func TestListOfAStoreThatFailsIsAnError(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.store.FailReads(errDisk)
	_, _, err := w.ListTokens(t.Context(), w.system(), accountOwner(acme), authority.TokenFilter{Limit: 9})
	wantCode(t, err, authority.CodeUnavailable)
	_, err = w.TokenCounts(t.Context(), w.system(), accountOwner(acme))
	wantCode(t, err, authority.CodeUnavailable)
}
