package policy

import (
	"encoding/binary"
	"math/bits"
	"sync/atomic"
)

// Touch starts to fetch the memory that Evaluate will read for a path's
// resource, and returns without waiting for it. It changes nothing and decides
// nothing; call it as soon as the set is known, before other work.
func (s *Set) Touch(path *Path) {
	if len(s.words) == 0 {
		return
	}
	// Loads that are not atomic would be dropped, since nothing uses them.
	atomic.LoadUint64(&s.words[0])
	refs := s.words[s.refs:]
	if n := len(refs) / refWords; n > 0 {
		guess, _ := bits.Mul64(binary.BigEndian.Uint64(path.refs[0].ID[:8]), uint64(n))
		atomic.LoadUint64(&refs[int(guess)*refWords])
	}
}
