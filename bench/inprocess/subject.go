package inprocess

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/tokenward/tokenward/bench/measure"
	"github.com/tokenward/tokenward/bench/model"
	"github.com/tokenward/tokenward/internal/token"
)

// subject is what is measured.
type subject struct {
	// load takes a token over. It may be called by several at once.
	load func(n int) error
	// ready is called after the last one; it may be nil. It takes, for a time, as much
	// memory as the tokens that were loaded this many times over.
	ready      func() error
	readyTimes float64
	// byNumber decides about the n-th token: no digest is made or looked up.
	byNumber func(n int, zone string) (bool, error)
	// bySecret decides about a token that shows its secret; nil where byNumber has
	// nothing to do with a token's secret and a map from digests is to be put
	// before it.
	bySecret func(secret, zone string) (bool, error)
}

// Question says what is to be measured, by whom.
type Question struct {
	model.Shape
	Subject string        `json:"subject"`
	Budget  time.Duration `json:"budget"` // for each thing that is timed
	Fill    time.Duration `json:"fill"`   // that loading the tokens may take
}

// Row is what was found out.
type Row struct {
	model.Shape
	Subject string          `json:"subject"`
	Decide  *measure.Timing `json:"decide,omitempty"`  // without the digest step
	Check   *measure.Timing `json:"check,omitempty"`   // with it
	SHA256  *measure.Timing `json:"sha256,omitempty"`  // of a secret, measured in turn with these
	Harness *measure.Timing `json:"harness,omitempty"` // what is in all of these: nobody decides
	Bytes   float64         `json:"bytes_per_token,omitempty"`
	Loading float64         `json:"loading_seconds,omitempty"`
	// Skipped says, in figures, why there is nothing to report.
	Skipped string `json:"skipped,omitempty"`
}

// errTooMuch is why something is not measured.
type errTooMuch string

func (e errTooMuch) Error() string { return string(e) }

// Run answers a question. A row that cannot be had in the time or the memory that
// there is says why.
func Run(q Question) (Row, error) {
	row := Row{Shape: q.Shape, Subject: q.Subject}
	m := model.New(q.Shape)
	m.Secret(0)
	tries := newTries(m)
	s, err := newSubject(q.Subject, m)
	if err != nil {
		return row, err
	}
	if err := limitMemory(); err != nil {
		return row, err
	}
	before, begun := measure.Heap(), time.Now()
	var much errTooMuch
	if err := fill(s, q); errors.As(err, &much) {
		row.Skipped = string(much)
		return row, nil
	} else if err != nil {
		return row, fmt.Errorf("load the tokens of %s: %w", q.Subject, err)
	}
	row.Loading = time.Since(begun).Seconds()
	row.Bytes = float64(measure.Heap()-before) / float64(q.Tokens)
	if s.bySecret == nil {
		s.bySecret = s.behindDigests(m)
	}
	if s.byNumber == nil {
		s.byNumber = func(n int, zone string) (bool, error) { return s.bySecret(m.Secret(n), zone) }
	}
	if err := s.right(tries, m.Other()); err != nil {
		return row, fmt.Errorf("%s: %w", q.Subject, err)
	}
	measured := measure.InTurn(q.Budget, s.decides(tries), s.checks(tries), hashes(tries), nobody().decides(tries))
	row.Decide, row.Check, row.SHA256, row.Harness = &measured[0], &measured[1], &measured[2], &measured[3]
	runtime.KeepAlive(s)
	return row, nil
}

// nobody says yes to everything. What it takes is what measuring takes: to walk the
// list of tries and to call a subject.
func nobody() *subject {
	return &subject{byNumber: func(int, string) (bool, error) { return true, nil }}
}

// behindDigests looks a token's number up by the digest of its secret.
func (s *subject) behindDigests(m *model.Model) func(secret, zone string) (bool, error) {
	numbers := make(map[token.Digest]int32, m.Tokens)
	for n := range m.Tokens {
		numbers[sha256.Sum256([]byte(m.Secret(n)))] = int32(n)
	}
	return func(secret, zone string) (bool, error) {
		n, ok := numbers[digest(secret)]
		if !ok {
			return false, nil
		}
		return s.byNumber(int(n), zone)
	}
}

// digest makes no garbage of a secret, which is at most 80 bytes long.
func digest(secret string) token.Digest {
	var buf [80]byte
	return sha256.Sum256(buf[:copy(buf[:], secret)])
}

// right fails unless the subject decides rightly about some tokens.
func (s *subject) right(tries []try, other string) error {
	for _, t := range tries[:min(len(tries), 200)] {
		for zone, want := range map[string]bool{t.zone: true, other: false} {
			decided, err := s.byNumber(t.number, zone)
			checked, err2 := s.bySecret(t.secret, zone)
			if err = errors.Join(err, err2); err != nil || decided != want || checked != want {
				return fmt.Errorf("token %d on zone %s: decided %v, checked %v, want %v: %v", t.number, zone, decided, checked, want, err)
			}
		}
		if allowed, err := s.bySecret(model.Unknown(), t.zone); err != nil || allowed {
			return fmt.Errorf("an unknown secret: allowed %v, %v", allowed, err)
		}
	}
	return nil
}

// newSubject makes one by its name.
func newSubject(name string, m *model.Model) (*subject, error) {
	switch name {
	case OursDecision:
		return ourDecision(m)
	case Ours:
		return ourCheck(m)
	case Cedar:
		return cedarSubject(m), nil
	case Casbin:
		return casbinSubject(m), nil
	case OPA:
		return opaSubject(m, model.Rego, model.Document), nil
	case OPAFlat:
		return opaSubject(m, model.RegoFlat, model.DocumentFlat), nil
	}
	return nil, fmt.Errorf("nobody is called %q", name)
}

// Names of those that are measured.
const (
	OursDecision = "policy.Evaluate"
	Ours         = "authority.Authorize"
	Cedar        = "cedar-go"
	Casbin       = "casbin"
	OPA          = "OPA"
	OPAFlat      = "OPA, policies merged"
)

// Subjects are all of them, ours first.
var Subjects = []string{OursDecision, Ours, Cedar, Casbin, OPA, OPAFlat}

// Libraries are those that are not ours.
var Libraries = Subjects[2:]
