package authority

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"

	"github.com/tokenward/tokenward/internal/policy"
)

// auditCursor is where a reader of a log stands: after (or, going backwards,
// before) the event with a number. It begins with a version and ends with a MAC,
// so that one that was made up, cut or carried to another log or another database
// is refused instead of understood. It guards nothing else: who
// shows it is judged like anybody.
type auditCursor struct {
	log        string // Log.id
	descending bool
	since      time.Time // what the first page asked for
	seq        int64
}

const (
	cursorVersion = 1
	cursorBody    = 1 + 1 + 16 + 8 + 8
	cursorMAC     = 16
	// MaxAuditCursor is the length of a cursor.
	MaxAuditCursor = (cursorBody+cursorMAC)*4/3 + 1
)

// text writes the cursor. The feed's epoch is the key of its MAC: it is a random
// number of each database, and another one after a restore, when numbers begin
// to mean other events.
func (c *auditCursor) text(epoch string) string {
	b := make([]byte, 2, cursorBody+cursorMAC)
	b[0] = cursorVersion
	if c.descending {
		b[1] = 1
	}
	id, _ := policy.ParseID(c.log)
	b = append(b, id[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(c.seq))
	b = binary.BigEndian.AppendUint64(b, uint64(microOrZero(c.since)))
	return base64.RawURLEncoding.EncodeToString(append(b, cursorSum(b, epoch)...))
}

func cursorSum(body []byte, epoch string) []byte {
	m := hmac.New(sha256.New, []byte("tokenward audit cursor "+epoch))
	m.Write(body)
	return m.Sum(nil)[:cursorMAC]
}

// parseAuditCursor reads a cursor of a log.
func parseAuditCursor(text, epoch, log string, descending bool) (auditCursor, error) {
	if len(text) > MaxAuditCursor {
		return auditCursor{}, errCursor()
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) != cursorBody+cursorMAC || b[0] != cursorVersion {
		return auditCursor{}, errCursor()
	}
	body, sum := b[:cursorBody], b[cursorBody:]
	id, _ := policy.ParseID(log)
	if !hmac.Equal(sum, cursorSum(body, epoch)) || policy.ID(body[2:18]) != id || (body[1] == 1) != descending {
		return auditCursor{}, errCursor()
	}
	c := auditCursor{log: log, descending: descending, seq: int64(binary.BigEndian.Uint64(body[18:26]))}
	if micro := int64(binary.BigEndian.Uint64(body[26:34])); micro != 0 {
		c.since = time.UnixMicro(micro).UTC()
	}
	return c, nil
}
