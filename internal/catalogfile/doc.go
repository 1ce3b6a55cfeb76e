// Package catalogfile owns the files in which teams describe an API of their own:
// the YAML form of a custom catalogue, what is wrong with one and where
// ([Read], [File.Lint]), and the way from an OpenAPI document to it ([Import]).
//
// A file that has no errors becomes a [catalog.Spec], which package catalog puts
// beside the built-in catalogue. Matching and judging are not done here.
package catalogfile
