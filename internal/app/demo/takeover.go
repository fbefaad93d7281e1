package demo

import (
	"context"
	"time"

	"github.com/terrace-project/terrace/internal/app/demo/invent"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// The day on which the books of the year before are taken over, and their chart.
const (
	booksOn   period.Date = "2026-03-05"
	chartKey              = "2024"
	yearBegan period.Date = "2025-01-01"
)

// stillOpen is how many of a thousand collectives have not closed December.
const stillOpen = 40

// takeAll takes over the books of the counties that have none yet, and the contracts of all. What is wrong
// in them is found by the nightly run of supervision, the first time the city is served.
func (c *City) takeAll(ctx context.Context) error {
	if err := c.takeBooks(ctx, func(Collective) bool { return true }); err != nil {
		return err
	}
	for _, list := range c.let {
		if err := c.signContracts(ctx, plantBreaches(list)); err != nil {
			return err
		}
	}
	if err := c.commit(ctx); err != nil {
		return err
	}
	return c.Modules.Ledger.RollUpFigures(ctx, bookedYear)
}

// unbooked are the wanted collectives that have no books yet, those of a county together.
func (c *City) unbooked(wanted func(Collective) bool) (all [][]Collective) {
	for _, one := range c.Ledger {
		switch last := len(all) - 1; {
		case c.booked[one.Ref] || !wanted(one):
		case last >= 0 && all[last][0].Home == one.Home:
			all[last] = append(all[last], one)
		default:
			all = append(all, []Collective{one})
		}
	}
	return all
}

// takeBooks lets some collectives have their books of the year of the check: what their
// cards are, what their check found, and a year of business that leads there. Months are closed, in most of
// them all.
func (c *City) takeBooks(ctx context.Context, wanted func(Collective) bool) error {
	chart, known := c.Modules.Ledger.Charts().Get(chartKey)
	if !known {
		return fault.New(fault.Internal, "fault.internal")
	}
	if c.booked == nil {
		c.booked = map[registry.Ref]bool{}
	}
	ctx, stop := context.WithCancel(ctx)
	counties := c.ahead(ctx, chart, c.unbooked(wanted))
	defer func() {
		stop()
		for range counties { // nobody makes up books after this returns
		}
	}()
	for county := range counties {
		if err := c.takeCounty(ctx, county); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// countyBooks are the books of some collectives of a county as they are made up.
type countyBooks struct {
	of     []Collective
	from   *sources
	loaded []ledger.Loaded
	failed error
}

// ahead makes up the books of one county while those of the one before are entered.
func (c *City) ahead(ctx context.Context, chart *book.Chart, lists [][]Collective) <-chan countyBooks {
	made, before := make(chan countyBooks), len(c.let)
	go func() {
		defer close(made)
		for i, list := range lists {
			county := countyBooks{of: list, from: &sources{chart: chart, county: before + i}}
			county.loaded, county.failed = c.yearBooks(ctx, county.from, list)
			select {
			case made <- county:
			case <-ctx.Done():
				return
			}
		}
	}()
	return made
}

func (c *City) takeCounty(ctx context.Context, county countyBooks) error {
	if county.failed != nil {
		return county.failed
	}
	books, err := c.Modules.Ledger.Load(ctx, county.loaded, nil)
	if err != nil {
		return err
	}
	for i, one := range county.of {
		c.booked[one.Ref] = true
		if err := c.publishSheet(ctx, one, books[i], county.loaded[i].Closed); err != nil {
			return err
		}
	}
	c.let = append(c.let, county.from.lettings)
	c.step(len(county.of))
	return nil
}

// publishSheet shows the villagers of the county whose people are printed what came in and went out in the
// last closed month.
func (c *City) publishSheet(ctx context.Context, one Collective, of ledger.Ref, closed string) error {
	_, checker := c.bookkeepers(one)
	if one.Home != c.shownCounty() || one.Level != division.Village || checker == 0 {
		return nil
	}
	at, err := period.Parse(closed)
	if err != nil {
		return err
	}
	head, err := c.Host.Identity.Actor(ctx, checker)
	if err == nil {
		_, err = c.Modules.Bookkeeping.Publish(ctx, head, of, book.PublicSheet, at)
	}
	return err
}

// yearBooks makes up the books of some collectives of one county.
func (c *City) yearBooks(ctx context.Context, from *sources, list []Collective) ([]ledger.Loaded, error) {
	loaded := make([]ledger.Loaded, 0, len(list))
	err := c.Host.Store.View(ctx, func(v *store.View) (err error) {
		if from.rows, err = c.rowsOf(v, list[0].Home); err != nil {
			return err
		}
		for i, one := range list {
			means, err := c.meansOf(v, from, one)
			if err != nil {
				return err
			}
			if err := c.offences(v, list, i, from.county, &means); err != nil {
				return err
			}
			d := invent.NewDraw(c.Seed, "business", one.Home<<32|one.ID)
			loaded = append(loaded, c.loadedOf(one, d, invent.Year(d, means)))
		}
		return nil
	})
	return loaded, err
}

// loadedOf is a year of business as the ledger takes it over.
func (c *City) loadedOf(one Collective, d *invent.Draw, year invent.Business) ledger.Loaded {
	l := ledger.Loaded{Organisation: one.Ref, Place: one.Place, Chart: chartKey, From: yearBegan,
		Opening: year.Opening, Closed: "2025-12"}
	if c.Clock.Today() >= booksOn && d.PerMille(stillOpen) {
		l.Closed = "2025-11"
	}
	maker, checker := c.bookkeepers(one)
	for _, e := range year.Entries {
		at := e.Date.Start()
		l.Vouchers = append(l.Vouchers, ledger.LoadedVoucher{Maker: maker, Checker: checker,
			Entered: at.Add(9 * time.Hour), PostedAt: at.Add(33 * time.Hour),
			Draft: ledger.Draft{Date: e.Date, Summary: e.Summary, Postings: e.Postings}})
	}
	return l
}

// bookkeepers are who makes a collective's vouchers and who checks them; 0 where nobody has an account.
func (c *City) bookkeepers(one Collective) (maker, checker int64) {
	at := c.Modules.Places.Ancestor(one.Place, division.Village)
	duties := [2]string{"village_accountant", "village_head"}
	if one.Level == division.Township {
		at, duties = one.Place, [2]string{"delegated_bookkeeper", "township_head"}
	}
	if m, ok := c.Cast.Holder(duties[0], at); ok {
		maker = m.Account
	}
	if m, ok := c.Cast.Holder(duties[1], at); ok {
		checker = m.Account
	}
	return maker, checker
}
