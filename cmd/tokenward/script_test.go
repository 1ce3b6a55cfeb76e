package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"tokenward": main})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Values[testKey{}] = env.T()
			// Of the form of a secret, and nobody's.
			env.Setenv("SECRET", "tkut_0123456789abcdefghij"+"ABCDEFGHIJ0123456789"+"fcca43d2")
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"serve":      cmdServe,
			"exitcode":   cmdExitCode,
			"extract":    cmdExtract,
			"until":      cmdUntil,
			"writefile":  cmdWriteFile,
			"appendfile": cmdAppendFile,
			"upstream":   cmdUpstream,
			"request":    cmdRequest,
		},
	})
}
