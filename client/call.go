package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/tokenward/tokenward/v4"
)

// maxAnswer is how much of an answer is read, in bytes.
const maxAnswer = 16 << 20

// request is one call: path is below the base URL and escaped, body is nil for
// none.
type request struct {
	method string
	path   string
	query  url.Values
	body   any
	match  string // If-Match, "" for none
}

// call sends r and reads the result into a T. A null result is the zero T.
func call[T any](ctx context.Context, c *Client, r request) (T, error) {
	var result T
	raw, err := c.send(ctx, r)
	if err == nil && len(raw) > 0 && string(raw) != "null" {
		err = decode(raw, &result)
	}
	if err != nil {
		var zero T
		return zero, fmt.Errorf("%s %s: %w", r.method, r.path, err)
	}
	return result, nil
}

// send returns the result of the answer to r, as it came.
func (c *Client) send(ctx context.Context, r request) (json.RawMessage, error) {
	req, err := c.newRequest(ctx, r)
	if err != nil {
		return nil, err
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, withoutURL(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	if len(body) > maxAnswer {
		return nil, fmt.Errorf("the answer is longer than %d MiB", maxAnswer>>20)
	}
	return c.open(res, body)
}

func (c *Client) newRequest(ctx context.Context, r request) (*http.Request, error) {
	address := c.base + r.path
	if len(r.query) > 0 {
		address += "?" + r.query.Encode()
	}
	var body io.Reader
	if r.body != nil {
		b, err := json.Marshal(r.body)
		if err != nil {
			return nil, fmt.Errorf("encode the request: %w", err)
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, address, body)
	if err != nil {
		return nil, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if r.match != "" {
		req.Header.Set("If-Match", r.match)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "tokenward-client")
	c.auth.apply(req.Header)
	return req, nil
}

// open takes the result out of an answer, or the reasons why there is none.
func (c *Client) open(res *http.Response, body []byte) (json.RawMessage, error) {
	var env v4.Envelope[json.RawMessage]
	err := decode(body, &env)
	ok := res.StatusCode >= 200 && res.StatusCode <= 299
	switch {
	case ok && err != nil:
		return nil, err
	case ok && env.Success:
		return env.Result, nil
	case err != nil:
		env.Errors = nil // a proxy's page, mostly
	}
	return nil, &Error{
		Status:    res.StatusCode,
		Errors:    c.auth.redactErrors(env.Errors),
		RequestID: c.auth.redact(res.Header.Get("Cf-Ray")),
	}
}

// decode reads JSON without quoting it in errors, for it may hold a secret.
func decode(b []byte, v any) error {
	if err := (v4.Decoder{Limit: maxAnswer}).Unmarshal(b, v); err != nil {
		return fmt.Errorf("the answer is not one of the v4 API: %w", err)
	}
	return nil
}

// withoutURL takes the address from an error of net/http: after a redirect it is
// one that the server chose.
func withoutURL(err error) error {
	var e *url.Error
	if errors.As(err, &e) {
		return e.Err
	}
	return err
}
