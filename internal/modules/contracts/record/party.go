package record

import (
	"github.com/terrace-project/terrace/internal/pure/identifier"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Unmasked reports whether a counterparty's code is a person's identity number that nobody has masked: such
// numbers are not kept here. A credit code that could be read as one is a credit code.
func Unmasked(code string, today period.Date) bool {
	if _, err := identifier.ParseCredit(code); err == nil {
		return false
	}
	_, err := identifier.ParseResident(code, today)
	return err == nil
}
