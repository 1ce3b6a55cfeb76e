package httpapi_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden answers in testdata/types")

// golden is a record as it is sent and as it is answered.
type golden struct {
	Sent   json.RawMessage `json:"sent"`
	Answer json.RawMessage `json:"answer"`
}

// TestRecordsOfEveryTypeAreAnsweredAsWrittenDown: testdata/types has a file for
// each type. POST, GET and PUT of the same give the same answer.
func TestRecordsOfEveryTypeAreAnsweredAsWrittenDown(t *testing.T) {
	files, err := filepath.Glob("testdata/types/*.json")
	if err != nil || len(files) != 21 {
		t.Fatalf("%d types are written down of 21, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			w := newWorld(t)
			var g golden
			text, err := os.ReadFile(file)
			if err != nil || json.Unmarshal(text, &g) != nil {
				t.Fatal("the file cannot be read", err)
			}
			made := w.must("POST", records, string(g.Sent), nil)
			var r record
			json.Unmarshal(made.Result, &r)
			answers := map[string]answer{
				"POST": made,
				"GET":  w.must("GET", records+"/"+r.ID, "", nil),
				"PUT":  w.must("PUT", records+"/"+r.ID, string(g.Sent), nil),
			}
			for method, a := range answers {
				got := indented(t, []byte(strings.ReplaceAll(string(a.Result), r.ID, "ID")))
				if *update && method == "GET" {
					g.Answer = got
					out, _ := json.Marshal(g)
					os.WriteFile(file, append(indented(t, out), '\n'), 0o644)
				} else if want := indented(t, g.Answer); !bytes.Equal(got, want) {
					t.Errorf("%s: got %s\nwant %s", method, got, want)
				}
			}
		})
	}
}

func indented(t *testing.T, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := json.Indent(&b, text, "", "  "); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return b.Bytes()
}

func TestARecordHasEveryMemberOfTheSchema(t *testing.T) {
	w := newWorld(t)
	var r map[string]json.RawMessage
	w.must("POST", records, `{"type":"A","name":"@","content":"192.0.2.1"}`, &r)
	for _, name := range strings.Fields("id name type content proxiable proxied ttl settings comment tags meta created_on modified_on zone_id zone_name") {
		if r[name] == nil {
			t.Errorf("no %s in %s", name, jsonText(r))
		}
		delete(r, name)
	}
	if len(r) > 0 {
		t.Errorf("more: %s", jsonText(r))
	}
}

func TestCommentsAndTagsAreDatedWhileTheyAreThere(t *testing.T) {
	w := newWorld(t)
	dates := func(method, path, body string) string {
		var r struct {
			Comment *string `json:"comment_modified_on"`
			Tags    *string `json:"tags_modified_on"`
		}
		w.must(method, path, body, &r)
		return strings.ReplaceAll(jsonText(r), ".000000Z", "Z")
	}
	made := w.create(`{"type":"A","name":"www","content":"192.0.2.1"}`)
	path := records + "/" + made.ID
	const none = `{"comment_modified_on":null,"tags_modified_on":null}`
	for _, step := range []struct{ method, body, want string }{
		{"GET", "", none},
		{"PATCH", `{"comment":"c","tags":["a:b"]}`, `{"comment_modified_on":"2026-02-01T10:02:00Z","tags_modified_on":"2026-02-01T10:02:00Z"}`},
		{"PATCH", `{"comment":"d"}`, `{"comment_modified_on":"2026-02-01T10:03:00Z","tags_modified_on":"2026-02-01T10:02:00Z"}`},
		{"PUT", `{"type":"A","name":"www","content":"192.0.2.2","comment":"d","tags":["c"]}`, `{"comment_modified_on":"2026-02-01T10:03:00Z","tags_modified_on":"2026-02-01T10:04:00Z"}`},
		{"PATCH", `{"comment":null,"tags":[]}`, none},
	} {
		w.now = w.now.Add(minute)
		if got := dates(step.method, path, step.body); got != step.want {
			t.Errorf("%s %s: %s\nwant %s", step.method, step.body, got, step.want)
		}
	}
}

func TestUnicodeNamesAreStoredInPunycode(t *testing.T) {
	w := newWorld(t)
	made := w.create(`{"type":"CNAME","name":"bücher.example.com","content":"straße.example.net"}`)
	if made.Name != "xn--bcher-kva.example.com" || made.Content != "xn--strae-oqa.example.net" {
		t.Errorf("made %+v", made)
	}
	srv := w.create(`{"type":"SRV","name":"_sip._tcp.bücher","data":{"priority":1,"weight":2,"port":5060,"target":"bücher.example.com"}}`)
	if srv.Name != "_sip._tcp.xn--bcher-kva.example.com" || !strings.Contains(string(srv.Data), `"target":"xn--bcher-kva.example.com"`) {
		t.Errorf("made %+v", srv)
	}
	for _, query := range []string{"name=b%C3%BCcher.example.com", "name=xn--bcher-kva.example.com", "name.startswith=B%C3%9Ccher"} {
		if got := w.names(query); got != "CNAME:xn--bcher-kva" {
			t.Errorf("%s finds %q", query, got)
		}
	}
	if got := w.refused("POST", "/zones", `{"name":"bücher.example"}`); !strings.Contains(got, "/name") || !strings.Contains(got, "punycode") {
		t.Errorf("a zone: %s", got)
	}
}

func TestRecordsAreFoundByEveryFilter(t *testing.T) {
	w := newWorld(t)
	w.create(`{"type":"A","name":"www","content":"192.0.2.1","proxied":true,"comment":"Hello, world","tags":["team:DNS","important"]}`)
	w.create(`{"type":"AAAA","name":"api","content":"2001:db8::1","ttl":300,"tags":["team:Web"]}`)
	w.create(`{"type":"MX","name":"@","content":"Mail.example.com","priority":10,"comment":"mail"}`)
	const all, www, api, mx = "A:www AAAA:api MX:", "A:www", "AAAA:api", "MX:"
	for query, want := range map[string]string{
		"": all, "include_shadow_metadata=true": all, "unknown=1": all,
		"name=www.example.com": www, "name=WWW.example.com.": www, "name.exact=www.example.com": www, "name.contains=pi.ex": api,
		"name.startswith=w": www, "name.endswith=www.example.com": www, "name=www": "",
		"type=MX": mx, "type=mx": mx, "proxied=true": www, "proxied=false": api + " " + mx,
		"content=192.0.2.1": www, "content.exact=192.0.2.1": www, "content.contains=db8": api, "content.startswith=192": www,
		"content.endswith=.1": www, "content=mail.example.com.": mx,
		"comment=hello,%20world": www, "comment.exact=mail": mx, "comment.contains=world": www, "comment.startswith=hello": www,
		"comment.endswith=il": mx, "comment.present=": www + " " + mx, "comment.absent=": api,
		"tag=important": www, "tag=team:dns": www, "tag.present=team": www + " " + api, "tag.absent=team": mx, "tag.exact=team:Web": api,
		"tag.contains=team:e": api, "tag.startswith=team:d": www, "tag.endswith=team:b": api,
		"tag.exact=team:dns&tag.exact=x": www, "tag=important&tag.exact=team:web": "", "tag=important&tag.exact=team:web&tag_match=any": www + " " + api,
		"type=MX&proxied=true": "", "type=MX&proxied=true&match=any": www + " " + mx, "search=MAIL": mx, "search=team": www + " " + api,
		"order=name": "AAAA:api MX: A:www", "order=type&direction=desc": "MX: AAAA:api A:www", "order=ttl&direction=desc": "AAAA:api MX: A:www",
		"order=proxied&direction=desc": "A:www AAAA:api MX:", "order=content": "A:www AAAA:api MX:", "per_page=1&page=2": api, "name[contains]=pi": api,
	} {
		if got := w.names(query); got != want {
			t.Errorf("%s finds %q, want %q", query, got, want)
		}
	}
	for _, query := range []string{"order=id", "page=0", "per_page=0", "per_page=5000001", "proxied=yes", "match=some"} {
		name, _, _ := strings.Cut(query, "=")
		if got := w.refused("GET", records+"?"+query, ""); !strings.HasPrefix(got, "Bad Request; 9205 Parameter "+name+" must be ") {
			t.Errorf("%s: %s", query, got)
		}
	}
}
