package middleware

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/tokenward/tokenward/internal/enforcewire"
)

// maxAnswer bounds what is read of an endpoint's answer.
const maxAnswer = 8 << 20

// endpoint is the enforcement endpoint.
type endpoint struct {
	base, secret string
	http         *http.Client
}

// noRedirect: a redirect would carry the secret somewhere else.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// call sends a request and reads its answer into out.
func (e *endpoint) call(ctx context.Context, method, target string, body, out any) error {
	var content io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return err
		}
		content = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, e.base+target, content)
	if err != nil {
		return err
	}
	req.Header.Set(enforcewire.HeaderSecret, e.secret)
	res, err := e.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	data, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	switch {
	case err != nil:
		return err
	case res.StatusCode != http.StatusOK:
		return fmt.Errorf("the enforcement endpoint answered %d: %.200q", res.StatusCode, data)
	}
	return json.Unmarshal(data, out)
}

// changes asks what happened after a position.
func (e *endpoint) changes(ctx context.Context, after enforcewire.Position, wait time.Duration) (c enforcewire.Changes, err error) {
	q := url.Values{"epoch": {after.Epoch}, "after": {strconv.FormatInt(after.Seq, 10)}, "wait_ms": {strconv.FormatInt(wait.Milliseconds(), 10)}}
	return c, e.call(ctx, http.MethodGet, enforcewire.PathChanges+"?"+q.Encode(), nil, &c)
}

// ask answers about places: from what is kept, and of the rest from the endpoint.
func (g *Guard) ask(ctx context.Context, s *shown, places []place) ([]enforcewire.Answer, error) {
	out := make([]enforcewire.Answer, len(places))
	var missing []int
	now := time.Now()
	for i := range places {
		if a, ok := g.kept.find(s, &places[i], now); ok {
			out[i] = a
		} else {
			missing = append(missing, i)
		}
	}
	for len(missing) > 0 {
		n := min(len(missing), enforcewire.MaxChecks)
		if err := g.askEndpoint(ctx, s, places, missing[:n], out); err != nil {
			return nil, err
		}
		missing = missing[n:]
	}
	return out, nil
}

func (g *Guard) askEndpoint(ctx context.Context, s *shown, places []place, which []int, out []enforcewire.Answer) error {
	ctx, cancel := context.WithTimeout(ctx, g.cfg.Timeout)
	defer cancel()
	asked := enforcewire.Checks{API: g.cfg.API, Prefix: g.cfg.Prefix, Filtered: g.cfg.FiltersLists}
	for _, i := range which {
		asked.Checks = append(asked.Checks, s.check(&places[i]))
	}
	start := time.Now() // what is answered was true then at the earliest
	var got enforcewire.Answers
	if err := g.endpoint.call(ctx, http.MethodPost, enforcewire.PathCheck, asked, &got); err != nil {
		return err
	}
	if len(got.Answers) != len(which) {
		return errors.New("the enforcement endpoint answered another number of checks")
	}
	for n, i := range which {
		out[i] = got.Answers[n]
		g.kept.put(s, &places[i], &got.Answers[n], got.Position, start)
	}
	return nil
}

func (s *shown) check(p *place) enforcewire.Check {
	c := enforcewire.Check{
		Method: p.method, Path: (&url.URL{Path: p.url.Path}).EscapedPath(), RawPath: p.url.RawPath, Opaque: p.url.Opaque, Query: p.url.RawQuery,
		Credential: s.credential, UserAgent: s.userAgent, Jurisdiction: s.jurisdiction,
	}
	if s.credential == "" {
		c.Credential = hex.EncodeToString(s.digest[:])
	}
	if s.addr.IsValid() {
		c.Addr = s.addr.String()
	}
	return c
}
