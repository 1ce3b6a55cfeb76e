package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/tokenward/tokenward/v4"
)

// maxDocument is what the API takes as a body by default.
const maxDocument = 1 << 20

// definition reads the document of --from-json; without the flag it is empty.
// What another token was, as 'token get --json' prints it, will do: what only
// the server can set is left out.
func (c *connection) definition(d *draftFlags) (v4.TokenRequest, error) {
	var r v4.TokenRequest
	if d.fromJSON == "" {
		return r, nil
	}
	if d.fromJSON == "-" && c.stdinTaken() {
		return r, usagef("standard input cannot hold both the credential and the document of --from-json")
	}
	content, err := c.readFile(d.fromJSON, maxDocument)
	if err == nil {
		err = (v4.Decoder{Strict: true}).Unmarshal(content, &r)
	}
	if err == nil {
		err = checkMembers(content, tokenMembers())
	}
	if err != nil {
		return r, usagef("--from-json: %w", err)
	}
	for i := range r.Policies {
		r.Policies[i].ID = "" // create refuses one
	}
	return r, nil
}

// members are the names that an object may have and what the values may have in
// turn; nil is anything.
type members map[string]members

func tokenMembers() members {
	addresses := members{"in": nil, "not_in": nil}
	m := members{
		"policies":   {"id": nil, "effect": nil, "permission_groups": nil, "resources": nil},
		"rate_limit": {"requests": nil, "period": nil},
		"condition":  {"request_ip": addresses, "request.ip": addresses},
	}
	for _, name := range []string{
		"name", "status", "not_before", "expires_on",
		"id", "issued_on", "modified_on", "last_used_on", "creator_email_at_creation", "value", // not ours to set
	} {
		m[name] = nil
	}
	return m
}

// checkMembers refuses names that the API would ignore: "expire_on" would give a
// token that never expires. content is valid JSON.
func checkMembers(content []byte, known members) error {
	if known == nil {
		return nil
	}
	if bytes.HasPrefix(bytes.TrimSpace(content), []byte("[")) {
		var list []json.RawMessage
		if err := json.Unmarshal(content, &list); err != nil {
			return err
		}
		for _, item := range list {
			if err := checkMembers(item, known); err != nil {
				return err
			}
		}
		return nil
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(content, &object); err != nil {
		return err
	}
	for _, name := range sortedKeys(object) {
		below, ok := known[name]
		if !ok {
			return fmt.Errorf("%q is not a member here; known are %s", name, strings.Join(sortedKeys(known), ", "))
		}
		if err := checkMembers(object[name], below); err != nil {
			return err
		}
	}
	return nil
}
