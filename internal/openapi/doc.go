// Package openapi describes what is served, as an OpenAPI 3.1 document and as a
// page to read. Both are made from the catalogue and from the types that the
// handlers of package httpapi were compiled with, so there is nothing to keep in
// step by hand. What is in the catalogue and not served is left out.
//
// Whether answers keep to the document is tested where they are made, in package
// server.
package openapi
