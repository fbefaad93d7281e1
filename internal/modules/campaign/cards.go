package campaign

import (
	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/division"
)

// cards are how far the check is, on the home page of whoever answers for a place and on its page.
func (m *Campaigns) cards() []web.Card {
	return []web.Card{
		{On: "pulse", Order: 10, Permit: inventory.MayRead, View: "campaign/pulse", Render: m.pulse},
		{On: "place", Order: 39, Permit: inventory.MayRead, View: "campaign/pulse", Render: m.pulse},
	}
}

// pulseView is the progress of a place in the latest year there is a campaign of.
type pulseView struct {
	Name   string
	Year   int
	Whole  inventory.Progress
	Stages []stageView
	Board  string
}

// pulse shows nothing where nothing is checked, nor at a group, whose check is on the card beside it.
func (m *Campaigns) pulse(r *web.Request, on web.CardSubject) (any, error) {
	if m.places.Level(on.Place) >= division.Group {
		return nil, nil
	}
	var view pulseView
	err := m.host.Store.View(r.Context(), func(v *store.View) error {
		all, err := years(v)
		if err != nil || len(all) == 0 {
			return err
		}
		view.Year = all[0]
		view.Whole, _, err = m.inventory.ProgressOf(v, on.Place, view.Year)
		return err
	})
	if err != nil || view.Whole.Of == 0 {
		return nil, err
	}
	view.Name, view.Board = m.places.Name(on.Place), boardAddress(on.Place, view.Year)
	for _, s := range stagesOf(r, view.Whole, view.Year) {
		if s.N > 0 {
			view.Stages = append(view.Stages, s)
		}
	}
	return view, nil
}
