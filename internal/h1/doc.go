// Package h1 is a client of one HTTP/1.1 server for requests that can be sent at
// once: [Transport] writes a request, reads its answer and keeps the connection, all
// in the goroutine that calls. http.Transport has two goroutines for each connection
// and hands every request and every answer from one to another, which costs a proxy
// more than the exchange itself.
//
// It owns kept connections, what is written on them, and when one may not be used
// again. Reading an answer is net/http's. Everything else (upgrades, bodies that
// are long or of unknown length, HTTP/2, TLS, proxies, redirects) it leaves to
// http.Transport: see [Takes].
package h1
