package territory

import (
	"context"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/territory/history"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Establishment is the act of establishing a place that was not there.
type Establishment struct {
	Order
	Parent   int64 // 0: at the top, which only the program itself may do
	Level    division.Level
	Kind     division.Kind
	Name     string
	Code     string // statistical code; "" until an official list gives one
	Category division.Category
}

// Establish enters a new place and returns its id.
func (s *Service) Establish(ctx context.Context, e Establishment) (place int64, err error) {
	facts := history.Facts{Parent: e.Parent, Level: e.Level, Kind: e.Kind, Name: strings.TrimSpace(e.Name),
		Code: division.Widen(e.Code, e.Level), Category: e.Category}
	if e.Category != 0 && !e.Category.Valid() {
		return 0, fault.New(fault.Invalid, "territory.category", int(e.Category))
	}
	if err := s.topOnlyByProgram(ctx, e.Parent); err != nil {
		return 0, err
	}
	_, err = s.act(ctx, e.Order, deed{kind: Establishing, places: []int64{e.Parent},
		do: func(a *amendment) error {
			place, err = a.begin(facts)
			if err != nil {
				return err
			}
			a.subject = place
			return a.fits(facts)
		}})
	return place, err
}
