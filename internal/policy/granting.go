package policy

// Granting is those of the groups that the set's policies give on a path and
// that none of them takes away there: what an access that is allowed was allowed
// by. It does not look at the condition.
func (s *Set) Granting(path *Path, groups *GroupSet) GroupSet {
	given, denied := s.gather(path, groups)
	return given.Minus(&denied)
}
