package tokenform

import (
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Press carries out the button that submitted the form when it is one that
// changes rows, and reports whether it was; nothing is to be judged or saved
// then. v are the values that f was decoded from.
//
//	add-permission, add-resource, add-address       an empty row at the end
//	remove-permission-2, remove-resource-0, ...     without the row of that number
//	use-address                                     a row with client, the address of who asks
func (f *Form) Press(v url.Values, client netip.Addr) bool {
	for name := range v {
		verb, rest, _ := strings.Cut(name, "-")
		switch {
		case name == "use-address":
			f.useAddress(client)
		case verb == "add" && f.add(rest):
		case verb == "remove" && f.remove(v, rest):
		default:
			continue
		}
		return true
	}
	return false
}

func (f *Form) useAddress(client netip.Addr) {
	if client = client.Unmap().WithZone(""); client.IsValid() && len(f.Addresses) < MaxAddresses {
		f.Addresses = append(slices.DeleteFunc(f.Addresses, Address.blank), Address{IsIn, client.String()})
	}
}

func (f *Form) add(what string) bool {
	switch what {
	case "permission":
		f.Permissions = grow(f.Permissions, MaxPermissions)
	case "resource":
		f.Resources = grow(f.Resources, MaxResources)
	case "address":
		f.Addresses = grow(f.Addresses, MaxAddresses)
	default:
		return false
	}
	return true
}

func grow[T any](rows []T, limit int) []T {
	if len(rows) >= limit {
		return rows
	}
	return append(rows, *new(T))
}

// remove takes "permission-2": the row that was submitted with this number.
func (f *Form) remove(v url.Values, rest string) bool {
	what, digits, _ := strings.Cut(rest, "-")
	n, err := strconv.Atoi(digits)
	if err != nil {
		return false
	}
	switch what {
	case "permission":
		f.Permissions = without(f.Permissions, slices.Index(rowNumbers(v, permissions), n))
	case "resource":
		f.Resources = without(f.Resources, slices.Index(rowNumbers(v, resources), n))
	case "address":
		f.Addresses = without(f.Addresses, slices.Index(rowNumbers(v, addresses), n))
	default:
		return false
	}
	return true
}

func without[T any](rows []T, i int) []T {
	if i < 0 || i >= len(rows) {
		return rows
	}
	return slices.Delete(rows, i, i+1)
}
