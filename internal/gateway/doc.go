// Package gateway is the gate in front of every path under /client/v4. It
// reads the credential, finds the operation, asks an [Authorizer] and only then
// calls the operation's [Handler]. There is no second router behind it and no
// other way in.
//
// It owns how a request is read (address, path, headers, body) and how a
// refusal is worded: the tables in denial.go and miss.go are the only place
// where an outcome becomes an HTTP status and an error number. What a live
// credential is told beside it is chain.go's; how often somebody may ask says a
// [Limiter].
//
// Who a credential belongs to and what it may do is the Authorizer's, which for
// us is package authority; the gate only has a type parameter for whom it
// names. Operations come from package catalog, the client's address from
// package clientip, the form of secrets from package token.
package gateway
