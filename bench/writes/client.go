package writes

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// client changes tokens of an account.
type client struct {
	http   *http.Client
	secret string
	tokens string // the URL of all
	draft  []byte // what is issued
}

// findGroup makes the draft: a permission on the account.
func (c *client) findGroup(ctx context.Context, account string) error {
	var groups []struct{ ID string }
	if err := c.call(ctx, http.MethodGet, c.tokens+"/permission_groups?name=Account%20Settings%20Read", nil, &groups); err != nil {
		return err
	}
	if len(groups) != 1 {
		return errors.New("there is no such permission group")
	}
	var err error
	c.draft, err = json.Marshal(map[string]any{"name": "bench", "policies": []any{map[string]any{
		"effect": "allow", "permission_groups": []any{map[string]string{"id": groups[0].ID}},
		"resources": map[string]string{"com.cloudflare.api.account." + account: "*"},
	}}})
	return err
}

func (c *client) issue(ctx context.Context, id *string) error {
	var made struct{ ID string }
	err := c.call(ctx, http.MethodPost, c.tokens, c.draft, &made)
	*id = made.ID
	return err
}

func (c *client) roll(ctx context.Context, id *string) error {
	var value string
	return c.call(ctx, http.MethodPut, c.tokens+"/"+*id+"/value", []byte("{}"), &value)
}

func (c *client) revoke(ctx context.Context, id *string) error {
	var gone struct{ ID string }
	return c.call(ctx, http.MethodDelete, c.tokens+"/"+*id, nil, &gone)
}

// call reads the result of a successful answer.
func (c *client) call(ctx context.Context, method, url string, body []byte, result any) error {
	r, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+c.secret)
	res, err := c.http.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %d %s", method, res.StatusCode, text)
	}
	var envelope struct {
		Result json.RawMessage
	}
	if err := json.Unmarshal(text, &envelope); err != nil {
		return err
	}
	return json.Unmarshal(envelope.Result, result)
}
