// Package narrowing finds the narrowest policies under which a token can go on
// doing what it did.
//
// In come the policies that a token has and what it needs: groups of which any one
// is enough, on a resource. Out come policies to put in their place. Each of them
// is a part of one that the token has: fewer groups, on fewer resources or on
// resources inside of those. What denies stays as it is. So the result allows
// nothing that the token is not allowed today, and nobody has to trust the search
// for that.
//
// The package does no I/O and has no clock. What a token was used for, and where
// the resources lie, is found by package authority.
package narrowing
