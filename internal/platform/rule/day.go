package rule

import (
	"strconv"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/terrace-project/terrace/internal/pure/period"
)

// The functions that move a day. Of what is no day they make "".
const (
	addDays   = "add_days"
	addMonths = "add_months"
	addYears  = "add_years"
)

// ShiftMax is how far a day may be moved, in its unit.
const ShiftMax = 100_000

var shiftUnits = map[string]byte{addDays: 'd', addMonths: 'm', addYears: 'y'}

func dayFunctions() []cel.EnvOption {
	var options []cel.EnvOption
	for name, unit := range shiftUnits {
		options = append(options, cel.Function(name, cel.Overload(name+"_text_int",
			[]*cel.Type{cel.StringType, cel.IntType}, cel.StringType,
			cel.BinaryBinding(func(day, n ref.Val) ref.Val {
				by := int64(n.(types.Int))
				if by > ShiftMax || by < -ShiftMax {
					return types.NewErr("a day is moved by %d", by)
				}
				return types.String(shift(string(day.(types.String)), by, unit))
			}))))
	}
	return options
}

// shift moves a day. A year later is the same month and day of that year, even if that year has no such
// day: it is compared, not shown, and SQL can do the same with a text. Out of the calendar lies
// period.Open on one side and "" on the other.
func shift(day string, by int64, unit byte) string {
	d := period.Date(day)
	if len(day) != len(period.Open) || !digits(day[:4]) {
		return ""
	}
	if unit == 'y' {
		return shiftYears(day, by)
	}
	if !d.Valid() {
		return ""
	}
	if unit == 'd' {
		d = d.AddDays(int(by))
	} else {
		d = d.AddMonths(int(by))
	}
	if !d.Valid() {
		return edge(by)
	}
	return string(d)
}

func shiftYears(day string, by int64) string {
	year, _ := strconv.ParseInt(day[:4], 10, 64) // digits
	if year += by; year < 1000 || year > 9999 {
		return edge(by)
	}
	return strconv.FormatInt(year, 10) + day[4:]
}

func edge(by int64) string {
	if by > 0 {
		return string(period.Open)
	}
	return ""
}

func digits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return true
}
