// Package server composes the faces of tokenward into one HTTP handler: the v4
// API behind its gate, its description, the dashboard, and what tells whether
// the server is up.
package server
