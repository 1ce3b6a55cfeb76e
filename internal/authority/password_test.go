package authority_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
)

func TestPasswordIsRecognizedAndNoOther(t *testing.T) {
	t.Parallel()
	const password = "correct horse battery staple"
	hash := authority.HashPassword(password)
	if !authority.CheckPassword(hash, password) {
		t.Error("the password is not recognized")
	}
	for _, other := range []string{"", password + " ", strings.ToUpper(password)} {
		if authority.CheckPassword(hash, other) {
			t.Errorf("%q is taken for the password", other)
		}
	}
	if again := authority.HashPassword(password); again == hash {
		t.Error("two hashes of a password are one")
	}
	if strings.Contains(hash, password) || !strings.HasPrefix(hash, "$argon2id$v=19$m=65536,t=3,p=1$") {
		t.Errorf("the hash is %q", hash)
	}
}

// TestHashThatCannotBeReadMatchesNothing, and costs nothing to find out: whoever
// can write to a row must not be able to take the server's memory or time.
func TestHashThatCannotBeReadMatchesNothing(t *testing.T) {
	const password = "correct horse battery staple"
	good := authority.HashPassword(password)
	parts := strings.Split(good, "$")
	salt, key := parts[4], parts[5]
	with := func(version, costs, salt, key string) string {
		return fmt.Sprintf("$argon2id$v=%s$%s$%s$%s", version, costs, salt, key)
	}
	const costs = "m=65536,t=3,p=1"
	if !authority.CheckPassword(with("19", costs, salt, key), password) {
		t.Fatal("the parts are not the hash")
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, hash := range []string{
		"", "$", password, "$argon2id$", "$argon2id$v=19$", good[:len(good)-44], strings.Replace(good, "argon2id", "argon2i", 1),
		strings.Replace(good, "argon2id", "ARGON2ID", 1), " " + good, good[1:],
		with("18", costs, salt, key), with("", costs, salt, key),
		with("19", "m=65536,t=3", salt, key), with("19", "t=3,m=65536,p=1", salt, key),
		with("19", "m=65536,t=0,p=1", salt, key), with("19", "m=65536,t=3,p=0", salt, key),
		with("19", "m=-1,t=3,p=1", salt, key), with("19", "m=65536,t=-3,p=1", salt, key),
		with("19", "m=0x10000,t=3,p=1", salt, key), with("19", "m=65536,t=3,p=256", salt, key),
		with("19", "m=1048576,t=3,p=1", salt, key), with("19", "m=1048577,t=3,p=1", salt, key),
		with("19", "m=4294967295,t=3,p=1", salt, key), with("19", "m=99999999999999999999,t=3,p=1", salt, key),
		with("19", "m=8,t=100,p=1", salt, key), with("19", "m=8,t=4294967295,p=1", salt, key),
		with("19", "m=65536,t=3,p=255", salt, key),
		with("19", costs, salt, ""), with("19", costs, salt, key[:20]), with("19", costs, salt, strings.Repeat("A", 1<<20)),
		with("19", costs, strings.Repeat("A", 1<<20), key), with("19", costs, "", key), with("19", costs, salt, "!"+key[1:]),
		with("19", costs, "!"+salt[1:], key), with("19", costs, salt, key+"$"), with("19", costs, salt, "$"+key),
		with("19", costs, salt, key+"="), with("19", costs, salt, key+" x"), with("19", costs, salt, key+"\n"),
	} {
		if authority.CheckPassword(hash, password) {
			t.Errorf("%.80q matches", hash)
		}
		if authority.CheckPassword(hash, "") {
			t.Errorf("%.80q matches the empty password", hash)
		}
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 256<<20 {
		t.Errorf("it took %d MiB to refuse them", grown>>20)
	}
}
