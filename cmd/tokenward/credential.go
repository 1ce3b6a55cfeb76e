package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/tokenward/tokenward/client"
)

// credential takes the credential from the flags, else from the environment.
func (c *connection) credential() (client.Option, error) {
	fileGiven := c.given("token-file")
	keyGiven := c.given("email") || c.given("key-file")
	token := c.env(apiTokenVariable)
	switch {
	case fileGiven && keyGiven:
		return nil, usagef("give --token-file, or --email with --key-file, not both")
	case fileGiven:
		return c.fileCredential()
	case keyGiven:
		return c.keyCredential()
	case token != "":
		return client.WithToken(strings.TrimSpace(token)), nil
	case c.tokenFile != "":
		return c.fileCredential()
	case c.email != "" || c.keyFile != "":
		return c.keyCredential()
	}
	return nil, usagef("no credential: set %s, or give --token-file, or --email with --key-file", apiTokenVariable)
}

func (c *connection) fileCredential() (client.Option, error) {
	secret, err := c.readSecret("--token-file", c.tokenFile)
	return client.WithToken(secret), err
}

func (c *connection) keyCredential() (client.Option, error) {
	if c.email == "" || c.keyFile == "" {
		return nil, usagef("--email and --key-file go together")
	}
	key, err := c.readSecret("--key-file", c.keyFile)
	return client.WithKey(c.email, key), err
}

// maxSecretFile is more than any secret; a larger file is another one by mistake.
const maxSecretFile = 4 << 10

// readSecret reads a secret from a file, or from standard input for "-".
func (c *connection) readSecret(flag, name string) (string, error) {
	content, err := c.readFile(name, maxSecretFile)
	if err != nil {
		return "", usagef("%s: %w", flag, err)
	}
	secret := strings.TrimSpace(string(content))
	if secret == "" || strings.ContainsAny(secret, " \t\r\n") {
		return "", usagef("%s: holds no secret, or more than one", flag)
	}
	return secret, nil
}

// readFile reads a file of at most limit bytes, or standard input for "-".
func (c *connection) readFile(name string, limit int64) ([]byte, error) {
	in := c.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	content, err := io.ReadAll(io.LimitReader(in, limit+1))
	switch {
	case err != nil:
		return nil, err
	case len(content) == 0:
		return nil, errors.New("is empty")
	case int64(len(content)) > limit:
		return nil, fmt.Errorf("is longer than %d bytes", limit)
	}
	return content, nil
}

// stdinTaken reports whether the credential comes from standard input.
func (c *connection) stdinTaken() bool {
	return c.tokenFile == "-" || c.keyFile == "-"
}
