package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// insideVariable says that a test runs in a network and with a hosts file of its
// own.
const insideVariable = "TOKENWARD_E2E_INSIDE"

// runInside runs a test again where the name of the upstream API is this
// machine, and where there is nothing else.
func runInside(t *testing.T) {
	t.Helper()
	hosts := filepath.Join(t.TempDir(), "hosts")
	if err := os.WriteFile(hosts, []byte("127.0.0.1 localhost "+apiName+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	flags := "-mn"
	if os.Geteuid() != 0 {
		flags = "-mnr"
	}
	const enter = `ip link set lo up && mount --bind "$HOSTS" /etc/hosts && exec "$0" "$@"`
	r := run(t, []string{insideVariable + "=1", serverVariable + "=" + serverBinary, "HOSTS=" + hosts},
		"unshare", flags, "sh", "-c", enter, self, "-test.run=^"+t.Name()+"$", "-test.v", "-test.count=1")
	if r.code != 0 || !strings.Contains(r.stdout, "--- PASS: "+t.Name()) {
		r.fails(t, "it failed there")
	}
}
