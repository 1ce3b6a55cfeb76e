package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/tokenward/tokenward/client"
	"github.com/tokenward/tokenward/v4"
)

// answers is a server that gives one answer, in place of a tokenward; after it, of a
// list, come no more rows.
func answers(status int, body string) *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if page := r.FormValue("page"); page != "" && page != "1" {
			io.WriteString(w, `{"success": true, "errors": [], "messages": [], "result": []}`)
			return
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}))
}

// The tokens of whoever the credential belongs to.
func Example() {
	server := answers(200, `{"success": true, "errors": [], "messages": [], "result": [
		{"id": "ed17574386854bf78a67040be0a770b0", "name": "dns bot", "status": "active"},
		{"id": "5f7b6c8d9e0f4a1b8c2d3e4f5a6b7c8d", "name": "old bot", "status": "disabled"}
	], "result_info": {"page": 1, "per_page": 50, "count": 2, "total_count": 2, "total_pages": 1}}`)
	defer server.Close()

	c, err := client.New(server.URL+"/client/v4", client.WithToken(strings.Repeat("x", 40)))
	if err != nil {
		log.Fatal(err)
	}
	tokens, err := c.User().List(context.Background(), client.ListOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, t := range tokens {
		fmt.Println(t.Name, t.Status)
	}
	// Output:
	// dns bot active
	// old bot disabled
}

// A new token, whose secret is shown this once.
func ExampleOwner_Create() {
	server := answers(200, `{"success": true, "errors": [], "messages": [], "result": {
		"id": "ed17574386854bf78a67040be0a770b0", "name": "dns bot", "status": "active", "value": "shown-once"}}`)
	defer server.Close()

	c, err := client.New(server.URL+"/client/v4", client.WithToken(strings.Repeat("x", 40)))
	if err != nil {
		log.Fatal(err)
	}
	made, err := c.Account("0a1b2c3d4e5f60718293a4b5c6d7e8f9").Create(context.Background(), v4.TokenRequest{
		Name: "dns bot",
		Policies: []v4.PolicyRequest{{
			Effect:           "allow",
			PermissionGroups: []v4.GroupRefRequest{{ID: "4755a26eedb94da69e1066d98aa820be"}}, // DNS Write
			Resources:        v4.Resources{"com.cloudflare.api.account.zone.11223344556677889900aabbccddeeff": {Value: "*"}},
		}},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(made.ID, made.Value)
	// Output: ed17574386854bf78a67040be0a770b0 shown-once
}

// Why the server said no.
func ExampleError() {
	server := answers(403, `{"success": false, "errors": [{"code": 10000, "message": "Authentication error",
		"error_chain": [{"code": 7020, "message": "The token needs DNS Write on the zone"}]}], "messages": [], "result": null}`)
	defer server.Close()

	c, err := client.New(server.URL+"/client/v4", client.WithToken(strings.Repeat("x", 40)))
	if err != nil {
		log.Fatal(err)
	}
	_, err = c.Zones(context.Background(), "example.com")
	var no *client.Error
	if errors.As(err, &no) {
		fmt.Println(no.Status, no.Has(10000), no.Errors[0].ErrorChain[0].Message)
	}
	// Output: 403 true The token needs DNS Write on the zone
}
