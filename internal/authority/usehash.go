package authority

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"net/netip"
	"unsafe"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// hashUse must not be foreseeable: the resource is what somebody asked for. It is
// not zero.
func (ts *tallies) hashUse(op *catalog.Operation, ref *policy.Ref, why policy.Reason) uint64 {
	var b [18]byte
	copy(b[:16], ref.ID[:])
	b[16], b[17] = byte(ref.Kind), byte(why)
	h := maphash.Bytes(ts.seed, b[:]) ^ bits.RotateLeft64(maphash.String(ts.seed, op.ID), 1)
	if ref.Name != "" {
		h ^= bits.RotateLeft64(maphash.String(ts.seed, ref.Name), 2)
	}
	return h | 1<<63
}

// hashPair is a hash of what an attempt uses, its address and the day. Of one
// token it tells apart what hashUse and hashAddr tell apart together, but for why
// the use was denied.
func (ts *tallies) hashPair(at *Attempt, day int64) uint64 {
	var b [48]byte
	ref, from := at.Path.Leaf(), at.Addr.As16()
	copy(b[:16], ref.ID[:])
	copy(b[16:32], from[:])
	b[32], b[33] = byte(ref.Kind), byte(at.Addr.BitLen())
	binary.LittleEndian.PutUint32(b[36:], uint32(day))
	// Its address will do for the operation: a catalogue's operations are made once, and
	// none for a request.
	binary.LittleEndian.PutUint64(b[40:], uint64(uintptr(unsafe.Pointer(at.Op))))
	h := maphash.Bytes(ts.seed, b[:])
	if ref.Name != "" {
		h ^= bits.RotateLeft64(maphash.String(ts.seed, ref.Name), 2)
	}
	return h
}

// hashAddr is not zero either.
func (ts *tallies) hashAddr(addr netip.Addr) uint64 {
	b := addr.As16()
	return maphash.Bytes(ts.seed, b[:]) ^ binary.LittleEndian.Uint64(b[8:]) | 1<<63
}
