package e2e

import (
	"errors"
	"net/http"
	"reflect"
	"testing"

	"github.com/cloudflare/cloudflare-go/v7/accounts"
	"github.com/cloudflare/cloudflare-go/v7/cache"
	"github.com/cloudflare/cloudflare-go/v7/dns"
	"github.com/cloudflare/cloudflare-go/v7/memberships"
	"github.com/cloudflare/cloudflare-go/v7/option"
	"github.com/cloudflare/cloudflare-go/v7/shared"
	"github.com/cloudflare/cloudflare-go/v7/user"
	"github.com/cloudflare/cloudflare-go/v7/zones"
	"github.com/tokenward/tokenward/e2e/demo"
)

// v7 is cloudflare-go v7, by its sub-packages: the root package is the whole
// SDK and takes minutes to compile.
type v7 struct {
	user     *user.UserService
	accounts *accounts.AccountService
	zones    *zones.ZoneService
	records  *dns.RecordService
	cache    *cache.CacheService
	joined   *memberships.MembershipService
}

// v7 makes a client that shows a token. It does not repeat a call that failed,
// so that a server error is seen.
func (s *server) v7(token string) *v7 {
	return s.v7With(option.WithAPIToken(token))
}

func (s *server) v7With(opts ...option.RequestOption) *v7 {
	opts = append(opts, option.WithBaseURL(s.Boot.BaseURL+"/"), option.WithMaxRetries(0),
		option.WithHTTPClient(&http.Client{Transport: s.calls}))
	return &v7{
		user: user.NewUserService(opts...), accounts: accounts.NewAccountService(opts...),
		zones: zones.NewZoneService(opts...), records: dns.NewRecordService(opts...), cache: cache.NewCacheService(opts...),
		joined: memberships.NewMembershipService(opts...),
	}
}

// root is a v7 client with every permission.
func (s *server) rootV7() *v7 { return s.v7(s.Boot.Token.Value) }

// set gives a parameter of the SDK a value. The SDK's own helper for it is in
// the root package, and the type's name is internal.
func set(field, value any) {
	f := reflect.ValueOf(field).Elem()
	v := reflect.ValueOf(value)
	if target := f.FieldByName("Value"); v.Type().AssignableTo(target.Type()) {
		target.Set(v)
	} else {
		target.Set(v.Convert(target.Type()))
	}
	f.FieldByName("Present").SetBool(true)
}

// refusedV7 fails the test unless err is the server's answer with that status,
// code and text.
func refusedV7(t *testing.T, err error, status int, code int64, message string) {
	t.Helper()
	var e *user.Error
	if !errors.As(err, &e) {
		t.Errorf("error %v, want an answer %d with code %d", err, status, code)
		return
	}
	if e.StatusCode != status || len(e.Errors) != 1 || e.Errors[0].Code != code || e.Errors[0].Message != message {
		t.Errorf("answer %d %s, want %d with code %d %q", e.StatusCode, demo.Redact(e.JSON.RawJSON()), status, code, message)
	}
}

// codeV7 is the status and the first code of an answer that is an error.
func codeV7(err error) (status int, code int64) {
	var e *user.Error
	if !errors.As(err, &e) || len(e.Errors) == 0 {
		return 0, 0
	}
	return e.StatusCode, e.Errors[0].Code
}

// grant is a policy in a test's words.
type grant struct {
	effect string // "" is allow
	groups []string
	flat   []string            // resources as {key: "*"}
	nested map[string][]string // resources as {key: {inner: "*"}}
}

// params are grants as the SDK takes them.
func params(grants ...grant) []shared.TokenPolicyParam {
	out := make([]shared.TokenPolicyParam, len(grants))
	for i, g := range grants {
		if g.effect == "" {
			g.effect = "allow"
		}
		set(&out[i].Effect, g.effect)
		groups := make([]shared.TokenPolicyPermissionGroupParam, len(g.groups))
		for j, id := range g.groups {
			set(&groups[j].ID, id)
		}
		set(&out[i].PermissionGroups, groups)
		set(&out[i].Resources, g.resources())
	}
	return out
}

// resources are a grant's resources as the SDK takes them. It knows two forms,
// and one policy has one of them.
func (g grant) resources() shared.TokenPolicyResourcesUnionParam {
	if g.nested == nil {
		flat := shared.TokenPolicyResourcesIAMResourcesTypeObjectStringParam{}
		for _, key := range g.flat {
			flat[key] = "*"
		}
		return flat
	}
	nested := shared.TokenPolicyResourcesIAMResourcesTypeObjectNestedParam{}
	for key, inner := range g.nested {
		nested[key] = map[string]string{}
		for _, k := range inner {
			nested[key][k] = "*"
		}
	}
	return nested
}
