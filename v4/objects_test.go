package v4

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 2, 12, 0, 0, 987654321, time.UTC)

func TestATokenPrintsAsInTheContract(t *testing.T) {
	token := Token{
		ID: "5b7c", Name: "dns bot", Status: StatusActive, IssuedOn: AtSecond(noon), ModifiedOn: AtSecond(noon),
		Policies: List[Policy]{{
			ID: "c0ff", Effect: EffectAllow,
			Resources:        Resources{"account.0a1b": {Nested: map[string]string{"zone.*": "*"}}},
			PermissionGroups: List[GroupRef]{{ID: "82e6", Name: "DNS Read", Meta: &GroupMeta{Label: "dns_read"}}},
		}},
	}
	prints(t, token, `{"id":"5b7c","name":"dns bot","status":"active","issued_on":"2026-11-02T12:00:00Z","modified_on":"2026-11-02T12:00:00Z","last_used_on":null,`+
		`"policies":[{"id":"c0ff","effect":"allow","resources":{"account.0a1b":{"zone.*":"*"}},"permission_groups":[{"id":"82e6","name":"DNS Read","meta":{"label":"dns_read"}}]}]}`)

	used := AtSecond(noon)
	token.Policies, token.LastUsedOn, token.NotBefore, token.ExpiresOn = nil, &used, &used, &used
	token.Condition = &Condition{RequestIP: &RequestIP{In: []string{"198.51.100.1/24"}}}
	token.CreatorEmailAtCreation, token.Value = "alice@example.com", "shown once"
	prints(t, token, `{"id":"5b7c","name":"dns bot","status":"active","issued_on":"2026-11-02T12:00:00Z","modified_on":"2026-11-02T12:00:00Z",`+
		`"last_used_on":"2026-11-02T12:00:00Z","not_before":"2026-11-02T12:00:00Z","expires_on":"2026-11-02T12:00:00Z","policies":[],`+
		`"condition":{"request_ip":{"in":["198.51.100.1/24"]},"request.ip":{"in":["198.51.100.1/24"]}},`+
		`"creator_email_at_creation":"alice@example.com","value":"shown once"}`)
}

func TestAccountUserAndGroupPrintAsInTheContract(t *testing.T) {
	prints(t, Account{ID: "0a1b", Name: "Example Org", Type: "standard", CreatedOn: AtMicro(noon.Truncate(time.Hour))},
		`{"id":"0a1b","name":"Example Org","type":"standard","created_on":"2026-11-02T12:00:00.000000Z",`+
			`"settings":{"enforce_twofactor":false,"abuse_contact_email":null},"managed_by":{"parent_org_id":null,"parent_org_name":null}}`)
	prints(t, User{ID: "7d8e", Email: "alice@example.com"},
		`{"id":"7d8e","email":"alice@example.com","first_name":null,"last_name":null,"telephone":null,"country":null,"zipcode":null,`+
			`"two_factor_authentication_enabled":false,"two_factor_authentication_locked":false,"suspended":false,"betas":[],"organizations":[],`+
			`"has_pro_zones":false,"has_business_zones":false,"has_enterprise_zones":false}`)
	prints(t, PermissionGroup{ID: "82e6", Name: "DNS Read", Scopes: List[string]{"zone"}},
		`{"id":"82e6","name":"DNS Read","description":"","scopes":["zone"]}`)
}

func TestAZonePrintsEveryRequiredMember(t *testing.T) {
	prints(t, Zone{ID: "1122", Name: "example.org", Status: "active", Type: "full", Account: ZoneAccount{"0a1b", "Example Org"}, Owner: ZoneOwner{Type: "user"}},
		`{"id":"1122","name":"example.org","status":"active","paused":false,"type":"full","development_mode":0,`+
			`"account":{"id":"0a1b","name":"Example Org"},"owner":{"id":null,"type":"user","email":null},`+
			`"meta":{"step":0,"page_rule_quota":0,"phishing_detected":false,"custom_certificate_quota":0},`+
			`"name_servers":[],"original_name_servers":null,"original_registrar":null,"original_dnshost":null,"permissions":[],`+
			`"plan":{"id":"","name":"","price":0,"currency":"","frequency":"","is_subscribed":false,"can_subscribe":false,"legacy_id":"","legacy_discount":false,"externally_managed":false},`+
			`"created_on":"0001-01-01T00:00:00.000000Z","modified_on":"0001-01-01T00:00:00.000000Z","activated_on":null}`)
}

func TestARecordPrintsEveryRequiredMember(t *testing.T) {
	record := DNSRecord{ID: "99aa", Name: "www.example.org", Type: "A", Content: "192.0.2.10", Proxiable: true, TTL: 1, CreatedOn: AtMicro(noon), ModifiedOn: AtMicro(noon)}
	prints(t, record, `{"id":"99aa","name":"www.example.org","type":"A","content":"192.0.2.10","proxiable":true,"proxied":false,"ttl":1,"settings":{},"meta":{},`+
		`"comment":null,"tags":[],"created_on":"2026-11-02T12:00:00.987654Z","modified_on":"2026-11-02T12:00:00.987654Z"}`)
	zero := 0
	record.Priority, record.Data = &zero, []byte(`{"tag":"issue"}`)
	if got := string(must(marshal(record))); !strings.Contains(got, `"priority":0,"data":{"tag":"issue"}`) {
		t.Error(got)
	}
}

// inadyn takes the first "id" of an answer for the id of the object.
func TestEveryObjectPrintsItsIDFirst(t *testing.T) {
	for _, v := range []any{Token{}, Policy{}, GroupRef{}, Verify{}, PermissionGroup{}, DeletedID{}, Account{}, User{}, Organization{},
		Zone{}, ZoneAccount{}, ZoneOwner{}, Plan{}, DNSRecord{}, Member{}, MemberUser{}, Role{}, MemberPolicy{}, ResourceGroup{}, Membership{}} {
		if tag := reflect.TypeOf(v).Field(0).Tag.Get("json"); tag != "id" {
			t.Errorf("%T begins with %q", v, tag)
		}
	}
	text := string(must(marshal(OK(Zone{ID: "the zone"}))))
	if i := strings.Index(text, `"id":`); !strings.HasPrefix(text[i:], `"id":"the zone"`) {
		t.Errorf("the first id of the answer is another: %s", text)
	}
}
