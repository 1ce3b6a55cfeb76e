package catalog

import "github.com/tokenward/tokenward/internal/policy"

// Levels of a permission group.
const (
	LevelRead  = "read"
	LevelEdit  = "edit"
	LevelOther = "other" // Admin, Revoke, Run, Bind, Send, Purge, ...
)

// Group is a permission group with what people are shown about it.
type Group struct {
	policy.Group

	Category    string // one of the 13 values of the wire format, "" if none is known
	Level       string // LevelRead, LevelEdit or LevelOther
	Label       string // key and level: "dns_read"; unique in the catalogue
	Description string
	Public      bool // the id is a public one, not one of our own making

	API     string // the custom catalogue that it comes from, "" for the built-in one
	Product string // what the custom catalogue files it under
}
