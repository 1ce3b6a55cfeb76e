package proxies_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

// Each subject is asked for burst at a time, in turns, so that what else the
// machine does meets all of them.
const (
	turns = 5
	burst = 150 * time.Millisecond
)

// BenchmarkGateway measures forward-auth beside a handler that does nothing, and
// the gateway beside a bare ReverseProxy and beside nginx and Caddy that ask us, all
// as processes of their own and over 1, 16 and 64 connections. It prints a table.
func BenchmarkGateway(b *testing.B) {
	w := newBench(b)
	all := w.subjects()
	b.ResetTimer()
	for range b.N {
		for _, conns := range []int{1, 16, 64} {
			for _, s := range all {
				s.dial(b, conns)
				s.burst(b, burst/3) // opens connections further on
				s.took, s.busy, s.ran = nil, 0, 0
			}
			for range turns {
				for _, s := range all {
					s.burst(b, burst)
				}
			}
			for _, s := range all {
				s.close()
			}
			if b.Failed() {
				return
			}
			report(conns, all)
		}
	}
}

// subjects are, in this order, an empty handler, one that sets headers, forward-auth
// by either server, a bare proxy, the gateway, nginx and Caddy.
func (w *bench) subjects() []*subject {
	question := func(path, token, more string) string {
		return "GET " + path + " HTTP/1.1\r\nHost: api.example.com\r\nUser-Agent: curl/8\r\nAccept: */*\r\nAuthorization: Bearer " + token + "\r\n" + more + "\r\n"
	}
	asked := func(of *judge) string {
		return question("/forward-auth/nginx/toyshop", of.token, "X-Original-Method: GET\r\nX-Original-Uri: /stores/north\r\nX-Forwarded-For: 192.0.2.7\r\n")
	}
	direct := question("/stores/north", w.ours.token, "")
	of := func(pids ...int) func() []int { return func() []int { return pids } }
	and := func(pid int) func() []int { return func() []int { return append(family(w.b, pid), w.ours.pid) } }
	return []*subject{
		{name: "empty handler", addr: w.empty, question: asked(&w.ours), status: "204", pids: of(w.emptyPID)},
		{name: "six headers", addr: w.six, question: asked(&w.ours), status: "204", pids: of(w.sixPID)},
		{name: "forward-auth", addr: w.ours.enforce, question: asked(&w.ours), status: "204", pids: of(w.ours.pid)},
		{name: "forward-auth, lean", addr: w.lean.enforce, question: asked(&w.lean), status: "204", pids: of(w.lean.pid)},
		{name: "bare ReverseProxy", addr: w.bare, question: direct, status: "200", pids: of(w.barePID)},
		{name: "gateway", addr: w.ours.addr, question: question("/toyshop/stores/north", w.ours.token, ""), status: "200", pids: of(w.ours.pid)},
		{name: "nginx and auth_request", addr: w.nginx, question: direct, status: "200", pids: and(w.nginxPID)},
		{name: "Caddy and forward_auth", addr: w.caddy, question: direct, status: "200", pids: and(w.caddyID)},
	}
}

// report prints what was found out for a number of connections.
func report(conns int, all []*subject) {
	fmt.Printf("\n%d connections\n%-24s %9s %10s %10s %8s\n", conns, "", "/s", "median µs", "p99 µs", "CPU µs")
	for _, s := range all {
		fmt.Printf("%-24s %9.0f %10d %10d %8d\n", s.name, s.perSecond(), s.quantile(.5).Microseconds(), s.quantile(.99).Microseconds(), s.cpu().Microseconds())
	}
	empty, bare, ours := all[0], all[4], all[5]
	for _, auth := range all[1:4] {
		fmt.Printf("%s to empty handler: throughput %.2f, p99 %.2f, CPU %.2f\n",
			auth.name, auth.perSecond()/empty.perSecond(), ratio(auth, empty, .99), float64(auth.cpu())/float64(empty.cpu()))
	}
	fmt.Printf("gateway to bare ReverseProxy: median %.2f, throughput %.2f\n", ratio(ours, bare, .5), ours.perSecond()/bare.perSecond())
	for _, other := range all[6:] {
		fmt.Printf("gateway to %s: median %.2f, throughput %.2f, CPU %.2f\n",
			other.name, ratio(ours, other, .5), ours.perSecond()/other.perSecond(), float64(ours.cpu())/float64(other.cpu()))
	}
}

func ratio(a, b *subject, q float64) float64 { return float64(a.quantile(q)) / float64(b.quantile(q)) }

// startUntilStopped starts a program, and gives what ends it.
func startUntilStopped(cmd *exec.Cmd) (stop func(), err error) {
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	ended := make(chan struct{})
	go func() { cmd.Wait(); close(ended) }()
	return func() {
		cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			cmd.Process.Signal(os.Kill)
			<-ended
		}
	}, nil
}

func listens(addr string) bool {
	conn, err := net.Dial("tcp", addr)
	if err == nil {
		conn.Close()
	}
	return err == nil
}
