// Package proxies is configurations of proxies that ask tokenward before they hand
// a request on. Its tests run the proxies with these files; docs/forward-auth-*.md
// and docs/envoy.md show them.
package proxies
