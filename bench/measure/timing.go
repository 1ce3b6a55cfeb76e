package measure

import (
	"math"
	"runtime"
	"slices"
	"time"
)

// Timing is what one call of something takes.
type Timing struct {
	Median float64 `json:"median_ns"` // of the mean times of rounds
	P99    float64 `json:"p99_ns"`    // of calls that were timed one by one
	Allocs float64 `json:"allocs"`    // of a call
}

const (
	round  = 3 * time.Millisecond // of calls that are timed together
	rounds = 9                    // at the least
	single = 50_000               // calls that are timed one by one, at the most
)

// InTurn times calls of several things, a round of each after the other, so that
// what else the machine does meets all alike. It takes about budget for each. A
// call is given a number that goes up by one.
func InTurn(budget time.Duration, calls ...func(n int)) []Timing {
	timings := make([]Timing, len(calls))
	means := make([][]float64, len(calls))
	next, size := make([]int, len(calls)), make([]int, len(calls))
	for i, call := range calls {
		size[i] = calibrate(call, &next[i])
	}
	begun := time.Now()
	for time.Since(begun) < budget*time.Duration(len(calls)) || len(means[0]) < rounds {
		for i, call := range calls {
			start := time.Now()
			repeat(call, &next[i], size[i])
			means[i] = append(means[i], float64(time.Since(start))/float64(size[i]))
		}
	}
	for i, call := range calls {
		timings[i] = Timing{Quantile(means[i], .5), Quantile(oneByOne(call, &next[i], budget), .99), allocations(call, &next[i], size[i])}
	}
	return timings
}

func repeat(call func(int), next *int, times int) {
	for range times {
		call(*next)
		*next++
	}
}

// calibrate is how many calls make a round, found by making more and more of them.
func calibrate(call func(int), next *int) int {
	for size := 1; ; size *= 2 {
		start := time.Now()
		repeat(call, next, size)
		if took := time.Since(start); took >= round/2 {
			return max(1, int(float64(size)*float64(round)/float64(took)))
		}
	}
}

// oneByOne are the times of calls, less what asking for the time takes.
func oneByOne(call func(int), next *int, budget time.Duration) []float64 {
	asking := make([]float64, 1000)
	for i := range asking {
		asking[i] = float64(time.Since(time.Now()))
	}
	clock := Quantile(asking, .5)
	took := make([]float64, 0, single)
	for begun := time.Now(); len(took) < single && (time.Since(begun) < budget || len(took) < 100); {
		start := time.Now()
		call(*next)
		took = append(took, max(0, float64(time.Since(start))-clock))
		*next++
	}
	return took
}

func allocations(call func(int), next *int, times int) float64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	repeat(call, next, times)
	runtime.ReadMemStats(&after)
	// What the runtime itself allocates meanwhile is far below one for a call.
	return math.Round(float64(after.Mallocs-before.Mallocs) / float64(times))
}

// Quantile is the value that a part of the values stays within. It sorts them.
// There must be one.
func Quantile[T int64 | float64 | time.Duration](values []T, q float64) T {
	slices.Sort(values)
	return values[min(int(q*float64(len(values))), len(values)-1)]
}

// Heap is what is on the heap and in use, in bytes.
func Heap() int64 {
	runtime.GC()
	runtime.GC() // what had a finalizer goes with the second
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
