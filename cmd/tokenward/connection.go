package main

import (
	"errors"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/tokenward/tokenward/client"
)

// connection is how a token command reaches the API, as whom, about whose tokens
// and in which form it answers.
type connection struct {
	program

	apiURL         string
	tokenFile      string
	email, keyFile string
	account        string
	allowPlainHTTP bool
	timeout        time.Duration
	json           bool

	given func(flag string) bool // was it on the command line?
}

func (c *connection) addTo(fs *pflag.FlagSet) {
	fs.StringVar(&c.apiURL, "api-url", "http://127.0.0.1:8484/client/v4", "`URL` of the API, up to /client/v4")
	fs.StringVar(&c.tokenFile, "token-file", "", "`file` with the token to present, - for standard input")
	fs.StringVar(&c.email, "email", "", "`address` of the user, with --key-file")
	fs.StringVar(&c.keyFile, "key-file", "", "`file` with the user's API key, - for standard input")
	fs.StringVar(&c.account, "account", "", "`ID` of the account whose tokens are meant (default: the user's)")
	fs.BoolVar(&c.allowPlainHTTP, "allow-plain-http", false, "send secrets in clear to an http address that is not loopback")
	fs.DurationVar(&c.timeout, "timeout", client.DefaultTimeout, "`time` that a call may take")
	fs.BoolVar(&c.json, "json", false, "print the API's objects as JSON")
}

// api is a client and the owner whose tokens are meant.
type api struct {
	client *client.Client
	owner  client.Owner
}

// open makes the client. It reads the credential and calls nobody. fs are the
// flags of the command that runs.
func (c *connection) open(fs *pflag.FlagSet) (api, error) {
	c.given = fs.Changed
	credential, err := c.credential()
	if err != nil {
		return api{}, err
	}
	cl, err := c.dial(credential)
	if err != nil {
		return api{}, err
	}
	if c.account == "" {
		return api{cl, cl.User()}, nil
	}
	if !isHexID(c.account) {
		return api{}, usagef("--account: an account id is 32 hexadecimal digits")
	}
	return api{cl, cl.Account(c.account)}, nil
}

// dial makes a client with options that not all commands have.
func (c *connection) dial(opts ...client.Option) (*client.Client, error) {
	opts = append(opts, client.WithTimeout(c.timeout))
	if c.allowPlainHTTP {
		opts = append(opts, client.AllowPlainHTTP())
	}
	cl, err := client.New(c.apiURL, opts...)
	if err != nil {
		return nil, c.explain(err)
	}
	return cl, nil
}

// explain puts what the client refuses into the words of the command line.
func (c *connection) explain(err error) error {
	text := strings.TrimPrefix(err.Error(), "client: ")
	if strings.HasPrefix(text, "the base URL") || strings.HasPrefix(text, "plain http") {
		text += " (--api-url, --allow-plain-http)"
	}
	return usageError{errors.New(text)}
}
