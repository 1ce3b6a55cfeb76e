// Package compile turns the sources of the built-in catalogue into the form
// that package catalog embeds and loads. It checks everything that can be
// checked beforehand, so that loading can be simple and fast.
//
// It works on text only and imports nothing of ours: it must build while the
// embedded file is missing or stale.
package compile
