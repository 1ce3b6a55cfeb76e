package catalogfile

import (
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// Limits of a file. They keep what a file costs small before it is known to be
// good.
const (
	MaxSize       = 1 << 20 // bytes
	maxDepth      = 16      // of nesting in the YAML
	maxKinds      = 48
	maxProducts   = 200
	maxGroups     = 512
	maxOperations = 2000
	maxTemplates  = 50
	maxList       = 64   // groups of an operation, groups of a template, places
	maxText       = 2000 // characters of a description
	maxName       = 120  // characters of a name, and bytes of a kind's name
	maxPointer    = 256  // bytes of a JSON pointer
	maxPerPage    = 1000 // rows of a list's page
)

// Text is a scalar and where it stands.
type Text struct {
	Value string
	At    Pos
}

// File is a custom catalogue as it is written.
type File struct {
	Name, Title, Description Text
	Account                  Text // an id, "caller", "configured" or ""
	Errors                   Text
	Kinds                    []Kind
	Products                 []Product
	Operations               []Operation
	Templates                []Template
}

// Kind is a kind of resource.
type Kind struct {
	Name, In Text // In is "" for the account
	ID       Text // hex32, int, uuid, slug, or "" beside a Pattern
	Pattern  Text
	Max      int
	At       Pos

	form *policy.IDForm // nil when it was faulty
}

// Product holds groups, and operations say which one they belong to.
type Product struct {
	Name, Description Text
	Groups            []Group
	At                Pos
}

// Group is a permission group.
type Group struct {
	Key, ID, Name, Description, Scope, Level Text
	At                                       Pos
}

// Operation is a method on a path.
type Operation struct {
	ID, Method, Path, Summary, Product, Access, Errors Text
	Groups                                             []Text
	Resource                                           []Place
	Parameters                                         []Parameter
	List                                               *List
	At                                                 Pos
}

// Place says where a resource's id stands.
type Place struct {
	Kind Text
	In   catalog.PlaceIn
	Name Text
	At   Pos
}

// Parameter says what a parameter of the path is that names no resource.
type Parameter struct {
	Name, Form Text
}

// List says what is to be filtered.
type List struct {
	Items  Text
	Rows   []Place
	Paging catalog.Paging
	At     Pos
}

// Template is a token to start from.
type Template struct {
	Key, Name, Description, For, Accounts Text
	Groups                                []Text
	At                                    Pos
}

// accountKind is how files write the kind of accounts.
const accountKind = "account"

// fullKind is a kind's name as resource keys have it.
func fullKind(name string) string {
	if name == accountKind || name == "" {
		return catalog.KindAccount
	}
	return name
}
