package proxies_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// documented is a call that a page shows, with the status that it says.
var documented = regexp.MustCompile(`(?m)^(curl -i .*?) +# (\d{3})\b`)

// TestTheDocsCommandsDoWhatTheySay: examples/run.sh as it stands, the calls of each
// page, their status, and the refusal that the page shows. Only ports are others.
func TestTheDocsCommandsDoWhatTheySay(t *testing.T) {
	for kind, page := range map[string]string{
		"nginx": "forward-auth-nginx.md", "caddy": "forward-auth-caddy.md", "haproxy": "forward-auth-haproxy.md", "go": "middleware.md",
	} {
		t.Run(kind, func(t *testing.T) {
			text, err := os.ReadFile("../../docs/" + page)
			if err != nil {
				t.Fatal(err)
			}
			shop := portOf(freeAddr(t))
			token := runExample(t, kind, shop)
			calls := documented.FindAllStringSubmatch(string(text), -1)
			if len(calls) < 3 || !strings.Contains(string(text), "examples/run.sh "+kind) {
				t.Fatalf("docs/%s shows %d calls", page, len(calls))
			}
			for _, c := range calls {
				answer := runShown(t, strings.ReplaceAll(c[1], "127.0.0.1:8080", "127.0.0.1:"+shop), token)
				if !regexp.MustCompile(`^HTTP/[0-9.]+ ` + c[2] + `\b`).MatchString(answer) {
					t.Errorf("%s: want %s, got\n%s", c[1], c[2], answer)
				}
				if c[2] == "403" && jsonIn(t, answer) != jsonIn(t, string(text)) {
					t.Errorf("%s: the page shows another refusal than\n%s", c[1], answer)
				}
			}
		})
	}
}

// runExample starts examples/run.sh, and returns the token that it prints when all
// of it answers.
func runExample(t *testing.T, kind, shop string) string {
	t.Helper()
	cmd := exec.Command("../run.sh", kind)
	cmd.Env = append(os.Environ(), "SHOP_PORT="+shop, "API_PORT="+portOf(freeAddr(t)), "ENFORCE_PORT="+portOf(freeAddr(t)), "TOKENWARD_PORT="+portOf(freeAddr(t)))
	var log bytes.Buffer
	cmd.Stderr = &log
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	timeout := time.AfterFunc(2*time.Minute, func() { cmd.Process.Signal(syscall.SIGTERM) })
	t.Cleanup(func() {
		timeout.Stop()
		cmd.Process.Signal(syscall.SIGTERM)
		cmd.Wait()
	})
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if _, token, ok := strings.Cut(lines.Text(), "TOKEN="); ok {
			return token
		}
	}
	cmd.Wait()
	t.Fatalf("run.sh %s ended:\n%s", kind, log.String())
	return ""
}

// runShown runs a command of a page in a shell.
func runShown(t *testing.T, command, token string) string {
	t.Helper()
	cmd := exec.Command("bash", "-c", command)
	cmd.Env = append(os.Environ(), "TOKEN="+token)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v", command, err)
	}
	return string(out)
}

// jsonIn is the refusal that stands in a text, on one line or several.
func jsonIn(t *testing.T, text string) string {
	t.Helper()
	var v any
	if i := strings.Index(text, `{"result":null`); i >= 0 {
		if err := json.NewDecoder(strings.NewReader(text[i:])).Decode(&v); err != nil {
			t.Fatal(err)
		}
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func portOf(address string) string { return address[strings.LastIndexByte(address, ':')+1:] }
