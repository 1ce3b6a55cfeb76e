package proxies_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// subject is what is measured: where it is asked what, how it answers, and whose
// time the answer takes.
type subject struct {
	name, addr, question, status string
	pids                         func() []int // without the API's

	conns []*asker
	took  []time.Duration // each answer's time
	busy  time.Duration   // of the processes
	ran   time.Duration
}

// asker is a connection that asks one thing again and again.
type asker struct {
	net.Conn
	r *bufio.Reader
}

func (s *subject) dial(b *testing.B, conns int) {
	s.conns, s.took, s.busy, s.ran = nil, nil, 0, 0
	for range conns {
		conn, err := net.Dial("tcp", s.addr)
		if err != nil {
			b.Fatal(s.name, err)
		}
		s.conns = append(s.conns, &asker{conn, bufio.NewReader(conn)})
	}
}

func (s *subject) close() {
	for _, c := range s.conns {
		c.Close()
	}
}

// burst asks over all connections at once for a while.
func (s *subject) burst(b *testing.B, d time.Duration) {
	b.Helper()
	took := make([][]time.Duration, len(s.conns))
	var wg sync.WaitGroup
	before, begun := cpuTime(b, s.pids()), time.Now()
	for i, c := range s.conns {
		wg.Go(func() {
			for time.Since(begun) < d {
				start := time.Now()
				if err := c.ask(s.question, s.status); err != nil {
					b.Error(s.name, err)
					return
				}
				took[i] = append(took[i], time.Since(start))
			}
		})
	}
	wg.Wait()
	s.ran += time.Since(begun)
	s.busy += cpuTime(b, s.pids()) - before
	s.took = slices.Concat(append(took, s.took)...)
}

// ask reads an answer to its end. It costs little, for it takes the time of what
// is measured.
func (c *asker) ask(question, status string) error {
	if _, err := io.WriteString(c, question); err != nil {
		return err
	}
	line, err := c.r.ReadSlice('\n')
	if err != nil {
		return err
	}
	if len(line) < 12 || string(line[9:12]) != status {
		return fmt.Errorf("%q, want %s", line, status)
	}
	length := 0
	for len(line) > 2 {
		if line, err = c.r.ReadSlice('\n'); err != nil {
			return err
		}
		if name, value, _ := strings.Cut(string(line), ":"); strings.EqualFold(name, "Content-Length") {
			if length, err = strconv.Atoi(strings.TrimSpace(value)); err != nil {
				return err
			}
		}
	}
	_, err = c.r.Discard(length)
	return err
}

// perSecond, quantile and cpu are what was found out: answers a second, the time
// that a part of them stays within, and the processes' time for one.
func (s *subject) perSecond() float64 { return float64(len(s.took)) / s.ran.Seconds() }

func (s *subject) quantile(q float64) time.Duration {
	slices.Sort(s.took)
	return s.took[min(int(q*float64(len(s.took))), len(s.took)-1)]
}

func (s *subject) cpu() time.Duration { return s.busy / time.Duration(len(s.took)) }

// cpuTime is what processes have used so far, by the clock ticks that Linux counts.
func cpuTime(b *testing.B, pids []int) time.Duration {
	b.Helper()
	const tick = time.Second / 100 // USER_HZ
	var sum time.Duration
	for _, pid := range pids {
		stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
		if err != nil {
			b.Fatal(err)
		}
		fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
		for _, f := range fields[11:13] { // utime and stime
			n, err := strconv.Atoi(f)
			if err != nil {
				b.Fatal(err)
			}
			sum += time.Duration(n) * tick
		}
	}
	return sum
}

// family is a process and its children, as nginx has them.
func family(b *testing.B, pid int) []int {
	b.Helper()
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		b.Fatal(err)
	}
	pids := []int{pid}
	for f := range strings.FieldsSeq(string(children)) {
		child, err := strconv.Atoi(f)
		if err != nil {
			b.Fatal(err)
		}
		pids = append(pids, child)
	}
	return pids
}
