//go:build !amd64 && !arm64

package prefetch

func two(uintptr)  {}
func four(uintptr) {}
