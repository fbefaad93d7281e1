package identifier

import (
	"errors"
	"fmt"
	"strings"

	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// The ways a number can fail.
var (
	ErrLength   = errors.New("identifier: wrong length")
	ErrAlphabet = errors.New("identifier: a character that cannot stand there")
	ErrDate     = errors.New("identifier: the birth date does not exist or lies in the future")
	ErrCheck    = errors.New("identifier: the check character does not fit")
	// ErrInnerCheck is an ErrCheck too: the ninth character of the organisation code (GB 11714).
	ErrInnerCheck = fmt.Errorf("%w: that of the organisation code", ErrCheck)
)

// Resident is a checked identity number of eighteen characters.
type Resident string

var residentWeights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

const residentChecks = "10X98765432"

// ParseResident reads an identity number as typed (spaces, full-width digits, small x). A number
// of fifteen digits from before 1999 is widened. today refuses births in the future.
func ParseResident(text string, today period.Date) (Resident, error) {
	s := strings.ToUpper(strings.ReplaceAll(decimal.Normal(text), " ", ""))
	if len(s) == 15 && digitsOnly(s) {
		s = s[:6] + "19" + s[6:]
		s += string(residentCheck(s))
	}
	if len(s) != 18 {
		return "", ErrLength
	}
	if !digitsOnly(s[:17]) || !strings.ContainsRune("0123456789X", rune(s[17])) {
		return "", ErrAlphabet
	}
	birth, err := period.ParseDate(s[6:10] + "-" + s[10:12] + "-" + s[12:14])
	if err != nil || birth > today {
		return "", ErrDate
	}
	if residentCheck(s) != s[17] {
		return "", ErrCheck
	}
	return Resident(s), nil
}

// residentCheck computes the eighteenth character: ISO 7064 MOD 11-2.
func residentCheck(s string) byte {
	sum := 0
	for i, w := range residentWeights {
		sum += int(s[i]-'0') * w
	}
	return residentChecks[sum%11]
}

// Birth is the date of birth.
func (r Resident) Birth() period.Date {
	return period.Date(r[6:10] + "-" + r[10:12] + "-" + r[12:14])
}

// Female reports the sex the seventeenth digit records.
func (r Resident) Female() bool { return (r[16]-'0')%2 == 0 }

// Masked shows the region and the last four characters.
func (r Resident) Masked() string { return string(r[:6]) + "********" + string(r[14:]) }

func digitsOnly(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
