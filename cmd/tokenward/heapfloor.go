package main

import "runtime"

// heapFloor is how much of the heap is taken and never written. The collector runs
// when the heap has doubled: a server whose own heap is a few MiB would collect
// several times in a second of load. What is never written takes no memory; what is
// allocated between two collections does, up to twice this.
const heapFloor = 32 << 20

// holdHeapFloor keeps the floor until release is called.
func holdHeapFloor() (release func()) {
	floor := make([]byte, heapFloor)
	return func() { runtime.KeepAlive(floor) }
}
