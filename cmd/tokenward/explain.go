package main

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tokenward/tokenward/internal/pasted"
	"github.com/tokenward/tokenward/v4"
)

// errDenied makes the exit code of an access that would be denied.
var errDenied = errors.New("it would be denied")

// explainFlags say which access is asked about.
type explainFlags struct {
	policies     string
	method, path string
	curl         bool
	operation    string
	resources    []string
	record       string
	from, at     string
}

func newExplain(p program) *cobra.Command {
	c := &connection{program: p}
	f := &explainFlags{}
	cmd := &cobra.Command{
		Use:   "explain [ID]",
		Short: "Say whether a token may do something, why, and what it would take",
		Long: `Say what an access would come to: by the token with this id, or by a token with the
policies of --policy-json, which need not be there. The server judges it by the same
engine that judges requests, and nothing is changed or counted.

The access is a method and a path, a line for curl on standard input (--curl; only
its method and path are sent), or an operation's id with the resource it acts on.
Without --from the address counts as unknown, which an IP condition refuses.

The exit code is 0 when it would be allowed and 1 when not.`,
		Example: `  tokenward explain 5b7c9d1e2f304152637485960a1b2c3d --method GET --path /zones/0a1b2c3d4e5f60718293a4b5c6d7e8f9/settings
  tokenward explain 5b7c9d1e2f304152637485960a1b2c3d --curl --from 203.0.113.7 --at 2026-12-01T00:00:00Z < call.txt
  tokenward explain --policy-json draft.json --method GET --path /zones --json`,
		Args: cobra.MaximumNArgs(1),
	}
	c.addTo(cmd.Flags())
	offerVariables(cmd.Flags())
	fs := cmd.Flags()
	fs.StringVar(&f.policies, "policy-json", "", "`file` with a token's definition or a list of policies, - for standard input")
	fs.StringVar(&f.method, "method", "GET", "`method` of the request")
	fs.StringVar(&f.path, "path", "", "`path` of the request, with or without /client/v4")
	fs.BoolVar(&f.curl, "curl", false, "read a line for curl, or a method and a path, from standard input")
	fs.StringVar(&f.operation, "operation", "", "`ID` of an operation, in the place of method and path")
	fs.StringArrayVar(&f.resources, "resource", nil, "`key` of the resource that the operation acts on, then of what it lies in")
	fs.StringVar(&f.record, "record", "", "the record that is meant, as `TYPE:NAME`, of an operation on a zone's records")
	fs.StringVar(&f.from, "from", "", "client `address`")
	fs.StringVar(&f.at, "at", "", "`time` of the request: 2026-12-01T00:00:00Z, 2026-12-01 or 30d (default: now)")
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return c.explainAccess(cmd, f, args) }
	return cmd
}

func (c *connection) explainAccess(cmd *cobra.Command, f *explainFlags, args []string) error {
	a, err := c.open(cmd.Flags())
	if err != nil {
		return err
	}
	q, err := c.question(f, args)
	if err != nil {
		return err
	}
	x, err := a.owner.Explain(cmd.Context(), q)
	if err != nil {
		return err
	}
	if c.json {
		err = printJSON(c.stdout, x)
	} else {
		err = printExplanation(c.stdout, &x)
	}
	if err == nil && !x.Allowed {
		err = errDenied
	}
	return err
}

// question reads what is asked.
func (c *connection) question(f *explainFlags, args []string) (v4.ExplainRequest, error) {
	q := v4.ExplainRequest{Operation: f.operation, Resource: f.resources, Record: f.record, From: f.from}
	switch {
	case len(args) == 1 && !isHexID(args[0]):
		return q, usagef("a token's id is 32 hexadecimal digits")
	case (len(args) == 1) == (f.policies != ""):
		return q, usagef("name a token by its id, or give --policy-json")
	case len(args) == 1:
		q.TokenID = args[0]
	}
	if f.policies != "" {
		d, err := c.draftOf(f.policies)
		if err != nil {
			return q, err
		}
		q.Draft = &d
	}
	if f.at != "" {
		at, err := parseWhen(f.at, c.now())
		if err != nil {
			return q, usagef("--at: %w", err)
		}
		q.At = &v4.Time{Time: at.UTC().Truncate(time.Microsecond)}
	}
	return q, c.access(f, &q)
}

// access reads which request is meant. What was pasted may hold a secret: only
// method and path go on.
func (c *connection) access(f *explainFlags, q *v4.ExplainRequest) error {
	given := 0
	for _, is := range []bool{f.path != "", f.curl, f.operation != ""} {
		if is {
			given++
		}
	}
	switch {
	case given != 1:
		return usagef("say which access is meant: --path, --curl or --operation")
	case f.operation != "":
		return nil
	case f.path != "":
		q.Method = strings.ToUpper(f.method)
		q.Path, _, _ = strings.Cut(strings.TrimPrefix(f.path, "/client/v4"), "?")
		return nil
	case c.stdinTaken() || f.policies == "-":
		return usagef("standard input cannot hold both the line of --curl and something else")
	}
	text, err := c.readFile("-", pasted.MaxText)
	if err != nil {
		return usagef("--curl: %w", err)
	}
	r, problem := pasted.Read(string(text))
	if problem != "" {
		return usagef("--curl: %s", problem)
	}
	q.Method, q.Path = r.Method, r.Path
	return nil
}

// draftOf reads a token's definition, or a bare list of policies.
func (c *connection) draftOf(file string) (v4.TokenRequest, error) {
	var r v4.TokenRequest
	if file == "-" && c.stdinTaken() {
		return r, usagef("standard input cannot hold both the credential and the document of --policy-json")
	}
	content, err := c.readFile(file, maxDocument)
	if err == nil && bytes.HasPrefix(bytes.TrimSpace(content), []byte("[")) {
		content = fmt.Appendf(nil, `{"policies": %s}`, content)
	}
	if err == nil {
		err = (v4.Decoder{Strict: true}).Unmarshal(content, &r)
	}
	if err == nil {
		err = checkMembers(content, tokenMembers())
	}
	if err != nil {
		return r, usagef("--policy-json: %w", err)
	}
	return r, nil
}
