package main

import (
	"strings"
	"testing"
)

func TestTwoServersCannotRunOnOneFolder(t *testing.T) {
	dir := t.TempDir()
	unlock, err := lockFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lockFolder(dir); err == nil || !strings.Contains(err.Error(), "--data") {
		t.Errorf("a second one: %v", err)
	}
	unlock()
	again, err := lockFolder(dir)
	if err != nil {
		t.Fatalf("after the first has stopped: %v", err)
	}
	again()
}
