// Package browser drives the dashboard with a real Chromium against a real
// server: every flow a person goes through, with script on a desk and without on
// a phone, and axe-core over every page in light and in dark. It also makes the
// pictures in docs/images.
//
// A test has a server of its own, or shares one that it only looks at, and opens
// tabs, each with cookies of its own; one browser process serves them all. A tab
// finds things the way people do: click("Roll"), fill("Name", ...), by what is
// written on them, with the mouse where it can be seen. Whatever the browser
// complains about, errors, refusals by the content policy, parts of a page that
// cannot be had, fails the test at its end.
//
// The pages walked are those in internal/dashboard/testdata/routes.txt, which a
// test beside it holds to what is served.
//
// The module is not the server's, so that the browser's driver is no dependency of
// the server. Nothing is skipped: a browser that is missing fails its test.
package browser
