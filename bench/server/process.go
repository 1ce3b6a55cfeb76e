// Package server runs what is measured over the network: tokenward with a model's
// tokens in its database, and any other program, each bound to one core.
package server

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/tokenward/tokenward/bench/measure"
)

// Process is a program that serves.
type Process struct {
	PID   int
	Took  time.Duration // from its start until it listened
	ended chan struct{}
	cmd   *exec.Cmd
}

// Start starts a program on the core for servers, in a folder that gets its log,
// and waits until it listens on an address.
func Start(dir, addr string, env []string, program string, args ...string) (*Process, error) {
	log, err := os.Create(filepath.Join(dir, filepath.Base(program)+".log"))
	if err != nil {
		return nil, err
	}
	defer log.Close() // the program has it open itself
	cmd := exec.Command(program, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, log, log
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir}, env...)
	begun := time.Now()
	if err := measure.StartOn(measure.ServerCore, cmd); err != nil {
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	p := &Process{PID: cmd.Process.Pid, ended: make(chan struct{}), cmd: cmd}
	go func() { defer close(p.ended); cmd.Wait() }()
	if err := p.await(5*time.Minute, func() bool { return listens(addr) }); err != nil {
		p.Stop()
		text, _ := os.ReadFile(log.Name())
		return nil, fmt.Errorf("%s on %s: %w\n%s", program, addr, err, text[max(0, len(text)-2000):])
	}
	p.Took = time.Since(begun)
	return p, nil
}

// await waits until ok, or fails when the program ends or the time is over.
func (p *Process) await(within time.Duration, ok func() bool) error {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(within); !ok(); {
		select {
		case <-p.ended:
			return errors.New("it ended")
		case <-tick.C:
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("it is not ready within %s", within)
		}
	}
	return nil
}

// Stop ends the program, by force when it does not end by itself.
func (p *Process) Stop() {
	p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(20 * time.Second):
		p.cmd.Process.Kill()
		<-p.ended
	}
}

// FreeAddr is an address on this machine that nobody listens on.
func FreeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

func listens(addr string) bool {
	conn, err := net.Dial("tcp", addr)
	if err == nil {
		conn.Close()
	}
	return err == nil
}
