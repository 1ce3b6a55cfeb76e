// Package overhttp measures servers that are asked, over connections that stay
// open, whether a request may pass: ours, policy engines, and servers that do not
// look at the question.
//
// Each server has one core, and the one who asks has another. All are asked about
// the same model; who holds fewer tokens says so.
package overhttp

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/tokenward/tokenward/bench/load"
	"github.com/tokenward/tokenward/bench/model"
)

// subject is a server that runs.
type subject struct {
	name, version string
	tokens        int    // that it holds; 0 for one that does not look
	addr          string // host:port
	pids          []int  // whose time is the server's
	// ask is a protocol whose questions are about zones given by a function, and
	// whose answers must be yes or must be no.
	ask  func(zone func(n int) string, want bool) load.Protocol
	stop func()
}

// questions are one for each token that a subject holds, or for one token.
func (s *subject) questions(make func(n int) []byte) [][]byte {
	all := [][]byte{}
	for n := range max(1, s.tokens) {
		all = append(all, make(n))
	}
	return all
}

// judgesRightly fails unless the subject says yes where it should, and no.
func (s *subject) judgesRightly(m *model.Model) error {
	zones := map[bool]func(int) string{true: m.Zone}
	if s.tokens > 0 {
		zones[false] = func(int) string { return m.Other() }
	}
	for want, zone := range zones {
		pool, err := load.Dial(s.addr, 1, s.ask(zone, want))
		if err != nil {
			return err
		}
		for range 20 {
			if _, err = pool.Run(0); err != nil {
				err = fmt.Errorf("%s, where %v is right: %w", s.name, want, err)
				break
			}
		}
		pool.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// post is an HTTP request with a JSON body.
func post(addr, path string, body any) ([]byte, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", path, addr, len(text), text), nil
}

// mustPost is for bodies of strings.
func mustPost(addr, path string, body any) []byte {
	text, err := post(addr, path, body)
	if err != nil {
		panic(err)
	}
	return text
}

// expect accepts answers of a status, or of one with a JSON body in which yes says
// whether the request may pass.
func expect(status int, want bool, yes func(body []byte) bool) func(load.Answer) error {
	return func(a load.Answer) error {
		if a.Status != status {
			return fmt.Errorf("answered %d, not %d: %.200s", a.Status, status, a.Body)
		}
		if yes(a.Body) != want {
			return fmt.Errorf("answered %.200s", a.Body)
		}
		return nil
	}
}

// stopAll ends everything.
func stopAll(subjects []*subject) {
	for _, s := range subjects {
		s.stop()
	}
}

// start starts subjects; with an error, none runs.
func start(starts ...func() ([]*subject, error)) ([]*subject, error) {
	var all []*subject
	for _, f := range starts {
		some, err := f()
		if err != nil {
			stopAll(all)
			return nil, err
		}
		all = append(all, some...)
	}
	if len(all) == 0 {
		return nil, errors.New("nobody is to be measured")
	}
	return all, nil
}
