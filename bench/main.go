// Bench measures tokenward and what could be used instead, in one run on one
// machine, and writes the tables and plots of docs/performance.md.
//
// Each thing is measured in processes of its own: this program starts itself again
// for them. deps.sh installs the servers that ours are measured beside.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/tokenward/tokenward/bench/measure"
	"github.com/tokenward/tokenward/bench/overhttp"
	"github.com/tokenward/tokenward/bench/report"
	"github.com/tokenward/tokenward/bench/server"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	if addr := os.Getenv(overhttp.EnvEmpty); addr != "" {
		return overhttp.ServeEmpty(addr)
	}
	if name := os.Getenv(envChild); name != "" {
		return answer(ctx, name)
	}
	var o options
	only := flag.String("only", strings.Join(partNames(), ","), "`parts` to run")
	flag.BoolVar(&o.short, "short", false, "run everything with tiny counts, write nothing, and fail unless every row was measured")
	flag.StringVar(&o.root, "root", "..", "`folder` of the project")
	flag.StringVar(&o.tmp, "dir", os.TempDir(), "`folder` for databases: its disk is what is measured")
	flag.Parse()
	for _, name := range strings.Split(*only, ",") {
		if !slices.Contains(partNames(), name) {
			return fmt.Errorf("there is no part %q: there are %s", name, strings.Join(partNames(), ", "))
		}
		o.parts = append(o.parts, name)
	}
	return o.run(ctx)
}

// options are what was asked for.
type options struct {
	parts     []string
	short     bool
	root, tmp string
	tokenward string // the program, once it is built
	dir       string // below tmp, of this run
}

func (o *options) run(ctx context.Context) (err error) {
	if o.dir, err = os.MkdirTemp(o.tmp, "tokenward-bench"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(o.dir)) }()
	// nginx's worker is nobody's process, and reads what is in here.
	if err := os.Chmod(o.dir, 0o755); err != nil {
		return err
	}
	o.tokenward = filepath.Join(o.dir, "tokenward")
	if err := server.Build(o.root, o.tokenward); err != nil {
		return err
	}
	result, err := o.earlier()
	if err != nil {
		return err
	}
	for _, p := range parts {
		if !slices.Contains(o.parts, p.name) {
			continue
		}
		begun := time.Now()
		fmt.Fprintf(os.Stderr, "%s ...\n", p.name)
		if err := p.run(ctx, o, result); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		result.Took[p.name] = time.Since(begun).Round(time.Second).String()
		fmt.Fprintf(os.Stderr, "%s took %s\n", p.name, result.Took[p.name])
		if err := o.keep(result, p.name); err != nil {
			return err
		}
	}
	if o.short {
		fmt.Print(result.Tables())
	}
	return nil
}

// earlier is what an earlier run on this machine found out, for the parts that do
// not run now.
func (o *options) earlier() (*report.Result, error) {
	machine, err := measure.ThisMachine(o.tmp)
	if err != nil {
		return nil, err
	}
	if o.short {
		return report.New(machine), nil
	}
	return report.Read(o.docs(), machine)
}

func (o *options) docs() string { return filepath.Join(o.root, "docs") }

// keep fails when a row of a part is not there, and writes what is known by now: a
// later part may take long, or fail.
func (o *options) keep(result *report.Result, part string) error {
	if err := result.Complete([]string{part}, o.plan().expected()); err != nil || o.short {
		return err
	}
	return result.Write(o.docs())
}
