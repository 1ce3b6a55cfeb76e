package gateway

import (
	"net/http"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/v4"
)

// notServed is for an operation that is allowed and that nothing carries out.
var notServed = v4.Error{Code: v4.CodeBadIdentifier, Message: "Nothing serves this operation here"}

// miss tells a live credential why its request names no operation (contract
// 2.3). The contract leaves the status of 7003 open: it is 400 where the path
// is malformed and 404 where nothing is at it.
func (a *answer) miss(way *route) {
	switch way.miss {
	case catalog.NoMethod:
		a.Header().Set("Allow", strings.Join(way.allow, ", "))
		a.fail(http.StatusMethodNotAllowed, noMethod(way.op.Family))
	case catalog.BadID, catalog.BadPath:
		a.fail(http.StatusBadRequest, noRouteTo(way.path))
	default:
		a.fail(http.StatusNotFound, noRouteTo(way.path), v4.Error{Code: v4.CodeNoRoute, Message: "No route for that URI"})
	}
}

func noMethod(f catalog.Family) v4.Error {
	if f == catalog.FamilyProduct {
		return v4.Error{Code: v4.CodeMethodNotAllowed, Message: "Method not allowed"}
	}
	return v4.Error{Code: v4.CodeMethodNotForURI, Message: "Method not available for that URI"}
}

func noRouteTo(path string) v4.Error {
	return v4.Error{
		Code:    v4.CodeBadIdentifier,
		Message: "Could not route to " + legible(path, 256) + ", perhaps your object identifier is invalid?",
	}
}
