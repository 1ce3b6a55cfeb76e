package inprocess

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"github.com/tokenward/tokenward/bench/measure"
	"github.com/tokenward/tokenward/bench/model"
)

// try is a question that is answered with yes.
type try struct {
	number int
	secret string
	zone   string
}

// newTries makes one for each token, in random order.
func newTries(m *model.Model) []try {
	tries := make([]try, m.Tokens)
	for i, n := range rand.New(rand.NewPCG(4, 5)).Perm(m.Tokens) {
		tries[i] = try{n, m.Secret(n), m.Zone(n)}
	}
	return tries
}

// decides, checks and hashes are what is timed.
func (s *subject) decides(tries []try) func(int) {
	return func(i int) {
		t := &tries[i%len(tries)]
		must(s.byNumber(t.number, t.zone))
	}
}

func (s *subject) checks(tries []try) func(int) {
	return func(i int) {
		t := &tries[i%len(tries)]
		must(s.bySecret(t.secret, t.zone))
	}
}

// hashes makes the digest of a secret, and nothing else. The sum keeps it from
// being left out.
func hashes(tries []try) func(int) {
	var sum byte
	return func(i int) {
		d := digest(tries[i%len(tries)].secret)
		sum += d[0]
	}
}

// must ends the program when an answer is wrong while it is measured: it was right
// before.
func must(allowed bool, err error) {
	if err != nil || !allowed {
		panic(fmt.Sprint("an answer was wrong while it was measured: ", allowed, err))
	}
}

// Parts of the free memory: what tokens may take, and what they may with garbage.
// The collector works harder only when it must.
const (
	memoryPart = .6
	memoryMost = .8
	memoryEnd  = .9 // the process ends here, before it takes the machine with it
)

func limitMemory() error {
	room, err := measure.Available()
	if err != nil {
		return err
	}
	debug.SetMemoryLimit(int64(float64(room) * memoryMost))
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_DATA, &limit); err != nil {
		return err
	}
	limit.Cur = min(uint64(float64(room)*memoryEnd), limit.Max)
	return syscall.Setrlimit(syscall.RLIMIT_DATA, &limit)
}

// fill loads the tokens, unless the first ones show that it cannot be done.
func fill(s *subject, q Question) error {
	begun, before := time.Now(), measure.Heap()
	room, err := measure.Available()
	if err != nil {
		return err
	}
	loaded := 0
	for _, upto := range []int{min(1000, q.Tokens), min(10_000, q.Tokens), q.Tokens} {
		if loaded > 0 && loaded < upto {
			bytes := float64(measure.Heap()-before) / float64(loaded) * (1 + s.readyTimes)
			if err := affordable(q, bytes, time.Since(begun)/time.Duration(loaded), float64(room)*memoryPart); err != nil {
				return err
			}
		}
		if err := loadAll(s, loaded, upto); err != nil {
			return err
		}
		loaded = upto
	}
	if s.ready == nil {
		return nil
	}
	return s.ready()
}

// loadAll loads the tokens from one number up to another, on all cores.
func loadAll(s *subject, from, upto int) error {
	workers := runtime.GOMAXPROCS(0)
	wrong := make([]error, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for n := from + w; n < upto && wrong[w] == nil; n += workers {
				wrong[w] = s.load(n)
			}
		})
	}
	wg.Wait()
	return errors.Join(wrong...)
}

// affordable fails with the figures when loading all tokens would take too much.
func affordable(q Question, bytes float64, each time.Duration, room float64) error {
	const gib = 1 << 30
	if need := bytes * float64(q.Tokens); need > room {
		return errTooMuch(fmt.Sprintf("not run: %.1f KiB a token, so %d tokens need %.0f GiB; %.0f GiB are to be had", bytes/1024, q.Tokens, need/gib, room/gib))
	}
	if need := each * time.Duration(q.Tokens); need > q.Fill {
		return errTooMuch(fmt.Sprintf("not run: loading takes %d us a token, so %d tokens need %.0f s; %.0f s are given", each.Microseconds(), q.Tokens, need.Seconds(), q.Fill.Seconds()))
	}
	return nil
}
