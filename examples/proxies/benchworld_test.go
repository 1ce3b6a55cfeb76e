package proxies_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/enforcetest"
)

// By these the test's program becomes one of the servers that ours are compared
// with, in a process of its own.
const (
	envServe  = "TOKENWARD_TEST_SERVE"  // the address
	envTarget = "TOKENWARD_TEST_TARGET" // or sixHeaders, or "" for a handler that does nothing
)

// sixHeaders asks for a handler that does nothing but to set as many headers as
// forward-auth has, always the same.
const sixHeaders = "six headers"

func TestMain(m *testing.M) {
	if addr := os.Getenv(envServe); addr != "" {
		fmt.Fprintln(os.Stderr, serveBare(addr, os.Getenv(envTarget)))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// serveBare answers nothing, or headers, or what the target answers, on a server
// that is set up as tokenward's is.
func serveBare(addr, target string) error {
	var headers []string
	if target == sixHeaders {
		headers, target = []string{"X-One", "X-Two", "X-Three", "X-Four", "X-Five", "X-Six"}, ""
	}
	value := []string{"0123456789abcdef0123456789abcdef"}
	var h http.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for _, name := range headers {
			w.Header()[name] = value
		}
		w.WriteHeader(http.StatusNoContent)
	})
	if target != "" {
		to, err := url.Parse(target)
		if err != nil {
			return err
		}
		h = &httputil.ReverseProxy{
			Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(to) },
			Transport: &http.Transport{MaxIdleConnsPerHost: 256, DisableCompression: true},
		}
	}
	srv := &http.Server{
		Addr: addr, Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
	}
	return srv.ListenAndServe()
}

// bench is everything that is measured, each in processes of its own.
type bench struct {
	b                                            *testing.B
	dir                                          string
	api, empty, six, bare, nginx, caddy          string // addresses
	emptyPID, sixPID, barePID, nginxPID, caddyID int
	ours, lean                                   judge
}

// judge is tokenward in a process of its own.
type judge struct {
	addr, enforce string // of the API with its gateway, and of the enforcement endpoint
	data          string
	pid           int
	token         string // may read one store
}

func newBench(b *testing.B) *bench {
	w := &bench{b: b, dir: b.TempDir()}
	os.Chmod(w.dir, 0o755)
	for _, addr := range []*string{&w.api, &w.empty, &w.six, &w.bare, &w.nginx, &w.caddy} {
		*addr = freeAddr(b)
	}
	build := exec.Command("go", "build", "-o", w.dir+"/", "../../cmd/tokenward", "../shop")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	w.run(w.api, nil, filepath.Join(w.dir, "shop"), "-listen", w.api)
	w.emptyPID = w.run(w.empty, []string{envServe + "=" + w.empty}, os.Args[0])
	w.sixPID = w.run(w.six, []string{envServe + "=" + w.six, envTarget + "=" + sixHeaders}, os.Args[0])
	w.barePID = w.run(w.bare, []string{envServe + "=" + w.bare, envTarget + "=http://" + w.api}, os.Args[0])
	w.ours, w.lean = w.startJudge("net/http"), w.startJudge("lean")
	w.nginxPID, w.caddyID = w.proxy("nginx", w.nginx), w.proxy("caddy", w.caddy)
	return w
}

// startJudge runs tokenward with a server for the enforcement endpoint.
func (w *bench) startJudge(server string) judge {
	a := judge{addr: freeAddr(w.b), enforce: freeAddr(w.b), data: filepath.Join(w.dir, "data-"+filepath.Base(server))}
	catalog, err := filepath.Abs("../shop/catalog.yaml")
	if err != nil {
		w.b.Fatal(err)
	}
	a.pid = w.run(a.addr, nil, filepath.Join(w.dir, "tokenward"), "serve", "--data", a.data, "--listen", a.addr,
		"--enforce", a.enforce, "--enforce-server", server, "--catalog", catalog,
		"--upstream", "url=http://"+w.api+",catalog="+enforcetest.API+",token-file=none", "--rate-limits", "off")
	enforcetest.Eventually(w.b, 20*time.Second, "tokenward is ready", a.ready)
	a.token = w.issue(&a)
	return a
}

// proxy runs a proxy with its example's files. Besides ports, only the limits are
// changed that would have nginx open connections anew.
func (w *bench) proxy(name, addr string) int {
	change := strings.NewReplacer(
		"127.0.0.1:8080", addr, "http://:8080", "http://:"+addr[strings.LastIndexByte(addr, ':')+1:],
		"127.0.0.1:9443", w.ours.enforce, "127.0.0.1:9000", w.api,
		"access_log off;", "access_log off; keepalive_requests 10000000;", "keepalive 16;", "keepalive 128; keepalive_requests 10000000;")
	kind := kinds[name]
	for _, file := range kind.files {
		text, err := os.ReadFile(file)
		if err != nil {
			w.b.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(w.dir, file), []byte(change.Replace(string(text))), 0o644); err != nil {
			w.b.Fatal(err)
		}
	}
	path, err := exec.LookPath(kind.program)
	if err != nil {
		path = "/usr/sbin/" + kind.program
	}
	return w.run(addr, nil, path, kind.args(w.dir)...)
}

// run starts a program, which ends with the benchmark, and waits until it listens.
func (w *bench) run(addr string, env []string, program string, args ...string) int {
	w.b.Helper()
	log, err := os.Create(filepath.Join(w.dir, filepath.Base(program)+"-"+addr+".log"))
	if err != nil {
		w.b.Fatal(err)
	}
	cmd := exec.Command(program, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = w.dir, log, log
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + w.dir}, env...)
	stop, err := startUntilStopped(cmd)
	if err != nil {
		w.b.Fatal(err)
	}
	w.b.Cleanup(func() { stop(); log.Close() })
	enforcetest.Eventually(w.b, 20*time.Second, program+" listens", func() bool { return listens(addr) })
	return cmd.Process.Pid
}

func (a *judge) ready() bool {
	res, err := http.Get("http://" + a.addr + "/readyz")
	if err != nil {
		return false
	}
	res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// issue makes a token that may read one store.
func (w *bench) issue(a *judge) string {
	var boot struct {
		AccountID string `json:"account_id"`
		Token     struct{ Value string }
	}
	text, err := os.ReadFile(filepath.Join(a.data, "bootstrap.json"))
	if err == nil {
		err = json.Unmarshal(text, &boot)
	}
	if err != nil {
		w.b.Fatal(err)
	}
	base := "http://" + a.addr + "/client/v4/accounts/" + boot.AccountID + "/tokens"
	var groups struct{ Result []struct{ ID string } }
	w.call(boot.Token.Value, "GET", base+"/permission_groups?name=Stores%20Read", "", &groups)
	var made struct{ Result struct{ Value string } }
	w.call(boot.Token.Value, "POST", base, `{"name":"north reader","policies":[{"effect":"allow","permission_groups":[{"id":"`+groups.Result[0].ID+
		`"}],"resources":{"com.example.toyshop.store.north":"*"}}]}`, &made)
	return made.Result.Value
}

func (w *bench) call(secret, method, target, body string, into any) {
	w.b.Helper()
	r, err := http.NewRequest(method, target, strings.NewReader(body))
	if err != nil {
		w.b.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+secret)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		w.b.Fatal(err)
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(res.Body)
	if err := json.Unmarshal(text, into); err != nil || res.StatusCode != 200 {
		w.b.Fatalf("%s %s: %d %s", method, target, res.StatusCode, text)
	}
}
