package territory

import (
	"context"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/territory/history"
	"github.com/terrace-project/terrace/internal/modules/territory/tree"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Scheme is the authority a code is of.
type Scheme string

// The schemes. The statistics office's is kept with the states; the others beside them.
const (
	Statistical Scheme = "nbs"  // 统计用区划代码
	Civil       Scheme = "mca"  // 民政部门行政区划代码
	Agriculture Scheme = "agri" // 农业农村部门：发包方代码等
)

// Schemes are those that codes can be entered in.
var Schemes = []Scheme{Statistical, Civil, Agriculture}

// CodeMax is the length of a code of another scheme than the statistical one.
const CodeMax = 30

// Recode is the act of giving a place another code.
type Recode struct {
	Order
	Place  int64
	Scheme Scheme // "": Statistical
	Code   string
	// Descendants lets what lies in the place follow: the digits of its old code are replaced by
	// those of the new one in their codes.
	Descendants bool
}

// Recode gives a place another code. The old one still resolves for the time before.
func (s *Service) Recode(ctx context.Context, r Recode) error {
	if r.Scheme != "" && r.Scheme != Statistical {
		return s.recodeElsewhere(ctx, r)
	}
	return s.alter(ctx, r.Order, deed{kind: Recoding, place: r.Place}, func(a *amendment,
		f *history.Facts) error {
		code := division.Widen(r.Code, f.Level)
		if r.Descendants && f.Code != "" && code != "" {
			if err := a.recodeBelow(r.Place, f, code); err != nil {
				return err
			}
		}
		f.Code = code
		return nil
	})
}

// recodeBelow gives what lies in a place codes that begin with its new digits.
func (a *amendment) recodeBelow(place int64, f *history.Facts, code string) error {
	digits := division.SignificantDigits(f.Level)
	if len(code) < digits || len(f.Code) < digits {
		return fault.New(fault.Invalid, "territory.code", code)
	}
	from, to := f.Code[:digits], code[:digits]
	root := a.tree.Find(place)
	for n := root + 1; root != tree.None && n < a.tree.End(root); n++ {
		rest, ok := strings.CutPrefix(a.tree.Code(n), from)
		if !ok {
			continue
		}
		if err := a.change(a.tree.ID(n), func(f *history.Facts) { f.Code = to + rest }); err != nil {
			return err
		}
	}
	return nil
}

// recodeElsewhere keeps a code of another scheme: the one in force ends, the new one begins.
func (s *Service) recodeElsewhere(ctx context.Context, r Recode) error {
	code := strings.TrimSpace(r.Code)
	known := false
	for _, scheme := range Schemes {
		known = known || scheme == r.Scheme
	}
	if !known || len(code) > CodeMax || strings.ContainsAny(code, " \t\r\n") {
		return fault.New(fault.Invalid, "territory.code_elsewhere", string(r.Scheme), CodeMax)
	}
	_, err := s.act(ctx, r.Order, deed{kind: Recoding, place: r.Place, do: func(a *amendment) error {
		if _, err := a.now(r.Place); err != nil {
			return err
		}
		return a.otherCode(r.Place, r.Scheme, code)
	}})
	return err
}

func (a *amendment) otherCode(place int64, scheme Scheme, code string) error {
	on := a.order.On
	taken, err := codes.All(a.tx, "WHERE scheme = ? AND code = ? AND until > ? ORDER BY since",
		string(scheme),
		code, string(on))
	if err != nil {
		return err
	}
	for _, c := range taken {
		return fault.New(fault.Conflict, "territory.code_taken", code, a.called(c.Place), string(c.Since))
	}
	old, err := codes.All(a.tx, "WHERE place = ? AND scheme = ? AND until > ? ORDER BY since", place,
		string(scheme), string(on))
	if err != nil {
		return err
	}
	until := period.Open
	for i := range old {
		if old[i].Since >= on {
			until = min(until, old[i].Since)
			continue
		}
		until = min(until, old[i].Until)
		old[i].Until = on
		if err := codes.Update(a.tx, &old[i]); err != nil {
			return err
		}
	}
	if code == "" {
		return nil
	}
	if until <= on {
		return fault.New(fault.Conflict, "territory.later", a.called(place), string(on))
	}
	return codes.Insert(a.tx, &CodeSpan{Scheme: scheme, Code: code, Since: on, Until: until,
		Place: place, Event: a.event})
}

// codesOf are the codes of a place in other schemes.
func codesOf(r store.Reader, place int64) ([]CodeSpan, error) {
	return codes.All(r, "WHERE place = ? ORDER BY scheme, since", place)
}
