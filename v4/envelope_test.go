package v4

import (
	"encoding/json"
	"testing"
	"time"
)

// prints checks what v looks like on the wire, to the byte.
func prints(t *testing.T, v any, want string) {
	t.Helper()
	got, err := marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("printed\n%s\nwant\n%s", got, want)
	}
}

func TestSuccessHasEmptyListsAndNeverNull(t *testing.T) {
	prints(t, OK(DeletedID{ID: "a"}),
		`{"result":{"id":"a"},"success":true,"errors":[],"messages":[]}`)
	prints(t, OK("the new value"),
		`{"result":"the new value","success":true,"errors":[],"messages":[]}`)
	prints(t, OK[any](nil),
		`{"result":null,"success":true,"errors":[],"messages":[]}`)
}

func TestVerifyHasTheMessageThatToolsSearchFor(t *testing.T) {
	from := At(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
	prints(t, OK(Verify{ID: "a", Status: StatusActive, NotBefore: &from}, Message{Code: CodeTokenActive, Message: MessageTokenActive}),
		`{"result":{"id":"a","status":"active","not_before":"2026-11-01T00:00:00Z"},"success":true,"errors":[],`+
			`"messages":[{"code":10000,"message":"This API Token is valid and active","type":null}]}`)
}

func TestAPagePastTheEndIsAnEmptyListWithAllFiveNumbers(t *testing.T) {
	prints(t, OKList[Token](nil, Page(3, 20, 0, 40)),
		`{"result":[],"result_info":{"page":3,"per_page":20,"count":0,"total_count":40,"total_pages":2},"success":true,"errors":[],"messages":[]}`)
	prints(t, Page(1, 20, 0, 0), `{"page":1,"per_page":20,"count":0,"total_count":0,"total_pages":0}`)
	prints(t, Page(1, 20, 20, 41), `{"page":1,"per_page":20,"count":20,"total_count":41,"total_pages":3}`)
}

func TestTheLastCursorIsPresentAndEmpty(t *testing.T) {
	prints(t, OKList([]string{"x"}, CursorPage(1, "")),
		`{"result":["x"],"result_info":{"count":1,"cursor":"","cursors":{"after":""}},"success":true,"errors":[],"messages":[]}`)
}

func TestFailureHasANullResultAndAnError(t *testing.T) {
	prints(t, Failure(Error{Code: CodeAuthentication, Message: "Authentication error"}),
		`{"result":null,"success":false,"errors":[{"code":10000,"message":"Authentication error"}],"messages":[]}`)
	prints(t, Failure(
		Error{Code: CodeInvalidHeaders, Message: "Invalid request headers", ErrorChain: []ChainItem{{CodeBadAuthorization, "Invalid format for Authorization header"}}},
		Error{Code: CodeNone, Message: "a <b> & c", DocumentationURL: "https://example.com/", Source: &Source{Pointer: "/name"}}),
		`{"result":null,"success":false,"errors":[`+
			`{"code":6003,"message":"Invalid request headers","error_chain":[{"code":6111,"message":"Invalid format for Authorization header"}]},`+
			`{"code":0,"message":"a <b> & c","documentation_url":"https://example.com/","source":{"pointer":"/name"}}],"messages":[]}`)
}

func TestEnvelopesAreReadBack(t *testing.T) {
	for _, info := range []ResultInfo{Page(2, 5, 1, 6), CursorPage(1, "next")} {
		text, err := json.Marshal(OKList([]DeletedID{{ID: "a"}}, info))
		if err != nil {
			t.Fatal(err)
		}
		var e Envelope[List[DeletedID]]
		if err := json.Unmarshal(text, &e); err != nil {
			t.Fatal(err)
		}
		if !e.Success || len(e.Result) != 1 || e.Result[0].ID != "a" || len(e.Errors) != 0 {
			t.Errorf("%s was read as %+v", text, e)
		}
		prints(t, *e.ResultInfo, string(must(marshal(info))))
	}
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}
