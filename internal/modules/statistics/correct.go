package statistics

import (
	"context"
	"fmt"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/statistics/series"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Entry is a figure that somebody enters, or corrects.
type Entry struct {
	Series   string
	Place    int64
	Year     int
	Text     string // empty: the figure is taken back
	Reason   string // of a correction
	Revision int64  // the last one its author saw; 0: any
}

// Enter keeps a figure entered by hand as its first revision, or as the next.
func (s *Statistics) Enter(ctx context.Context, actor access.Actor, e Entry) (Figure, error) {
	if err := s.host.Access.Require(actor, MayEnter, s.places.City()); err != nil {
		return Figure{}, err
	}
	d, err := s.Definition(e.Series)
	if err != nil {
		return Figure{}, err
	}
	if d.Derived() {
		return Figure{}, fault.New(fault.Invalid, "statistics.derived", d.Title)
	}
	if e.Year < series.YearMin || e.Year > series.YearMax {
		return Figure{}, fault.New(fault.Invalid, "statistics.year", e.Year, series.YearMin, series.YearMax)
	}
	if _, err := s.places.Place(ctx, e.Place, s.host.Today()); err != nil {
		return Figure{}, err
	}
	f := Figure{Home: store.City, Series: e.Series, Place: e.Place, Year: int64(e.Year),
		Reason: strings.TrimSpace(e.Reason), Author: actor.Account, Known: strings.TrimSpace(e.Text) != ""}
	if f.Known {
		if f.Amount, err = decimal.Parse(e.Text, d.Decimals); err != nil {
			return Figure{}, fault.New(fault.Invalid, "statistics.number", e.Text, d.Decimals)
		}
	}
	err = s.host.Store.Write(ctx, func(tx *store.Tx) error { return s.revise(tx, &f, e.Revision) })
	return f, err
}

// revise adds a revision of a figure.
func (s *Statistics) revise(tx *store.Tx, f *Figure, seen int64) error {
	all, err := Revisions(tx, f.Series, f.Place, f.Year)
	if err != nil {
		return err
	}
	f.Revision, f.Version, f.At = int64(len(all))+1, 0, tx.Now()
	if seen != 0 && seen != int64(len(all)) {
		return fault.New(fault.Stale, "store.stale")
	}
	switch {
	case len(all) == 0 && !f.Known:
		return fault.New(fault.NotFound, "statistics.no_figure")
	case len(all) == 0:
		f.Reason = ""
	default:
		if last := all[len(all)-1]; last.Known == f.Known && last.Amount == f.Amount {
			return fault.New(fault.Conflict, "statistics.same")
		}
		if err := checkReason(f.Reason); err != nil {
			return err
		}
	}
	if err := figures.Insert(tx, f); err != nil {
		return err
	}
	kind := "statistics.entered"
	if f.Revision > 1 {
		kind = "statistics.corrected"
	}
	_, err = tx.Record(store.Event{Home: store.City, Kind: kind, Place: f.Place, Actor: f.Author,
		Subject: fmt.Sprintf("statistic_figure/%s/%d/%d", f.Series, f.Place, f.Year),
		Body:    correctedBody{f.Revision, f.Known, f.Amount, f.Reason}})
	return err
}

// correctedBody is what the event of a figure says.
type correctedBody struct {
	Revision int64  `json:"revision"`
	Known    bool   `json:"known"`
	Amount   int64  `json:"amount"`
	Reason   string `json:"reason,omitempty"`
}
