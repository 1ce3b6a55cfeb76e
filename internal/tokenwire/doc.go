// Package tokenwire turns a token's definition as it is on the wire into a
// draft. The API's handlers and the dashboard's JSON editor read the same
// document and must read it the same way.
package tokenwire
