package measure

import (
	"fmt"
	"os/exec"
	"runtime"

	"golang.org/x/sys/unix"
)

// Cores that the measured and the load run on.
const (
	ServerCore = 0
	LoadCore   = 1
)

// StartOn starts a program that may run on one core only. A Go program sees one
// core then, and sets GOMAXPROCS to it.
func StartOn(core int, cmd *exec.Cmd) error {
	var started error
	err := onCore(core, func() { started = cmd.Start() })
	if err != nil {
		return err
	}
	return started
}

// onCore binds a thread for the time of f. A child takes its affinity over.
func onCore(core int, f func()) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var before, one unix.CPUSet
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		return fmt.Errorf("read the cores of a thread: %w", err)
	}
	one.Set(core)
	if err := unix.SchedSetaffinity(0, &one); err != nil {
		return fmt.Errorf("bind a thread to core %d: %w", core, err)
	}
	f()
	return unix.SchedSetaffinity(0, &before)
}
