// Package measure takes times, counts allocations, and reads from Linux what
// processes use and what machine this is.
package measure
