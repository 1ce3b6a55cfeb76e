package measure

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"
)

// Machine is what was measured on.
type Machine struct {
	CPU    string `json:"cpu"`
	Cores  int    `json:"cores"`
	Memory int64  `json:"memory_bytes"`
	Kernel string `json:"kernel"`
	Go     string `json:"go"`
	Disk   string `json:"disk"` // device and file system of the folder for data
	Load   string `json:"load"` // before measuring: the load average of a minute
}

// ThisMachine describes the machine. dir is where databases are to be.
func ThisMachine(dir string) (Machine, error) {
	m := Machine{CPU: cpuName(), Cores: runtime.NumCPU(), Go: runtime.Version()}
	var u unix.Utsname
	if err := unix.Uname(&u); err != nil {
		return m, err
	}
	m.Kernel = "Linux " + unix.ByteSliceToString(u.Release[:])
	var err error
	if m.Memory, err = kibibytes("/proc/meminfo", "MemTotal:"); err != nil {
		return m, err
	}
	if m.Disk, err = disk(dir); err != nil {
		return m, err
	}
	load, err := os.ReadFile("/proc/loadavg")
	m.Load, _, _ = strings.Cut(string(load), " ")
	return m, err
}

// cpuName is "unknown" where /proc/cpuinfo has another form than on x86.
func cpuName() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(text)) {
		if name, value, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

// disk is the device and the type of the file system that a folder is in: of the
// mounts that hold it, the one with the longest path.
func disk(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	mounts, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		return "", err
	}
	best, found := "", "unknown"
	for line := range strings.Lines(string(mounts)) {
		f := strings.Fields(line)
		if len(f) > 2 && len(f[1]) >= len(best) && strings.HasPrefix(dir+"/", strings.TrimSuffix(f[1], "/")+"/") {
			best, found = f[1], fmt.Sprintf("%s, %s", f[0], f[2])
		}
	}
	return found, nil
}
