package httpapi_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// These tests hold what clients were seen to rely on (clients-go, wire facts).

func TestTheFirstIDInTheTextIsTheObjectsOwn(t *testing.T) {
	w := newWorld(t)
	made := w.create(`{"type":"A","name":"www","content":"192.0.2.1"}`)
	for path, want := range map[string]string{
		"/zones?name=example.com": zoneID, "/zones/" + zoneID: zoneID,
		records: made.ID, records + "/" + made.ID: made.ID, records + "?type=A&name=www.example.com": made.ID,
	} {
		text := w.must("GET", path, "", nil).text
		if _, after, _ := strings.Cut(text, `"id":"`); !strings.HasPrefix(after, want) || len(text) > 8000 {
			t.Errorf("%s: the first id is not %s in %d bytes: %s", path, want, len(text), text)
		}
	}
}

func TestAPagePastTheEndIsAnEmptyList(t *testing.T) {
	w := newWorld(t)
	for i := range 3 {
		w.create(fmt.Sprintf(`{"type":"A","name":"h%d","content":"192.0.2.1"}`, i))
	}
	for path, want := range map[string]string{
		"/zones?page=2&per_page=50":    `{"count":0,"page":2,"per_page":50,"total_count":1,"total_pages":1}`,
		records + "?page=2&per_page=2": `{"count":1,"page":2,"per_page":2,"total_count":3,"total_pages":2}`,
		records + "?page=3&per_page=2": `{"count":0,"page":3,"per_page":2,"total_count":3,"total_pages":2}`,
		records + "?page=2":            `{"count":0,"page":2,"per_page":100,"total_count":3,"total_pages":1}`,
		records + "?type=MX":           `{"count":0,"page":1,"per_page":100,"total_count":0,"total_pages":0}`,
		"/user/tokens?page=9":          `{"count":0,"page":9,"per_page":20,"total_count":0,"total_pages":0}`,
	} {
		a := w.must("GET", path, "", nil)
		if got := jsonText(a.Info); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
		if a.Info["count"] == 0 && string(a.Result) != "[]" {
			t.Errorf("%s: result %s", path, a.Result)
		}
	}
}

func TestZonesAreFoundByEverySpelling(t *testing.T) {
	w := newWorld(t)
	for query, found := range map[string]bool{
		"/zones/?name=example.com": true, "/zones?name=example.com.": true, "/zones?name=EXAMPLE.com": true,
		"/zones?name=contains:ampl": true, "/zones?name=starts_with:exam": true, "/zones?name=not_equal:example.com": false,
		"/zones?account.id=" + accountID: true, "/zones?account%5Bid%5D=" + accountID: true, "/zones?account.id=" + zoneID: false,
		"/zones?name=nobody.test&status=active&match=any": true, "/zones?name=nobody.test&status=active": false,
		"/zones?order=name&direction=desc": true, "/zones?name=sub.example.com": false, "/zones?0=0&1=1": true,
	} {
		var rows []struct{ ID string }
		w.must("GET", query, "", &rows)
		if (len(rows) == 1) != found {
			t.Errorf("%s: found %v", query, rows)
		}
	}
}

func TestTXTIsKeptVerbatimAndIsTheSameQuotedOrNot(t *testing.T) {
	w := newWorld(t)
	for _, sent := range []string{`acme-token`, `"quoted"`, `"one" "two"`, `v=spf1 a; b`} {
		if got := w.create(`{"type":"TXT","name":"_acme-challenge","ttl":120,"content":` + jsonText(sent) + `}`); got.Content != sent {
			t.Errorf("sent %s, got %s", sent, got.Content)
		}
	}
	for _, again := range []string{`"acme-token"`, `quoted`, `"v=spf1 a; b"`} {
		got := w.refused("POST", records, `{"type":"TXT","name":"_acme-challenge","content":`+jsonText(again)+`}`)
		if got != "Bad Request; 81058 An identical record already exists." {
			t.Errorf("%s: %s", again, got)
		}
	}
	for _, query := range []string{"content=acme-token", "content=%22acme-token%22", "content.exact=acme-token", "content=%22quoted%22", "content=quoted"} {
		if got := w.names("type=TXT&name=_acme-challenge.example.com&per_page=1&" + query); got != "TXT:_acme-challenge" {
			t.Errorf("%s finds %q", query, got)
		}
	}
}

func TestWhatIsOnlyReadIsIgnoredInARecord(t *testing.T) {
	w := newWorld(t)
	const junk = `,"id":"x","created_on":"0001-01-01T00:00:00Z","modified_on":"","proxiable":true,"meta":{"a":1},"settings":{},` +
		`"tags":null,"comment":null,"data":{"tag":""},"zone_id":"z","zone_name":"n","locked":false}`
	for _, priority := range []string{`,"priority":0`, `,"priority":null`, ``} {
		a := w.create(`{"type":"A","name":"a` + fmt.Sprint(len(priority)) + `","content":"192.0.2.1"` + priority + junk)
		if a.Priority != nil || len(a.ID) != 32 || a.Comment != nil || a.Tags == nil {
			t.Errorf("A with %s: %+v", priority, a)
		}
		w.create(`{"type":"TXT","name":"a` + fmt.Sprint(len(priority)) + `","content":"text"` + priority + junk)
		var put record
		w.must("PUT", records+"/"+a.ID, `{"type":"A","name":"www","content":"192.0.2.2"`+priority+junk, &put)
		w.must("PATCH", records+"/"+a.ID, `{"content":"192.0.2.3"`+priority+junk, &put)
		w.must("DELETE", records+"/"+a.ID, "", nil)
	}
}

func TestJSONIsReadWhateverItsContentType(t *testing.T) {
	w := newWorld(t)
	for i, kind := range []string{"", "Content-Type: text/plain", "Content-Type: application/merge-patch+json", "Content-Type: nonsense"} {
		var headers []string
		if kind != "" {
			headers = append(headers, kind)
		}
		if a := w.send("POST", records, fmt.Sprintf(`{"type":"A","name":"h%d","content":"192.0.2.1"}`, i), headers...); a.status != 200 {
			t.Errorf("%q: %s", kind, a.text)
		}
	}
}

func TestAContentTypeWithoutABodyIsNoFault(t *testing.T) {
	w := newWorld(t)
	made := w.create(`{"type":"A","name":"www","content":"192.0.2.1"}`)
	const kind = "Content-Type: application/json"
	for _, call := range [][3]string{{"GET", records}, {"GET", "/zones"}, {"GET", records + "/" + made.ID},
		{"DELETE", records + "/" + made.ID}, {"PUT", "/zones/" + zoneID + "/activation_check"}, {"DELETE", "/zones/" + zoneID, "{}"}} {
		if a := w.send(call[0], call[1], call[2], kind); a.status != 200 {
			t.Errorf("%v: %s", call, a.text)
		}
	}
}

func TestAZoneIsCreatedHoweverItsAccountIsNamed(t *testing.T) {
	w := newWorld(t)
	for i, account := range []string{
		`,"account":{"id":"` + accountID + `"},"type":"full"`,
		`,"organization":{"id":"` + accountID + `","created_on":"0001-01-01T00:00:00Z"},"jump_start":false,"type":"full"`,
		`,"jump_start":true,"paused":false`,
	} {
		var z struct {
			ID, Status string
			Account    struct{ ID string }
			Owner      struct{ ID, Name, Type string }
			Servers    []string `json:"name_servers"`
		}
		w.must("POST", "/zones", fmt.Sprintf(`{"name":"zone%d.example"%s}`, i, account), &z)
		if z.Account.ID != accountID || z.Owner.ID != accountID || z.Owner.Name != "Example" || z.Owner.Type != "organization" ||
			z.Status != "active" || len(z.Servers) != 2 {
			t.Errorf("%s: %+v", account, z)
		}
	}
	const again = `{"name":"zone0.example","account":{"id":"` + accountID + `"}}`
	if got := w.refused("POST", "/zones", again); got != "Bad Request; 1061 zone0.example already exists" {
		t.Error(got)
	}
}

func TestAnIPConditionIsReadAndWrittenInBothSpellings(t *testing.T) {
	w := newWorld(t)
	for _, member := range []string{"request.ip", "request_ip"} {
		var made struct {
			ID, Value string
			Condition map[string]json.RawMessage
			Policies  []struct{ Resources json.RawMessage }
		}
		body := fmt.Sprintf(`{"name":"t","policies":[{"effect":"allow","permission_groups":[{"id":"82e64a83756745bbbb1c9c2701bf816b","name":"x","meta":{}}],`+
			`"resources":{"com.cloudflare.api.account.%s":{"com.cloudflare.api.account.zone.*":"*"}}}],"condition":{%q:{"in":["198.51.100.0/24"]}}}`, accountID, member)
		w.must("POST", "/accounts/"+accountID+"/tokens", body, &made)
		if string(made.Condition["request.ip"]) != `{"in":["198.51.100.0/24"]}` || string(made.Condition["request_ip"]) != `{"in":["198.51.100.0/24"]}` {
			t.Errorf("%s: condition %s", member, jsonText(made.Condition))
		}
		if want := `{"com.cloudflare.api.account.` + accountID + `":{"com.cloudflare.api.account.zone.*":"*"}}`; string(made.Policies[0].Resources) != want {
			t.Errorf("resources %s", made.Policies[0].Resources)
		}
		if !regexp.MustCompile(`^[0-9A-Za-z_-]{40,80}$`).MatchString(made.Value) {
			t.Errorf("the value has %d characters of another kind", len(made.Value))
		}
		got := w.refused("GET", "/accounts/"+accountID+"/tokens/verify", "", "X-Auth-Key: ", "X-Auth-Email: ", "Authorization: Bearer "+made.Value)
		if !strings.HasPrefix(got, "Unauthorized; 1000 ") {
			t.Errorf("from elsewhere: %s", got)
		}
	}
}

func TestNoConflictIsA409(t *testing.T) {
	w := newWorld(t)
	a := w.create(`{"type":"A","name":"a","content":"192.0.2.1"}`)
	w.create(`{"type":"CNAME","name":"c","content":"example.net"}`)
	for body, want := range map[string]string{
		`{"type":"A","name":"a","content":"192.0.2.1"}`:       "Bad Request; 81058 An identical record already exists.",
		`{"type":"A","name":"c","content":"192.0.2.1"}`:       "Bad Request; 81054 A CNAME record with that host already exists.",
		`{"type":"CNAME","name":"a","content":"example.net"}`: "Bad Request; 81053 An A, AAAA, or CNAME record with that host already exists.",
	} {
		if got := w.refused("POST", records, body); got != want {
			t.Errorf("POST %s: %s", body, got)
		}
		got, where := w.refused("POST", records+"/batch", `{"posts":[`+body+`]}`), strings.Replace(want, " A", " /posts/0 A", 1)
		if got != where {
			t.Errorf("batch of %s: %s", body, got)
		}
	}
	if got := w.refused("PATCH", records+"/"+a.ID, `{"name":"c"}`); got != "Bad Request; 81054 A CNAME record with that host already exists." {
		t.Error(got)
	}
}

func TestARecordIsChangedByPatchPutAndBatch(t *testing.T) {
	w := newWorld(t)
	a := w.create(`{"type":"A","name":"www","content":"192.0.2.1","ttl":300,"comment":"kept by PATCH","proxied":false}`)
	var got record
	w.must("PATCH", records+"/"+a.ID, `{"content":"192.0.2.2"}`, &got)
	if got.Content != "192.0.2.2" || got.TTL != 300 || got.Comment == nil {
		t.Errorf("PATCH: %+v", got)
	}
	w.must("PUT", records+"/"+a.ID, `{"type":"A","name":"www","content":"192.0.2.3","ttl":1,"proxied":true}`, &got)
	if got.Content != "192.0.2.3" || got.TTL != 1 || got.Comment != nil || !*got.Proxied {
		t.Errorf("PUT: %+v", got)
	}
	var all struct{ Patches, Puts []record }
	w.must("POST", records+"/batch", `{"patches":[{"id":"`+a.ID+`","content":"192.0.2.4"}],"puts":[{"id":"`+a.ID+`","type":"A","name":"w2","content":"192.0.2.5"}]}`, &all)
	if len(all.Patches) != 1 || all.Patches[0].Content != "192.0.2.4" || len(all.Puts) != 1 || all.Puts[0].Name != "w2.example.com" {
		t.Errorf("batch: %+v", all)
	}
}

func TestSuccessHasNoErrorsAndProxiedIsNeverNull(t *testing.T) {
	w := newWorld(t)
	for _, body := range []string{`{"type":"A","name":"a","content":"192.0.2.1"}`, `{"type":"TXT","name":"t","content":"x","proxied":null}`,
		`{"type":"MX","name":"m","content":"mail.example.com","priority":10}`} {
		a := w.must("POST", records, body, nil)
		for _, want := range []string{`"errors":[]`, `"success":true`, `"proxied":false`, `"messages":[]`} {
			if !strings.Contains(a.text, want) {
				t.Errorf("%s: no %s in %s", body, want, a.text)
			}
		}
	}
}

func TestHTTP10IsAnswered(t *testing.T) {
	w := newWorld(t)
	w.create(`{"type":"A","name":"www","content":"192.0.2.1"}`)
	const body = `{"type":"A","name":"www2.example.com","content":"192.0.2.7","ttl":1,"proxied":false}`
	for _, request := range []string{
		"GET /client/v4" + records + "?type=A&name=www.example.com HTTP/1.0\r\n",
		fmt.Sprintf("POST /client/v4%s HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: %d\r\n", records, len(body)),
	} {
		conn, err := net.Dial("tcp", w.http.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		request += "Host: api.cloudflare.com\r\nX-Auth-Email: alice@example.com\r\nX-Auth-Key: " + w.key.Reveal() + "\r\n\r\n"
		if strings.HasPrefix(request, "POST") {
			request += body
		}
		io.WriteString(conn, request)
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != 200 || !strings.Contains(string(text), `"type":"A"`) {
			t.Errorf("%s: %v %s", request, err, text)
		}
	}
}
