package identifier

import (
	"strings"

	"github.com/terrace-project/terrace/internal/pure/decimal"
)

// Credit is a checked unified social credit code of eighteen characters.
type Credit string

const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY" // no I O S V Z

// creditWeights are 3^(i-1) mod 31; organisationWeights those of GB 11714 for the inner code.
var (
	creditWeights       = [17]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}
	organisationWeights = [8]int{3, 7, 9, 10, 5, 8, 4, 2}
)

// Collective types: the second character under department N (agriculture).
const (
	GroupCollective    = '1'
	VillageCollective  = '2'
	TownshipCollective = '3'
	OtherCollective    = '9'
)

// ParseCredit reads a credit code as typed. Both check characters are verified: the last, and the
// ninth of the organisation code inside.
func ParseCredit(text string) (Credit, error) {
	s := strings.ToUpper(strings.ReplaceAll(decimal.Normal(text), " ", ""))
	if len(s) != 18 {
		return "", ErrLength
	}
	for i := range 18 {
		if strings.IndexByte(creditAlphabet, s[i]) < 0 {
			return "", ErrAlphabet
		}
	}
	if !digitsOnly(s[2:8]) {
		return "", ErrAlphabet
	}
	if organisationCheck(s[8:16]) != s[16] {
		return "", ErrInnerCheck
	}
	if creditCheck(s) != s[17] {
		return "", ErrCheck
	}
	return Credit(s), nil
}

// NewCredit completes a code from its department, type, region (6 digits) and the eight characters
// of the organisation. Demo data and tests use it; nobody else may invent codes.
func NewCredit(department, kind byte, region, organisation string) Credit {
	s := string(department) + string(kind) + region + organisation
	s += string(organisationCheck(organisation))
	return Credit(s + string(creditCheck(s)))
}

func creditCheck(s string) byte {
	sum := 0
	for i, w := range creditWeights {
		sum += strings.IndexByte(creditAlphabet, s[i]) * w
	}
	return creditAlphabet[(31-sum%31)%31]
}

// organisationCheck is the check of GB 11714, over its own 36-character values.
func organisationCheck(s string) byte {
	sum := 0
	for i, w := range organisationWeights {
		v := int(s[i] - '0')
		if s[i] >= 'A' {
			v = int(s[i]-'A') + 10
		}
		sum += v * w
	}
	switch c := 11 - sum%11; c {
	case 10:
		return 'X'
	case 11:
		return '0'
	default:
		return byte('0' + c)
	}
}

// Collective reports whether the code is a collective economic organisation's.
func (c Credit) Collective() bool { return c[0] == 'N' }

// Kind is the organisation type digit.
func (c Credit) Kind() byte { return c[1] }

// Region is the division of the registrar at issue; it is never rewritten.
func (c Credit) Region() string { return string(c[2:8]) }
