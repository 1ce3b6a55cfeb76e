package server_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// fewestErrors is how many rows the table of errors has.
const fewestErrors = 40

// TestEveryFactOfTheContractHasATest reads testdata/contract.txt: what the wire
// contract and its clients ask for, and which tests hold it. Each of them must
// be there, and so must all fifteen rules and all rows of the error table.
func TestEveryFactOfTheContractHasATest(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/contract.txt")
	if err != nil {
		t.Fatal(err)
	}
	known := knownTests(t)
	kinds := map[string]int{}
	for _, fact := range parseScripts(t, "contract.txt", string(text)) {
		kind, _, _ := strings.Cut(fact.title, ":")
		kinds[kind]++
		kinds[strings.Fields(kind)[0]+" *"]++
		if len(fact.lines) == 0 {
			t.Errorf("no test holds %q", fact.title)
		}
		for _, line := range fact.lines {
			if !known[line.text] {
				t.Errorf("%s: there is no test %q", line.where, line.text)
			}
		}
	}
	for n := 1; n <= 15; n++ {
		if rule := fmt.Sprintf("rule %d", n); kinds[rule] != 1 {
			t.Errorf("%s is there %d times", rule, kinds[rule])
		}
	}
	for n := 1; n <= 14; n++ {
		if fact := fmt.Sprintf("client fact %d", n); kinds[fact] != 1 {
			t.Errorf("%s is there %d times", fact, kinds[fact])
		}
	}
	if kinds["error *"] < fewestErrors {
		t.Errorf("%d rows of the table of errors, there are at least %d", kinds["error *"], fewestErrors)
	}
}

// TestEveryErrorNumberHasATranscript: a number of package v4 that no transcript
// of an answer shows is one that nobody has looked at.
func TestEveryErrorNumberHasATranscript(t *testing.T) {
	t.Parallel()
	except := map[string]string{
		"CodeNone":             "a remark on success",
		"CodeForbidden":        "the gate says no before",
		"CodeServiceRateLimit": "971 is said everywhere",
		"CodeUnavailable":      "TestAReadThatFailsIsNeverAnInvalidToken",
		"CodeInternal":         "TestPanickingHandler",
		"CodeUnstated":         "TestALiveCredentialIsToldWhatItTakes",
		// Of package upstream: a transcript has no upstream behind it.
		"CodeBadUpstream":        "TestDeadAndSlowUpstreamsEndInTime",
		"CodeUpstreamTimeout":    "TestDeadAndSlowUpstreamsEndInTime",
		"CodeUpstreamCredential": "TestUpstreamsRefusalsAreKeptApartFromOurs",
		"CodeListTooLong":        "TestListsThatAreTooLongAreRefused",
		"CodeNotJudgedHere":      "TestForwardAuthSaysWhatItCannotJudge", // of package enforce
	}
	shown := map[string]bool{}
	for _, folder := range []string{"errors", "badinput"} {
		for _, scripts := range readScripts(t, "testdata/"+folder) {
			for _, s := range scripts {
				for _, line := range s.lines {
					if m := toldNumber.FindStringSubmatch(line.text); m != nil {
						shown[m[1]] = true
					}
				}
			}
		}
	}
	for name, value := range errorNumbers(t) {
		if !shown[value] && except[name] == "" {
			t.Errorf("no transcript shows %s, %s", name, value)
		}
		if shown[value] && except[name] != "" {
			t.Errorf("a transcript shows %s, %s: it is no exception", name, value)
		}
	}
}

// toldNumber finds the number of an error in a line of a transcript.
var toldNumber = regexp.MustCompile(`(?:-> [45]\d\d|^and|^and chain) (\d{1,5})(?: |$)`)

// errorNumbers are the constants of package v4 that are numbers of errors.
func errorNumbers(t *testing.T) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../../v4/codes.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	numbers := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		if c, ok := n.(*ast.ValueSpec); ok && len(c.Values) == 1 {
			if v, ok := c.Values[0].(*ast.BasicLit); ok && v.Kind == token.INT {
				numbers[c.Names[0].Name] = v.Value
			}
		}
		return true
	})
	if len(numbers) < 25 {
		t.Fatalf("only %d numbers", len(numbers))
	}
	return numbers
}

// knownTests are all tests of the module and of e2e, as "folder TestName", and
// all transcripts here, as "testdata folder/file: title".
func knownTests(t *testing.T) map[string]bool {
	t.Helper()
	root, known := filepath.Join("..", ".."), map[string]bool{}
	for _, pattern := range []string{"e2e/*", "v4/*", "client/*", "internal/*", "internal/*/*", "internal/*/*/*", "cmd/*/*"} {
		files, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern+"_test.go")))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			for _, test := range testsIn(t, name) {
				folder, err := filepath.Rel(root, filepath.Dir(name))
				if err != nil {
					t.Fatal(err)
				}
				known[filepath.ToSlash(folder)+" "+test] = true
			}
		}
	}
	for _, folder := range []string{"errors", "badinput", "decisions", "templates"} {
		for file, scripts := range readScripts(t, "testdata/"+folder) {
			for _, s := range scripts {
				known[folder+"/"+file+".txt: "+s.title] = true
			}
		}
	}
	if len(known) < 500 {
		t.Fatal("only " + strconv.Itoa(len(known)) + " tests were found")
	}
	return known
}

var testFunc = regexp.MustCompile(`(?m)^func (Test\w+)\(`)

func testsIn(t *testing.T, file string) (names []string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range testFunc.FindAllStringSubmatch(string(text), -1) {
		names = append(names, m[1])
	}
	return names
}
