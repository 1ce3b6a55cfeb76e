package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"

	"github.com/tokenward/tokenward/bench/growth"
	"github.com/tokenward/tokenward/bench/inprocess"
	"github.com/tokenward/tokenward/bench/measure"
	"github.com/tokenward/tokenward/bench/overhttp"
	"github.com/tokenward/tokenward/bench/writes"
)

// envChild makes this program answer one question, which it reads as JSON, and
// names what the question is about.
const envChild = "TOKENWARD_BENCH_CHILD"

// answer writes what was found out as JSON.
func answer(ctx context.Context, name string) error {
	switch name {
	case partInProcess:
		return reply(func(q inprocess.Question) (inprocess.Row, error) { return inprocess.Run(q) })
	case partHTTP:
		return reply(func(q overhttp.Question) ([]overhttp.Row, error) { return overhttp.Run(ctx, q) })
	case partWrites:
		return reply(func(q writes.Question) ([]writes.Row, error) { return writes.Run(ctx, q) })
	case partGrowth:
		return reply(func(q growth.Question) ([]growth.Row, error) { return growth.Run(ctx, q) })
	}
	return fmt.Errorf("no question is about %q", name)
}

func reply[Q, A any](run func(Q) (A, error)) error {
	var q Q
	if err := json.NewDecoder(os.Stdin).Decode(&q); err != nil {
		return err
	}
	a, err := run(q)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(a)
}

// anyCore is where what is not bound to a core runs.
const anyCore = -1

// ask has a process of its own answer a question.
func ask(ctx context.Context, core int, name string, question, into any) error {
	text, err := json.Marshal(question)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, self)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(text), &out, os.Stderr
	cmd.Env = append(os.Environ(), envChild+"="+name)
	start := cmd.Start
	if core != anyCore {
		start = func() error { return measure.StartOn(core, cmd) }
	}
	if err := start(); err != nil {
		return err
	}
	if err := cmd.Wait(); err != nil {
		return err
	}
	return json.Unmarshal(out.Bytes(), into)
}
