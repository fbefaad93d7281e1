package inventory

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// What a second count of a sampled check found.
const (
	recheckMatch   = "match"
	recheckDiffers = "differs"
)

// OfYear lists all checks of a county and year.
func OfYear(r store.Reader, home int64, year int) ([]Check, error) {
	return checks.All(r, "WHERE home = ? AND year = ? ORDER BY id", home, year)
}

// Running lists the checks of a county and year that are neither approved nor withdrawn.
func Running(r store.Reader, home int64, year int) ([]Check, error) {
	return checks.All(r, "WHERE home = ? AND year = ? AND stage NOT IN (?, ?, ?) ORDER BY id", home, year,
		Approved,
		Locked, Ended)
}

// Concerned lists the checks of a county and year that were there when its sample was drawn.
func Concerned(r store.Reader, home int64, year int) ([]Check, error) {
	return checks.All(r, "WHERE home = ? AND year = ? AND sample IN (?, ?) ORDER BY id", home, year, Drawn,
		Spared)
}

// Sampled tells checks which of them are counted again: those of the organisations that were drawn. It
// returns how many. The caller has asked for permission and records the event.
func Sampled(tx *store.Tx, all []Check, drawn []int64) (int, error) {
	marked := 0
	changed := slices.Clone(all)
	for i := range changed {
		if changed[i].Sample = Spared; slices.Contains(drawn, changed[i].Organisation) {
			changed[i].Sample = Drawn
			marked++
		}
	}
	return marked, checks.BulkUpdate(tx, changed)
}

// Lock ends every approved check of a county and year for good: the city has accepted them. The
// caller records the event.
func Lock(tx *store.Tx, home int64, year int) error {
	all, err := checks.All(tx, "WHERE home = ? AND year = ? AND stage = ? ORDER BY id", home, year,
		Approved)
	if err != nil {
		return err
	}
	for i := range all {
		all[i].Stage = Locked
	}
	return checks.BulkUpdate(tx, all)
}

// Recheck records what counting a sampled organisation again found.
func (n *Inventory) Recheck(ctx context.Context, actor access.Actor, ref Ref, result, note string) error {
	note = strings.TrimSpace(note)
	if result != recheckMatch && result != recheckDiffers || note == "" ||
		utf8.RuneCountInString(note) > 500 {
		return fault.New(fault.Invalid, "inventory.bad_recheck")
	}
	return n.host.Store.Write(ctx, func(tx *store.Tx) error {
		c, err := getCheck(tx, ref)
		if err != nil {
			return err
		}
		if err := n.host.Access.Require(actor, MaySample, c.Place); err != nil {
			return err
		}
		if c.Sample != Drawn || c.Stage.Final() {
			return fault.New(fault.Conflict, "inventory.recheck_none")
		}
		c.Recheck, c.RecheckNote, c.RecheckBy = result, note, actor.Account
		if err := checks.Update(tx, &c); err != nil {
			return err
		}
		_, err = tx.Record(store.Event{Home: c.Home, Kind: "check.rechecked", Subject: checkSubject(c.ID),
			Place: c.Place,
			Actor: actor.Account, Body: recheckBody{result}})
		return err
	})
}

type recheckBody struct {
	Result string `json:"result"`
}

// Explain answers a finding of a cross-check.
func (n *Inventory) Explain(ctx context.Context, actor access.Actor, ref Ref, number int64,
	text string) error {
	text = strings.TrimSpace(text)
	if text == "" || utf8.RuneCountInString(text) > 500 {
		return fault.New(fault.Invalid, "inventory.explanation")
	}
	return n.host.Store.Write(ctx, func(tx *store.Tx) error {
		c, err := getCheck(tx, ref)
		if err != nil {
			return err
		}
		if !n.host.Access.Can(actor, MayCount, c.Place) {
			if err := n.host.Access.Require(actor, MayReview, c.Place); err != nil {
				return err
			}
		}
		f, ok, err := findings.First(tx, "WHERE home = ? AND inventory = ? AND number = ?", c.Home, c.ID,
			number)
		if err != nil {
			return err
		}
		if !ok {
			return fault.New(fault.NotFound, "inventory.no_finding")
		}
		if c.Stage.Final() {
			return fault.New(fault.Conflict, "inventory.not_counting")
		}
		f.Explanation, f.Explained = text, actor.Account
		if err := findings.Update(tx, &f); err != nil {
			return err
		}
		_, err = tx.Record(store.Event{Home: c.Home, Kind: "finding.explained", Subject: checkSubject(c.ID),
			Place: c.Place,
			Actor: actor.Account, Body: findingBody{f.Rule, number}})
		return err
	})
}

type findingBody struct {
	Rule   string `json:"rule"`
	Number int64  `json:"number"`
}

// OfOrganisation finds the check of an organisation for a year that was not withdrawn.
func OfOrganisation(r store.Reader, owner registry.Ref, year int) (Check, bool, error) {
	return checks.First(r, "WHERE home = ? AND year = ? AND organisation = ? AND stage <> ?", owner.Home,
		year,
		owner.ID, Ended)
}
