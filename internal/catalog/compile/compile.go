package compile

import "fmt"

// Sources are the texts a catalogue is made from.
type Sources struct {
	Groups     string
	Operations string
	Overlay    string
}

// Catalogue checks the sources and returns the compiled form.
func Catalogue(src Sources) ([]byte, error) {
	groups, err := parseGroups(src.Groups)
	if err != nil {
		return nil, fmt.Errorf("groups: %w", err)
	}
	ops, err := parseOperations(src.Operations)
	if err != nil {
		return nil, fmt.Errorf("operations: %w", err)
	}
	over, err := parseOverlay(src.Overlay)
	if err != nil {
		return nil, fmt.Errorf("overlay: %w", err)
	}
	if err := checkGroups(groups, over.kinds); err != nil {
		return nil, fmt.Errorf("groups: %w", err)
	}
	if err := over.extendGroups(groups); err != nil {
		return nil, fmt.Errorf("overlay: %w", err)
	}
	if ops, err = over.extend(ops); err != nil {
		return nil, fmt.Errorf("overlay: %w", err)
	}
	if err := over.apply(ops); err != nil {
		return nil, fmt.Errorf("overlay: %w", err)
	}
	served := servedGroups(groups)
	for _, o := range ops {
		if err := o.classify(served); err != nil {
			return nil, fmt.Errorf("operation %s: %w", o.id, err)
		}
	}
	return emit(over.kinds, served, ops), nil
}
