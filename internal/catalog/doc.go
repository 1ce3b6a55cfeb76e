// Package catalog owns the facts about an API: its permission groups, its
// operations, which groups each operation accepts and which resource it acts
// on. [Catalog.Match] turns a method and a path into an operation.
//
// The built-in catalogue, [V4], is embedded. Its sources are the text files in
// v4: groups.txt and operations.txt hold published facts, overlay.txt holds the
// project's own decisions, each with its reason. "go generate" compiles them
// into v4/catalogue.gen.txt, which the package loads at start.
//
// Beside them stand tokens to start from ([Template], [Catalog.ParseTemplateURL])
// and which products take tokens that an account owns ([Compatibility]), in files
// of their own.
//
// Judging is not done here: package policy decides, package authority knows
// whose token it is, and the gateway asks both.
package catalog

//go:generate go run ./gen
