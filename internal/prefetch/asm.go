//go:build amd64 || arm64

package prefetch

func two(p uintptr)

func four(p uintptr)
