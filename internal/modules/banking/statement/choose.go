package statement

import (
	"errors"
	"slices"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Sheet is a sheet of a file with its rows.
type Sheet struct {
	Name string
	Rows []Row
}

// ErrUnfit says that no format fits a file.
var ErrUnfit = errors.New("statement: no format fits")

// Choose finds the sheet and the format whose headings fit best. A general format that reads the same money
// and more of what is said of it is taken before that of a bank which the file does not name. Of two formats
// that fit alike and read other lines the general one decides, and without it nobody can say which is meant;
// nor of two sheets. ErrUnfit: none fits.
func Choose(sheets []Sheet, formats []*Format, named bool) (Fit, []Row, error) {
	rows := map[string][]Row{}
	var fits []Fit
	for _, s := range sheets {
		rows[s.Name] = s.Rows
		for _, f := range formats {
			if named && len(f.Positions) > 0 && len(s.Rows) > 0 {
				fits = append(fits, Fit{Format: f, Sheet: s.Name})
			}
			if fit, found := FitOf(f, s.Name, s.Rows); found {
				fits = append(fits, fit)
			}
		}
	}
	best, equals, found := Best(fits)
	if !found {
		return best, nil, ErrUnfit
	}
	for _, other := range equals {
		if other.Sheet != best.Sheet {
			return best, nil, fault.New(fault.Conflict, "banking.two_sheets", best.Sheet, other.Sheet)
		}
	}
	fit, err := settle(fits, best, equals, rows[best.Sheet])
	return fit, rows[best.Sheet], err
}

// settledRows is by how many rows of a file formats are told apart.
const settledRows = 1000

// settle decides between formats that fit a sheet.
func settle(fits []Fit, best Fit, equals []Fit,
	rows []Row) (Fit, error) {
	read := func(f Fit) Statement {
		return Read(f.Format, f.Sheet, rows[:min(len(rows), settledRows)], Expectation{})
	}
	own := read(best)
	wide, there := general(fits, best)
	if there {
		if own.Stops() || sameMoney(own.Lines, read(wide).Lines) {
			return wide, nil
		}
	}
	for _, other := range equals {
		if slices.Equal(own.Lines, read(other).Lines) {
			continue
		}
		if there {
			return wide, nil
		}
		return best, fault.New(fault.Conflict, "banking.two_fit", best.Format.Title, other.Format.Title)
	}
	return best, nil
}

// general is a general format that reads at least as many columns of the same sheet as one that is made for
// a bank whose name the file does not say.
func general(fits []Fit, own Fit) (Fit, bool) {
	for _, f := range fits {
		if f.Format.Fallback && !own.Format.Fallback && !own.Named && f.Sheet == own.Sheet &&
			f.Score >= own.Score {
			return f, true
		}
	}
	return Fit{}, false
}

// sameMoney reports whether two readings have the same days and amounts, whatever they say of them.
func sameMoney(a, b []Line) bool {
	return slices.EqualFunc(a, b, func(a, b Line) bool {
		return a.Row == b.Row && a.Date == b.Date && a.Amount == b.Amount && a.Balance == b.Balance
	})
}
