package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestSecretFileIsPrivateAndWhole(t *testing.T) {
	name := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(name, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := openSecretFile(name, false); err == nil {
		t.Error("an existing file was taken for a new one")
	}
	f, err := openSecretFile(name, true)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(name); string(got) != "old" {
		t.Errorf("replaced before there was a secret: %q", got)
	}
	if err := f.commit("new"); err != nil {
		t.Fatal(err)
	}
	f.discard()
	info, err := os.Stat(name)
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if got, _ := os.ReadFile(name); string(got) != "new\n" {
		t.Errorf("holds %q", got)
	}
}

func TestSecretFileLeavesNothingBehind(t *testing.T) {
	folder := t.TempDir()
	f, err := openSecretFile(filepath.Join(folder, "token"), false)
	if err != nil {
		t.Fatal(err)
	}
	f.discard()
	if left, _ := os.ReadDir(folder); len(left) != 0 {
		t.Errorf("left %v", left)
	}
	for _, name := range []string{os.DevNull, folder} {
		if _, err := openSecretFile(name, true); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}
