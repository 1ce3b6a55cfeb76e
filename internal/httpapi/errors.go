package httpapi

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/dns"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/v4"
)

// failure is an answer that is not a result.
type failure struct {
	status int
	errors []v4.Error
	wait   time.Duration // until it is worth trying again, 0 to say nothing
}

func one(status, code int, message string) failure {
	return failure{status: status, errors: []v4.Error{{Code: code, Message: message}}}
}

// failureOf gives an error its HTTP status and numbers. 408, 409 and 5xx are
// never the answer to what the client did: official clients repeat those
// (contract section 0, rule 10).
func failureOf(err error, op *catalog.Operation) failure {
	var own *authority.Error
	var record *dns.Error
	var forbidden *dns.Forbidden
	var decode *v4.DecodeError
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long), errors.Is(err, v4.ErrTooLarge):
		return one(http.StatusRequestEntityTooLarge, v4.CodeInvalidRequest, "the request body is too large")
	case errors.Is(err, errNoForm):
		return badContentType("multipart/form-data")
	case errors.As(err, &decode):
		return failure{status: http.StatusBadRequest, errors: []v4.Error{fault(op, decode.Pointer, decode.Error())}}
	case errors.As(err, &record):
		return recordFailure(record)
	case errors.As(err, &forbidden):
		return forbiddenFailure(forbidden, op)
	case errors.As(err, &own):
		return ownFailure(own, op)
	}
	return one(http.StatusInternalServerError, v4.CodeInternal, "Internal error")
}

// badContentType refuses the form of a body by its header (contract 2.3).
func badContentType(valid string) failure {
	return failure{status: http.StatusBadRequest, errors: []v4.Error{{
		Code: v4.CodeInvalidHeaders, Message: "Invalid request headers",
		ErrorChain: []v4.ChainItem{{Code: v4.CodeBadContentType, Message: "Invalid Content-Type header, valid values are " + valid}},
	}}}
}

func ownFailure(e *authority.Error, op *catalog.Operation) failure {
	switch e.Code {
	case authority.CodeInvalid:
		return invalidFailure(e, op)
	case authority.CodeForbidden:
		if op.ID == authority.OpAccountCreate {
			return one(http.StatusForbidden, v4.CodeForbidden, "Creating an account is not allowed")
		}
		if op.Family == catalog.FamilyZone || op.Family == catalog.FamilyProduct {
			return one(http.StatusForbidden, v4.CodeAuthentication, "Authentication error")
		}
		return one(http.StatusForbidden, v4.CodeAccessDenied, "Unauthorized to access requested resource")
	case authority.CodeNotFound:
		return one(http.StatusNotFound, v4.CodeNotFound, e.Message)
	case authority.CodeExists:
		if op.ID == authority.OpZoneCreate {
			return one(http.StatusBadRequest, v4.CodeZoneExists, e.Message)
		}
		return one(http.StatusBadRequest, v4.CodeInvalidRequest, e.Message)
	case authority.CodeConflict, authority.CodeQuota:
		return one(http.StatusBadRequest, v4.CodeInvalidRequest, e.Message)
	case authority.CodeUnauthenticated:
		return one(http.StatusForbidden, v4.CodeAccessDenied, e.Message)
	case authority.CodeTooMany:
		f := one(http.StatusTooManyRequests, v4.CodeRateLimited, e.Message)
		f.wait = e.RetryAfter
		return f
	case authority.CodeUnavailable:
		return one(http.StatusServiceUnavailable, v4.CodeUnavailable, "The request could not be carried out now, try again")
	}
	return one(http.StatusInternalServerError, v4.CodeInternal, "Internal error")
}

// invalidFailure lists every fault, so that a client can mend all at once.
func invalidFailure(e *authority.Error, op *catalog.Operation) failure {
	if len(e.Faults) == 0 {
		return one(http.StatusBadRequest, v4.CodeInvalidRequest, e.Message)
	}
	f := failure{status: http.StatusBadRequest}
	for _, fl := range e.Faults {
		f.errors = append(f.errors, fault(op, fl.Pointer, fl.Message))
	}
	return f
}

// fault is one thing wrong with a body. A token's name has a number of its own
// (contract 1.3).
func fault(op *catalog.Operation, pointer, message string) v4.Error {
	e := v4.Error{Code: v4.CodeInvalidRequest, Message: message, Source: &v4.Source{Pointer: pointer}}
	if pointer == "/name" && strings.Contains(op.ID, "api-tokens") {
		e.Code = v4.CodeInvalidName
	}
	return e
}

// invalid refuses what was sent for one reason.
func invalid(pointer, message string) error {
	return &authority.Error{Code: authority.CodeInvalid, Faults: []policy.Fault{{Pointer: pointer, Message: message}}}
}
