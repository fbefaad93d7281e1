package store

import (
	"strings"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// keepable refuses texts that are no UTF-8 or hold a zero character: PostgreSQL cannot keep them, and
// SQLite would keep them and let comparisons end there. Such text is damage or an attack, whichever
// field it came by.
func keepable(args []any) error {
	for _, a := range args {
		if s, ok := a.(string); ok && (strings.IndexByte(s, 0) >= 0 || !utf8.ValidString(s)) {
			return fault.New(fault.Invalid, "store.characters")
		}
	}
	return nil
}
