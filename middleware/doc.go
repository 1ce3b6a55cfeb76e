// Package middleware puts tokenward's gate in front of an http.Handler.
//
//	guard, err := middleware.New(middleware.Config{
//		Endpoint: "http://127.0.0.1:9443", Secret: secret, API: "shop",
//	})
//	go guard.Follow(ctx)
//	http.ListenAndServe(addr, guard.Protect(mux))
//
// A [Guard] asks the enforcement endpoint (tokenward serve --enforce) whether a
// request may pass. It sends the SHA-256 of the bearer token, the client's address,
// the method and the target, and never the token. Answers that allow are kept
// while nothing changes: [Guard.Follow] hears of changes as they happen. When it
// has heard nothing for Config.MaxStaleness, and always where nobody runs it,
// every request is asked about; when the endpoint is away too, it is answered 503.
//
// Handlers find whose request it is with [FromContext], and ask about the rows of
// a list with [Guard.May].
package middleware
