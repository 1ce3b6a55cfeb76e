package overhttp

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/tokenward/tokenward/bench/load"
	"github.com/tokenward/tokenward/bench/measure"
	"github.com/tokenward/tokenward/bench/server"
)

// Names of those that do not look at the question.
const (
	Empty = "empty net/http handler"
	Nginx = "nginx, return 204"
)

// EnvEmpty makes this program the empty handler, on the address it holds.
const EnvEmpty = "TOKENWARD_BENCH_EMPTY"

// ServeEmpty answers everything with 204, on a server that is set up as
// tokenward's is.
func ServeEmpty(addr string) error {
	srv := &http.Server{
		Addr: addr, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }),
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
	}
	return srv.ListenAndServe()
}

// plain are the servers that do not look at the question.
func plain(q Question) ([]*subject, error) {
	empty, err := startEmpty(q)
	if err != nil {
		return nil, err
	}
	nginx, err := startNginx(q)
	if err != nil {
		empty.stop()
		return nil, err
	}
	return []*subject{empty, nginx}, nil
}

func startEmpty(q Question) (*subject, error) {
	addr, err := server.FreeAddr()
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p, err := server.Start(q.Dir, addr, []string{EnvEmpty + "=" + addr}, self)
	if err != nil {
		return nil, err
	}
	return &subject{name: Empty, version: runtime.Version(), addr: addr, pids: []int{p.PID}, ask: alike, stop: p.Stop}, nil
}

// alike asks with a request as long as those about a token.
func alike(func(int) string, bool) load.Protocol {
	question := fmt.Appendf(nil, "GET /forward-auth/nginx/v4 HTTP/1.1\r\nHost: tokenward\r\nX-Original-Method: GET\r\nX-Original-Uri: /%s\r\n"+
		"X-Forwarded-For: 198.51.100.9\r\nUser-Agent: curl/8\r\nAccept: */*\r\nAuthorization: Bearer %s\r\n\r\n", strings.Repeat("z", 64), strings.Repeat("s", 53))
	return load.HTTP([][]byte{question}, expect(204, true, func([]byte) bool { return true }))
}

// nginxConfig: one worker, and connections that stay open.
const nginxConfig = `daemon off;
worker_processes 1;
pid %[1]s/nginx.pid;
error_log stderr warn;
events { worker_connections 1024; }
http {
	access_log off;
	client_body_temp_path %[1]s/body;
	proxy_temp_path %[1]s/proxy;
	fastcgi_temp_path %[1]s/fastcgi;
	uwsgi_temp_path %[1]s/uwsgi;
	scgi_temp_path %[1]s/scgi;
	keepalive_requests 1000000000;
	server {
		listen %[2]s;
		location / { return 204; }
	}
}
`

func startNginx(q Question) (*subject, error) {
	addr, err := server.FreeAddr()
	if err != nil {
		return nil, err
	}
	program, err := exec.LookPath("nginx")
	if err != nil {
		program = "/usr/sbin/nginx" // where Debian has it, which not every PATH names
	}
	config := filepath.Join(q.Dir, "nginx.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, nginxConfig, q.Dir, addr), 0o644); err != nil {
		return nil, err
	}
	version, err := exec.Command(program, "-v").CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("nginx: %w", err)
	}
	p, err := server.Start(q.Dir, addr, nil, program, "-c", config)
	if err != nil {
		return nil, err
	}
	pids, err := measure.Family(p.PID)
	if err != nil {
		p.Stop()
		return nil, err
	}
	_, number, _ := strings.Cut(strings.TrimSpace(string(version)), "nginx/")
	return &subject{name: Nginx, version: number, addr: addr, pids: pids, ask: alike, stop: p.Stop}, nil
}
