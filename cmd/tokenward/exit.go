package main

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/tokenward/tokenward/client"
)

const (
	exitOK       = 0
	exitFailed   = 1
	exitUsage    = 2
	exitNotFound = 3
)

func exitCodesTopic() *cobra.Command {
	return &cobra.Command{
		Use:   "exit-codes",
		Short: "What the exit code of a command means",
		Long: `Exit codes:

  0  done. For 'token verify': the token is active. For 'explain': the access
     would be allowed.
  1  failed: the API refused the call or could not be reached, the server
     stopped with an error, the token that was verified is not active, or the
     access that was explained would be denied.
  2  the command line, the environment or the configuration is wrong. Nothing
     was started or changed.
  3  there is no such token. For 'token revoke': none of those named was
     there; with other failures among them it is 1.`,
	}
}

func exitCode(err error) int {
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, new(usageError)):
		return exitUsage
	case onlyNotFound(err):
		return exitNotFound
	}
	return exitFailed
}

// onlyNotFound reports whether err, or each of the errors joined in it, says
// that an object does not exist.
func onlyNotFound(err error) bool {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return client.IsNotFound(err)
	}
	for _, e := range joined.Unwrap() {
		if !onlyNotFound(e) {
			return false
		}
	}
	return true
}
