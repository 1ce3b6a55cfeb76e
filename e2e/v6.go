package e2e

import (
	"errors"
	"net/http"
	"testing"

	"github.com/cloudflare/cloudflare-go/v6/accounts"
	"github.com/cloudflare/cloudflare-go/v6/dns"
	"github.com/cloudflare/cloudflare-go/v6/option"
	"github.com/cloudflare/cloudflare-go/v6/shared"
	"github.com/cloudflare/cloudflare-go/v6/user"
	"github.com/cloudflare/cloudflare-go/v6/zones"
)

// v6 is cloudflare-go v6, by its sub-packages like v7.
type v6 struct {
	user    *user.UserService
	account *accounts.AccountService
	zones   *zones.ZoneService
	records *dns.RecordService
}

func (s *server) v6(token string) *v6 {
	opts := []option.RequestOption{option.WithAPIToken(token), option.WithBaseURL(s.Boot.BaseURL + "/"),
		option.WithMaxRetries(0), option.WithHTTPClient(&http.Client{Transport: s.calls})}
	return &v6{user.NewUserService(opts...), accounts.NewAccountService(opts...), zones.NewZoneService(opts...), dns.NewRecordService(opts...)}
}

// readsZoneV6 is one policy, as v6 takes it.
func (s *server) readsZoneV6() []shared.TokenPolicyParam {
	groups := make([]shared.TokenPolicyPermissionGroupParam, 1)
	set(&groups[0].ID, groupZoneRead)
	out := make([]shared.TokenPolicyParam, 1)
	set(&out[0].Effect, "allow")
	set(&out[0].PermissionGroups, groups)
	set(&out[0].Resources, shared.TokenPolicyResourcesIAMResourcesTypeObjectStringParam{zoneKey(s.zone(0)): "*"})
	return out
}

// refusedV6 fails the test unless err is the server's answer with that status
// and code.
func refusedV6(t *testing.T, what string, err error, status int, code int64) {
	t.Helper()
	var e *user.Error
	if !errors.As(err, &e) || e.StatusCode != status || len(e.Errors) != 1 || e.Errors[0].Code != code {
		t.Errorf("%s: error %v, want an answer %d with code %d", what, err, status, code)
	}
}
