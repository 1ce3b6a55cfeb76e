package overhttp

import (
	"debug/buildinfo"
	"runtime/debug"
)

// moduleVersion is that of a module that this program is built from.
func moduleVersion(path string) string {
	info, ok := debug.ReadBuildInfo()
	if ok {
		for _, m := range info.Deps {
			if m.Path == path {
				return m.Version
			}
		}
	}
	return "unknown"
}

// programVersion is that of the module that a Go program was installed from.
func programVersion(program string) (string, error) {
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return "", err
	}
	return info.Main.Version, nil
}
