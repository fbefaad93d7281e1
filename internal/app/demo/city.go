package demo

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/terrace-project/terrace/internal/app/demo/landscape"
	"github.com/terrace-project/terrace/internal/app/demo/setting"
	"github.com/terrace-project/terrace/internal/modules"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/manifest"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Config is what a city is built from.
type Config struct {
	Host    *manifest.Host // open, on an empty database
	Modules modules.Services
	Clock   *setting.Clock // the host's
	Scale   setting.Scale
	Seed    int64
}

// City is a city that is being built: what its episodes need of each other.
type City struct {
	Config
	Cast    *Cast                 // people with accounts
	Ledger  []Collective          // all collectives, in the order in which they were entered
	Answers []Answer              // what was planted
	until   period.Date           // what is made up happened before this day
	moved   map[int64]bool        // townships that another county will have after the adjustment
	tiles   landscape.Tiles       // where counties lie
	booked  map[registry.Ref]bool // whose books are taken over
	let     [][]letting           // what they let, a county each
	bar     func(done int64)
	done    int64
	total   int64 // of the bar
}

// Collective is an organisation that was entered.
type Collective struct {
	registry.Ref
	Place int64
	Level division.Level
	Cards int
}

// Episode is what happens in the city on a day.
type Episode struct {
	On  period.Date
	Run func(context.Context, *City) error
}

// The days on which the program takes over the books of the city, and on which the adjustment is
// announced.
const (
	Begun     period.Date = "2024-01-02"
	announced period.Date = "2025-11-07"
)

// T is a text in the language of the console.
func (c *City) T(key string, args ...any) string { return c.Host.Console.T(key, args...) }

// Build builds a city on an empty database.
func Build(ctx context.Context, config Config) (*City, error) {
	c := &City{Config: config, Cast: &Cast{}, until: Begun}
	ctx = access.With(ctx, access.Machine)
	if err := c.mark(ctx, setting.BegunKind); err != nil {
		return nil, err
	}
	episodes, err := c.episodes()
	if err != nil {
		return nil, err
	}
	for _, e := range episodes {
		if err := c.Move(ctx, e.On, 9*time.Hour); err != nil {
			return nil, err
		}
		if err := e.Run(ctx, c); err != nil {
			return nil, err
		}
		c.Clock.Pass(time.Hour)
		if err := c.Host.Log.Sequence(ctx); err != nil {
			return nil, err
		}
	}
	if err := c.mark(ctx, setting.BuiltKind); err != nil {
		return nil, err
	}
	return c, c.Host.Log.Anchor(ctx)
}

// Move sets the clock to a time of a day, and lets the places be those of that day. It never goes back.
func (c *City) Move(ctx context.Context, on period.Date, at time.Duration) error {
	c.Clock.Move(on, at)
	return c.Modules.Places.Settle(ctx)
}

// episodes are all of the city's, in the order of their days.
func (c *City) episodes() ([]Episode, error) {
	p, err := c.readPack()
	if err != nil {
		return nil, err
	}
	all := []Episode{
		{Begun, func(ctx context.Context, c *City) error { return c.beginning(ctx) }},
	}
	check := newChecking()
	all = append(all, checkEpisodes(check)...)
	all = append(all, Episode{figuresOn, func(ctx context.Context, c *City) error {
		return c.publishFigures(ctx)
	}})
	all = append(all, Episode{booksOn, func(ctx context.Context, c *City) error { return c.takeAll(ctx) }})
	all = append(all, returnEpisodes(check)...)
	all = append(all, Episode{booksOn, func(ctx context.Context,
		c *City) error {
		return c.publishOwn(ctx)
	}})
	if len(p.Acts) > 0 {
		day, err := c.adjustment()
		if err != nil {
			return nil, err
		}
		all = append(all,
			Episode{min(announced, day), func(ctx context.Context, c *City) error { return c.adjust(ctx) }},
			Episode{day, func(ctx context.Context, c *City) error { return c.takeOver(ctx) }})
	}
	slices.SortStableFunc(all, func(a, b Episode) int {
		return strings.Compare(string(a.On),
			string(b.On))
	})
	return all, nil
}

// beginning is the first day: places, collectives and people of the whole city but what will move.
func (c *City) beginning(ctx context.Context) (err error) {
	if err := c.found(ctx); err != nil {
		return err
	}
	if c.moved, err = c.moving(ctx); err != nil {
		return err
	}
	c.total = int64(c.expected() * phases)
	c.bar = c.Host.Console.Progress(c.T("demo.building"), c.total)
	if err := c.collectives(ctx, false); err != nil {
		return err
	}
	return c.people(ctx, false)
}

// takeOver is the day of the adjustment: the books of what has moved are opened in the new county.
func (c *City) takeOver(ctx context.Context) error {
	c.until = c.Clock.Today()
	if err := c.collectives(ctx, true); err != nil {
		return err
	}
	c.stranded()
	return c.people(ctx, true)
}

// step moves the bar. It never passes its end.
func (c *City) step(n int) {
	c.done = min(c.done+int64(n), c.total)
	if c.bar != nil {
		c.bar(c.done)
	}
}
