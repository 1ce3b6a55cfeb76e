package e2e

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

var codeBlock = regexp.MustCompile("(?s)```\n(.*?)```")

// TestThePageOfRecordScopesTellsTheTruth: its commands, pasted as they are, print
// what it says.
func TestThePageOfRecordScopesTellsTheTruth(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/record-scopes.md")
	if err != nil {
		t.Fatal(err)
	}
	_, tryIt, _ := strings.Cut(string(page), "## Try it\n")
	blocks := codeBlock.FindAllStringSubmatch(tryIt, 2)
	if len(blocks) != 2 {
		t.Fatal("the page has no commands and what they print")
	}
	s := newServer(t)
	commands := strings.NewReplacer("http://127.0.0.1:8484", s.Origin(), "tokenward-data", s.Dir).Replace(blocks[0][1])
	if r := run(t, nil, "bash", "-c", commands); r.stdout != blocks[1][1] {
		r.fails(t, "the page says\n"+blocks[1][1])
	}
}
