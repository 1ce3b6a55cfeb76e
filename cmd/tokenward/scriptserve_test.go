package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// testKey is where a script keeps its testing.T.
type testKey struct{}

// bootstrap is the file with the first credentials of an authority.
type bootstrap struct {
	APIBaseURL string `json:"api_base_url"`
	Token      struct {
		ID    string `json:"id"`
		Value string `json:"value"`
	} `json:"token"`
	AccountID string `json:"account_id"`
	UserID    string `json:"user_id"`
	Email     string `json:"email"`
	APIKey    string `json:"api_key"`
	Zones     []struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"zones"`
}

// cmdServe starts `tokenward serve --demo` on a free port with its data in
// $WORK/data, waits until it is ready and sets API_URL, TOKEN, TOKEN_ID, ACCOUNT,
// USER_ID, EMAIL, API_KEY, ZONE_A, ZONE_A_NAME, ZONE_B and ZONE_B_NAME, and
// TOKENWARD_API_URL and TOKENWARD_API_TOKEN for the commands. At the end of the
// script it is stopped with SIGTERM and must exit with 0.
//
//	serve [FLAGS...]
func cmdServe(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("usage: serve [FLAGS...]")
	}
	address, err := freeAddress()
	ts.Check(err)
	data := ts.MkAbs("data")
	args = append([]string{"serve", "--demo", "--data", data, "--listen", address}, args...)
	s := &served{cmd: exec.Command("tokenward", args...), done: make(chan error, 1)}
	s.cmd.Stdout, s.cmd.Stderr = &s.output, &s.output
	s.cmd.Dir = ts.MkAbs(".")
	s.cmd.Env = []string{"PATH=" + os.Getenv("PATH")} // no TOKENWARD_* of whoever runs the tests
	ts.Check(s.cmd.Start())
	go func() { s.done <- s.cmd.Wait() }()
	t := ts.Value(testKey{}).(testscript.T)
	ts.Defer(func() {
		if err := s.stop(); err != nil {
			t.Fatal(fmt.Sprintf("serve: %v\n%s", err, s.output.String()))
		}
	})
	if err := s.ready("http://" + address + "/readyz"); err != nil {
		ts.Fatalf("serve: %v", err)
	}
	exportBootstrap(ts, filepath.Join(data, "bootstrap.json"))
}

func exportBootstrap(ts *testscript.TestScript, file string) {
	content, err := os.ReadFile(file)
	ts.Check(err)
	var b bootstrap
	ts.Check(json.Unmarshal(content, &b))
	if len(b.Zones) < 2 {
		ts.Fatalf("%s: has %d zones, the scripts need 2", file, len(b.Zones))
	}
	for name, value := range map[string]string{
		"API_URL": b.APIBaseURL, "TOKEN": b.Token.Value, "TOKEN_ID": b.Token.ID,
		"ACCOUNT": b.AccountID, "USER_ID": b.UserID, "EMAIL": b.Email, "API_KEY": b.APIKey,
		"ZONE_A": b.Zones[0].ID, "ZONE_A_NAME": b.Zones[0].Name,
		"ZONE_B": b.Zones[1].ID, "ZONE_B_NAME": b.Zones[1].Name,
		"TOKENWARD_API_URL": b.APIBaseURL, "TOKENWARD_API_TOKEN": b.Token.Value,
	} {
		if value == "" {
			ts.Fatalf("%s: nothing for %s", file, name)
		}
		ts.Setenv(name, value)
	}
}

// served is a server that runs beside a script.
type served struct {
	cmd     *exec.Cmd
	output  bytes.Buffer // read it after done only
	done    chan error
	stopped bool
}

// patience is how long a server may take to start or to stop.
const patience = 20 * time.Second

func (s *served) ready(url string) error {
	deadline := time.After(patience)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if res, err := http.Get(url); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case err := <-s.done:
			s.stopped = true
			return fmt.Errorf("ended before it was ready: %v\n%s", err, s.output.String())
		case <-deadline:
			return fmt.Errorf("%s does not answer 200", url)
		case <-tick.C:
		}
	}
}

func (s *served) stop() error {
	if s.stopped {
		return nil // and was reported
	}
	s.stopped = true
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case err := <-s.done:
		return err
	case <-time.After(patience):
		s.cmd.Process.Kill()
		return fmt.Errorf("did not stop on SIGTERM: %v", <-s.done)
	}
}

// freeAddress is a loopback address that nobody listened on a moment ago.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}
