package campaign

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// noteMax is the number of characters of a note.
const noteMax = 500

func subject(year int) string { return "campaign/" + strconv.Itoa(year) }

type campaignBody struct {
	Year      int         `json:"year"`
	Reference period.Date `json:"reference"`
	Share     int64       `json:"sample_share_0001"`
}

// Begin opens a county's check of a year. Its checks are then opened by OpenChecks, portion by
// portion, which the caller does at once or orders with Order.
func (m *Campaigns) Begin(ctx context.Context, actor access.Actor, county int64, year int,
	note string) (Campaign, error) {
	if err := m.host.Access.Require(actor, inventory.MayOpen, county); err != nil {
		return Campaign{}, err
	}
	c, err := m.prepare(county, year, note)
	if err != nil {
		return c, err
	}
	c.Opener = actor.Account
	err = m.host.Store.Write(ctx, func(tx *store.Tx) error {
		row := c
		if _, found, err := campaigns.First(tx, "WHERE home = ? AND year = ?", county, year); err != nil ||
			found {
			if err == nil {
				err = fault.New(fault.Conflict, "campaign.exists", year)
			}
			return err
		}
		if err := campaigns.Insert(tx, &row); err != nil {
			return err
		}
		_, err := tx.Record(store.Event{Home: county, Kind: "campaign.opened", Subject: subject(year),
			Place: county, Actor: actor.Account, Body: campaignBody{year, row.Reference, row.SampleShare}})
		if err == nil {
			c = row
		}
		return err
	})
	return c, err
}

// prepare says what a campaign would be: the day of reference and the share to sample are the pack's.
func (m *Campaigns) prepare(county int64, year int, note string) (Campaign, error) {
	today := m.host.Today()
	note = strings.TrimSpace(note)
	switch {
	case m.places.Level(county) != division.County:
		return Campaign{}, fault.New(fault.Invalid, "campaign.not_a_county")
	case year < today.Year()-2 || year > today.Year():
		return Campaign{}, fault.New(fault.Invalid, "campaign.year", today.Year()-2, today.Year())
	case utf8.RuneCountInString(note) > noteMax:
		return Campaign{}, fault.New(fault.Invalid, "campaign.note_long", noteMax)
	}
	region := m.places.Codes(county)
	reference, err := m.host.Packs.DayOf(year, "check.reference_day", today, region...)
	if err != nil {
		return Campaign{}, err
	}
	share, err := m.host.Packs.Fraction("check.sample_share", today, region...)
	return Campaign{Home: county, Year: year, Place: county, Reference: reference, Opened: today,
		State:       Opening,
		SampleShare: share.Of(10_000), Note: note}, err
}

// portion is how many organisations a transaction opens checks for.
const portion = 40

// opened is what a portion did.
type opened struct {
	made int   // checks that were opened
	last int64 // organisation it came to
	over bool  // there are no more
}

// openPortion opens the checks of the organisations after one. The last portion ends the opening.
func (m *Campaigns) openPortion(tx *store.Tx, actor access.Actor, home int64, year int,
	after int64) (done opened, err error) {
	c, err := Get(tx, home, year)
	if err != nil {
		return done, err
	}
	if c.State != Opening && c.State != Open {
		return done, fault.New(fault.Conflict, "campaign.closed", year)
	}
	list, err := registry.InHome(tx, home, after, portion)
	if err != nil {
		return done, err
	}
	as := inventory.Opening{Year: year, Reference: c.Reference}
	if c.Sampled != "" {
		as.Sample = inventory.Late
	}
	done.last, done.over = after, len(list) == 0
	for _, o := range list {
		made, err := m.inventory.Open(tx, actor, o, as)
		if err != nil {
			return done, fmt.Errorf("organisation %d: %w", o.ID, err)
		}
		if done.last = o.ID; made {
			done.made++
		}
	}
	if done.over && c.State == Opening {
		c.State = Open
		err = save(tx, actor, c, "campaign.counting")
	}
	return done, err
}

// OpenChecks opens the checks of all organisations of a county that have none yet. It goes on where
// it was stopped, and can run again at any time: an organisation that came later gets its check.
func (m *Campaigns) OpenChecks(ctx context.Context, actor access.Actor, home int64, year int,
	progress func(opened int)) (count int, err error) {
	if err := m.host.Access.Require(actor, inventory.MayOpen, home); err != nil {
		return 0, err
	}
	for after := int64(0); ; {
		var done opened
		err := m.host.Store.Write(ctx, func(tx *store.Tx) (err error) {
			done, err = m.openPortion(tx, actor, home, year, after)
			return err
		})
		if err != nil {
			return count, err
		}
		count, after = count+done.made, done.last
		if progress != nil {
			progress(count)
		}
		if done.over {
			return count, nil
		}
	}
}

// openKind is the job that opens the checks of a county.
const openKind = "campaign.open"

type openArgs struct {
	Year int `json:"year"`
}

// Order asks for the job that opens the checks a county lacks, and returns the job's number.
func (m *Campaigns) Order(ctx context.Context, actor access.Actor, home int64, year int) (job int64,
	err error) {
	if err := m.host.Access.Require(actor, inventory.MayOpen, home); err != nil {
		return 0, err
	}
	err = m.host.Store.Write(ctx, func(tx *store.Tx) (err error) {
		if _, err := Get(tx, home, year); err != nil {
			return err
		}
		job, err = m.host.Jobs.Enqueue(tx, jobs.Order{Home: home, Kind: openKind, Subject: subject(year),
			Place: home,
			Actor: actor.Account, Args: openArgs{year}})
		return err
	})
	return job, err
}

// openJob is the job: a portion of it is a portion of organisations, and its step the last one.
func (m *Campaigns) openJob(ctx context.Context, run *jobs.Run) error {
	var args openArgs
	if err := run.Args(&args); err != nil {
		return err
	}
	actor := access.Actor{Account: run.Job.Actor}
	for over := false; !over; {
		err := run.Portion(ctx, func(tx *store.Tx, at *jobs.Progress) error {
			after, err := strconv.ParseInt("0"+at.Step, 10, 64)
			if err != nil {
				return err
			}
			if at.Total == 0 {
				if at.Total, err = missing(tx, run.Job.Home, args.Year); err != nil {
					return err
				}
			}
			done, err := m.openPortion(tx, actor, run.Job.Home, args.Year, after)
			at.Step, at.Done, over = strconv.FormatInt(done.last, 10), at.Done+int64(done.made), done.over
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func save(tx *store.Tx, actor access.Actor, c Campaign, kind string) error {
	if err := campaigns.Update(tx, &c); err != nil {
		return err
	}
	_, err := tx.Record(store.Event{Home: c.Home, Kind: kind, Subject: subject(c.Year), Place: c.Place,
		Actor: actor.Account, Body: campaignBody{c.Year, c.Reference, c.SampleShare}})
	return err
}
