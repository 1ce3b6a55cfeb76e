package proxies_test

import (
	"bufio"
	"bytes"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/enforcetest"
)

// stand is a proxy with the API behind it and tokenward beside it.
type stand struct {
	*enforcetest.World
	t     testing.TB
	judge *httptest.Server
	proxy string // host:port
	mu    sync.Mutex
	seen  []*http.Request // what reached the API
}

// kinds are the proxies that run here: by name, their files, the first of which is
// what the program is started with.
var kinds = map[string]struct {
	files   []string
	program string
	args    func(dir string) []string
}{
	"nginx": {[]string{"nginx.conf"}, "nginx", func(dir string) []string {
		return []string{"-p", dir, "-c", filepath.Join(dir, "nginx.conf"), "-e", "stderr"}
	}},
	"caddy": {[]string{"Caddyfile"}, "caddy", func(dir string) []string {
		return []string{"run", "--adapter", "caddyfile", "--config", filepath.Join(dir, "Caddyfile")}
	}},
	"haproxy": {[]string{"haproxy.cfg", "tokenward.lua"}, "haproxy", func(dir string) []string { return []string{"-db", "-C", dir, "-f", filepath.Join(dir, "haproxy.cfg")} }},
}

// each runs a test against every proxy, with either server as the judge's.
func each(t *testing.T, f func(t *testing.T, s *stand)) {
	for name := range kinds {
		for server, of := range map[string]func(*enforcetest.World) *httptest.Server{
			"net-http": func(w *enforcetest.World) *httptest.Server { return w.Open },
			"lean":     func(w *enforcetest.World) *httptest.Server { return w.Lean },
		} {
			t.Run(name+"/"+server, func(t *testing.T) {
				t.Parallel()
				w := enforcetest.New(t)
				f(t, start(t, name, w, of(w)))
			})
		}
	}
}

// start runs a proxy with its example's files, in which only ports are changed. It
// asks the judge.
func start(t testing.TB, name string, w *enforcetest.World, judge *httptest.Server) *stand {
	t.Helper()
	s := &stand{World: w, t: t, judge: judge, proxy: freeAddr(t)}
	api := httptest.NewServer(http.HandlerFunc(s.serveAPI))
	t.Cleanup(api.Close)
	kind := kinds[name]
	dir := t.TempDir()
	os.Chmod(dir, 0o755)
	ports := strings.NewReplacer(
		"127.0.0.1:8080", s.proxy, "http://:8080", "http://:"+s.proxy[strings.LastIndexByte(s.proxy, ':')+1:],
		"127.0.0.1:9443", judge.Listener.Addr().String(), "127.0.0.1:9000", api.Listener.Addr().String())
	for _, file := range kind.files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, file), []byte(ports.Replace(string(text))), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s.run(dir, kind.program, kind.args(dir))
	return s
}

func (s *stand) run(dir, program string, args []string) {
	s.t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		if path, err = exec.LookPath("/usr/sbin/" + program); err != nil {
			s.t.Fatalf("%s is missing, run make deps: %v", program, err)
		}
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir}
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { cmd.Wait(); close(ended) }()
	s.t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			cmd.Process.Kill()
			<-ended
		}
		if s.t.Failed() {
			s.t.Logf("the proxy's log:\n%s", log.String())
		}
	})
	enforcetest.Eventually(s.t, 20*time.Second, program+" listens", func() bool {
		select {
		case <-ended:
			s.t.Fatalf("%s ended:\n%s", program, log.String())
		default:
		}
		conn, err := net.Dial("tcp", s.proxy)
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
}

func freeAddr(t testing.TB) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// serveAPI is the API: it notes what it is asked, and switches protocols.
func (s *stand) serveAPI(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.seen = append(s.seen, r)
	s.mu.Unlock()
	if strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		conn, rw, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "+
			accept(r.Header.Get("Sec-WebSocket-Key"))+"\r\n\r\n")
		line, _ := rw.ReadString('\n')
		io.WriteString(conn, "echo "+line)
		return
	}
	if r.URL.Query().Get("api") == "denies" {
		w.WriteHeader(http.StatusForbidden)
		io.WriteString(w, "the API's own denial")
		return
	}
	io.WriteString(w, "served")
}

// accept is the answer to a WebSocket's key (RFC 6455, 4.2.2).
func accept(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// reached is what reached the API since it was last asked.
func (s *stand) reached() []*http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := s.seen
	s.seen = nil
	return seen
}

// reply is an answer, read to its end.
type reply struct {
	*http.Response
	body string
}

// raw sends exactly these lines over a connection of its own.
func (s *stand) raw(lines ...string) (reply, error) {
	conn, err := net.Dial("tcp", s.proxy)
	if err != nil {
		return reply{}, err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.WriteString(conn, strings.Join(lines, "\r\n")); err != nil {
		return reply{}, err
	}
	method, _, _ := strings.Cut(lines[0], " ")
	res, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	if err != nil {
		return reply{}, err
	}
	body, err := io.ReadAll(res.Body)
	return reply{res, string(body)}, err
}

// send sends a request with headers, as they are.
func (s *stand) send(method, target string, headers ...string) reply {
	s.t.Helper()
	lines := append([]string{method + " " + target + " HTTP/1.1", "Host: api.example.com", "Connection: close"}, headers...)
	r, err := s.raw(append(lines, "", "")...)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, target, err)
	}
	return r
}

func bearer(secret string) string { return fmt.Sprint("Authorization: Bearer ", secret) }
