// Package prefetch asks the processor to fetch memory before it is needed. It
// decides nothing and reads nothing: a program that leaves all of it out does the
// same, later.
//
// Any address will do, mapped or not. Memory comes in cache lines of 64 bytes; the
// first is the one that the address lies in. It is a number, for a pointer that leads
// to no object, or to one that is free, ends the program when the collector sees it.
package prefetch

// Two asks for two lines and returns without waiting for them.
func Two(p uintptr) { two(p) }

// Four asks for four lines and returns without waiting for them.
func Four(p uintptr) { four(p) }
