package statement

import (
	"slices"
	"strconv"
	"strings"
)

// ByColumnsPrefix begins the key of a format whose columns somebody named by their letters:
// columns:date=A,inflow=C,outflow=D;from=2.
const ByColumnsPrefix = "columns:"

// Mappable are the parts that a person names columns for.
var Mappable = []Part{Date, Inflow, Outflow, Amount, Direction, BalanceColumn, Counterparty, Purpose,
	Serial}

// Mapping writes columns by letter as the key of a format; from is the row of the first line.
func Mapping(columns map[Part]string, from int) string {
	var list []string
	for _, p := range Mappable {
		if columns[p] != "" {
			list = append(list, string(p)+"="+strings.ToUpper(columns[p]))
		}
	}
	return ByColumnsPrefix + strings.Join(list, ",") + ";from=" + strconv.Itoa(from)
}

// WithColumns is the format with columns by letter in place of headings, as a key names them. False: it
// names none, one twice, or no day or amount.
func (f Format) WithColumns(key string) (Format, bool) {
	list, from, _ := strings.Cut(strings.TrimPrefix(key, ByColumnsPrefix), ";from=")
	f.Key, f.Columns, f.Positions, f.FirstRow = key, nil, map[Part]string{}, 1
	if from != "" {
		n, err := strconv.Atoi(from)
		if err != nil || n < 1 || n > LinesMax {
			return f, false
		}
		f.FirstRow = n
	}
	used := map[int]bool{}
	for _, one := range strings.Split(list, ",") {
		part, letters, _ := strings.Cut(strings.TrimSpace(one), "=")
		p, column := Part(part), columnOf(letters)
		if !slices.Contains(Mappable, p) || letters == "" || column < 0 || used[column] ||
			f.Positions[p] != "" {
			return f, false
		}
		f.Positions[p], used[column] = columnName(column), true
	}
	f.Amounts, f.Examples = "", nil
	has := func(p Part) bool { return f.Positions[p] != "" }
	return f, has(Date) && (has(Amount) != (has(Inflow) && has(Outflow))) && has(Inflow) == has(Outflow) &&
		(!has(Direction) || has(Amount))
}
