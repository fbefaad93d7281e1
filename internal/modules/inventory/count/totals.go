package count

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/terrace-project/terrace/internal/pure/decimal"
)

// Layout is which figures an organisation's totals hold and where: the forms and land classes of
// the pack, in order. A figure is found by its place, so that totals add as plain vectors.
type Layout struct {
	Forms []string
	Land  []string
}

// Figures of a form, and of a class of land.
const (
	FormRows = iota
	FormBook
	FormVerified
	FormGain
	FormLoss
	FormOperating    // verified amount of operating assets
	FormNonOperating // and of the others
	formFigures
)

// Figures of a class of land, areas in 0.01 m².
const (
	LandParcels = iota
	LandBook
	LandVerified
	LandGain
	LandLoss
	LandContracted // contracted to households
	LandRetained   // not contracted: run by the collective, leased, idle
	LandDisputed
	landFigures
)

// Figures about the check itself, after the forms and the land.
const (
	CheckDone            = iota // 1 for an organisation whose check is approved
	CheckUnsettled              // rows whose title is not settled, on the form of their own
	CheckUnsettledAmount        // and their amount
	CheckIdle                   // verified amount of idle assets
	CheckWrittenOff             // accumulated depreciation of what was verified
	checkFigures
)

// Size is the length of a vector.
func (l Layout) Size() int { return len(l.Forms)*formFigures + len(l.Land)*landFigures + checkFigures }

// Form is where a figure of a form stands; -1 if the form is not part of the layout.
func (l Layout) Form(key string, figure int) int {
	i := slices.Index(l.Forms, key)
	if i < 0 {
		return -1
	}
	return i*formFigures + figure
}

// LandAt is where a figure of a class of land stands; -1 if there is no such class.
func (l Layout) LandAt(class string, figure int) int {
	i := slices.Index(l.Land, class)
	if i < 0 {
		return -1
	}
	return len(l.Forms)*formFigures + i*landFigures + figure
}

// Check is where a figure about the check stands.
func (l Layout) Check(figure int) int {
	return len(l.Forms)*formFigures + len(l.Land)*landFigures + figure
}

// Row is a counted row as the totals need it.
type Row struct {
	Form      string
	Land      string // class, for land and other resources; "" else
	Amount    Quantity
	Area      Quantity
	Operating bool
	Unsettled bool // title in dispute: kept out of the totals
	Idle      bool
	Use       LandUse
	// WrittenOff is the accumulated depreciation on the day of reference.
	WrittenOff int64
}

// LandUse is how land is held.
type LandUse int

// The uses the summary of resources tells apart.
const (
	Retained LandUse = iota
	Contracted
	Disputed
)

// ErrForm says that a row belongs to a form or class the layout does not have.
var ErrForm = errors.New("count: the row belongs to no form of the layout")

// Total adds up rows.
func (l Layout) Total(rows []Row) ([]int64, error) {
	v := make([]int64, l.Size())
	for i, row := range rows {
		if err := l.add(v, row); err != nil {
			return nil, fmt.Errorf("row %d: %w", i+1, err)
		}
	}
	return v, nil
}

func (l Layout) add(v []int64, row Row) error {
	amount, err := row.Amount.Verify()
	if err != nil {
		return err
	}
	area, err := row.Area.Verify()
	if err != nil {
		return err
	}
	if row.Unsettled {
		return addTo(v, at(l.Check(CheckUnsettled), 1), at(l.Check(CheckUnsettledAmount), amount.Verified))
	}
	form := l.Form(row.Form, 0)
	if form < 0 {
		return ErrForm
	}
	share := FormNonOperating
	if row.Operating {
		share = FormOperating
	}
	err = addTo(v, at(form+FormRows, 1), at(form+FormBook, amount.Book), at(form+FormVerified,
		amount.Verified),
		at(form+FormGain, amount.Gain), at(form+FormLoss, amount.Loss), at(form+share, amount.Verified))
	if err == nil {
		err = addTo(v, at(l.Check(CheckWrittenOff), min(row.WrittenOff, max(0, amount.Verified))))
	}
	if err == nil && row.Idle {
		err = addTo(v, at(l.Check(CheckIdle), amount.Verified))
	}
	if err != nil || row.Land == "" {
		return err
	}
	return l.addLand(v, row, area)
}

func (l Layout) addLand(v []int64, row Row, area Result) error {
	land := l.LandAt(row.Land, 0)
	if land < 0 {
		return ErrForm
	}
	use := LandRetained
	switch row.Use {
	case Contracted:
		use = LandContracted
	case Disputed:
		use = LandDisputed
	}
	return addTo(v, at(land+LandParcels, 1), at(land+LandBook, area.Book), at(land+LandVerified,
		area.Verified),
		at(land+LandGain, area.Gain), at(land+LandLoss, area.Loss), at(land+use, area.Verified))
}

// part is an amount and where in the vector it belongs.
type part struct {
	index  int
	amount int64
}

func at(index int, amount int64) part { return part{index, amount} }

func addTo(v []int64, parts ...part) error {
	for _, p := range parts {
		sum, ok := decimal.Add(v[p.index], p.amount)
		if !ok {
			return ErrRange
		}
		v[p.index] = sum
	}
	return nil
}

// Add adds b into a, figure by figure. On an overflow a is left as it was.
func Add(a, b []int64) error {
	for i := range b {
		if _, ok := decimal.Add(a[i], b[i]); !ok {
			return ErrRange
		}
	}
	for i := range b {
		a[i] += b[i]
	}
	return nil
}

// Encode packs a vector: most of its figures are zero, and a zero takes a byte with its run.
func Encode(v []int64) []byte {
	var b []byte
	for i := 0; i < len(v); {
		zeros := 0
		for i+zeros < len(v) && v[i+zeros] == 0 {
			zeros++
		}
		b = binary.AppendUvarint(b, uint64(zeros))
		if i += zeros; i < len(v) {
			b = binary.AppendVarint(b, v[i])
			i++
		}
	}
	return b
}

var errVector = errors.New("count: packed totals cannot be read")

// Decode unpacks a vector of a length.
func Decode(b []byte, size int) ([]int64, error) {
	v := make([]int64, 0, size)
	for len(b) > 0 {
		zeros, n := binary.Uvarint(b)
		if n <= 0 || zeros > uint64(size-len(v)) {
			return nil, errVector
		}
		v, b = v[:len(v)+int(zeros)], b[n:]
		if len(v) == size {
			break
		}
		value, n := binary.Varint(b)
		if n <= 0 {
			return nil, errVector
		}
		v, b = append(v, value), b[n:]
	}
	if len(v) != size || len(b) > 0 {
		return nil, errVector
	}
	return v, nil
}
