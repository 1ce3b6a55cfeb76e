// Package inprocess measures a decision about a token where no network lies in
// between: ours, and that of policy engines that are Go libraries.
//
// Each is used as its documentation says is fast. What they are asked is the same:
// may this token do one thing to one zone? Only our tokens have a client-IP
// condition. All can take away as well as give: a policy that denies wins.
package inprocess
