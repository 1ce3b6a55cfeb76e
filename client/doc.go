// Package client is a Go client for the token endpoints of the v4 API: those of
// tokenward, and of whatever else speaks it.
//
//	c, err := client.New("https://tokens.example.com/client/v4", client.WithToken(secret))
//	tokens, err := c.User().List(ctx, client.ListOptions{})
//	created, err := c.Account(accountID).Create(ctx, request)
//
// A [Client] owns the transport: credentials, time limits, bounds on what it
// reads, and errors. An [Owner] says whose tokens a call is about. The objects
// are those of package v4.
//
// A call that changes something is sent once. When it fails without an answer it
// may have been carried out all the same; look before sending it again.
//
// Errors never contain the credential or a secret that was issued.
package client
