package overhttp

import (
	"bytes"
	"fmt"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
)

// Messages of the engines' gRPC are written by hand: their modules are large, and a
// question has few members.

// field is a member of a message whose value is encoded already.
func field(number protowire.Number, value []byte, kind protowire.Type) []byte {
	return append(protowire.AppendTag(nil, number, kind), value...)
}

// words is a member that is a string.
func words(number protowire.Number, s string) []byte {
	return field(number, protowire.AppendString(nil, s), protowire.BytesType)
}

// inner is a member that is a message of some members.
func inner(number protowire.Number, members ...[]byte) []byte {
	return field(number, protowire.AppendBytes(nil, slices.Concat(members...)), protowire.BytesType)
}

// says accepts messages that contain the encoded members of a yes, or do not.
func says(want bool, yes []byte) func([]byte) error {
	return func(message []byte) error {
		if bytes.Contains(message, yes) != want {
			return fmt.Errorf("answered % x", message)
		}
		return nil
	}
}
