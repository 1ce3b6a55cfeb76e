package dns

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/v4"
)

// The numbers of the v4 API for what can be wrong with a record; package v4 has those
// that others tell too. Those marked "ours" were never observed upstream, the others
// were, with that meaning.
const (
	numInvalid         = 1004 // DNS Validation Error: the chain says what
	numName            = 9000 //
	numProxyTarget     = 9003 // this target cannot be proxied
	numA               = 9005 //
	numAAAA            = 9006 //
	numCNAME           = 9007 //
	numMX              = 9009 //
	numTTL             = 9021 //
	numCNAMESelf       = 9039 //
	numNotProxiable    = 9041 // this type cannot be proxied
	numTXT             = 9051 //
	numRequired        = 9100 // "... is a required field."
	numValue           = 9201 // ours: any other member that is not what it should be
	numType            = 9202 // ours
	numComment         = 9203 // ours
	numTags            = 9204 // ours
	numQuery           = 9205 // ours: a parameter of a list
	numNotFound        = v4.CodeNoRecord
	numAddressOrAlias  = 81053 // a CNAME cannot join these
	numAliasExists     = 81054 // an address cannot join a CNAME
	numDelegation      = 81056 // NS and others at one name
	numIdentical       = v4.CodeIdenticalRecord
	messageInvalid     = "DNS Validation Error"
	messageNotFound    = v4.MessageNoRecord
	messageIdentical   = "An identical record already exists."
	messageAddrOrAlias = "An A, AAAA, or CNAME record with that host already exists."
	messageAliasExists = "A CNAME record with that host already exists."
	messageDelegation  = "NS records with that host already exist."
	messageNotAlone    = "NS records cannot exist on the same name as other records."
)

// Fault is one thing wrong with a record or a query: its v4 number, where (a
// JSON pointer into the record, or the name of a query parameter) and what, as
// a sentence for the user.
type Fault struct {
	Number  int
	Pointer string
	Message string
}

// Error is an answer about records that is not a result. The status is 404 when
// Code is [authority.CodeNotFound] and 400 otherwise: clients retry a 409 for
// minutes.
//
// Number and Message are the older form of a validation error, 1004 with the
// faults as its error_chain; newer answers list the faults of Chain themselves.
type Error struct {
	Code    authority.Code
	Number  int
	Message string
	Chain   []Fault
}

func (e *Error) Error() string {
	if len(e.Chain) == 0 {
		return fmt.Sprintf("%s (%d)", e.Message, e.Number)
	}
	faults := make([]string, len(e.Chain))
	for i, f := range e.Chain {
		faults[i] = fmt.Sprintf("%s (%d)", f.Message, f.Number)
	}
	return strings.Join(faults, " ")
}

// Is makes a record that is not there the same error as a row that is not there.
func (e *Error) Is(target error) bool {
	return target == authority.ErrNotFound && e.Code == authority.CodeNotFound
}

func invalid(faults []Fault) error {
	if len(faults) == 0 {
		return nil
	}
	return &Error{Code: authority.CodeInvalid, Number: numInvalid, Message: messageInvalid, Chain: faults}
}

// refused is invalid for several changes. Where all that is wrong is that the
// records are not there, the answer is that they are not there.
func refused(faults []Fault) error {
	if slices.ContainsFunc(faults, func(f Fault) bool { return f.Number != numNotFound }) {
		return invalid(faults)
	}
	return &Error{Code: authority.CodeNotFound, Number: numNotFound, Message: messageNotFound, Chain: faults}
}

func exists(number int, message string) error {
	return &Error{Code: authority.CodeExists, Number: number, Message: message}
}

// required is the sentence for a member that is missing.
func required(pointer, name string) Fault {
	return Fault{numRequired, pointer, name + " is a required field."}
}

// fromStore makes an answer of what a store returned while doing something.
func fromStore(doing string, err error) error {
	var ours *Error
	var theirs *authority.Error
	switch {
	case err == nil, errors.As(err, &ours), errors.As(err, &theirs):
		return err
	case errors.Is(err, authority.ErrNotFound):
		return &Error{Code: authority.CodeNotFound, Number: numNotFound, Message: messageNotFound}
	case errors.Is(err, authority.ErrConflict), errors.Is(err, authority.ErrExists):
		return &authority.Error{
			Code:    authority.CodeConflict,
			Message: "The record was changed by someone else at the same time.",
			Err:     fmt.Errorf("%s: %w", doing, err),
		}
	}
	return &authority.Error{
		Code:    authority.CodeUnavailable,
		Message: "the store could not answer",
		Err:     fmt.Errorf("%s: %w", doing, err),
	}
}
