package inventory

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Adjust enters a correction of what was locked, to take effect in the year after it.
func (n *Inventory) Adjust(ctx context.Context, actor access.Actor, a Adjustment) error {
	a.Reason, a.Document = strings.TrimSpace(a.Reason), strings.TrimSpace(a.Document)
	if a.Reason == "" || a.Document == "" || utf8.RuneCountInString(a.Reason) > 500 || a.Amount == 0 &&
		a.Area == 0 {
		return fault.New(fault.Invalid, "inventory.adjustment")
	}
	return n.host.Store.Write(ctx, func(tx *store.Tx) error {
		c, err := getCheck(tx, Ref{a.Home, a.Check})
		if err != nil {
			return err
		}
		if err := n.host.Access.Require(actor, MayAdjust, c.Place); err != nil {
			return err
		}
		if c.Stage != Locked {
			return fault.New(fault.Conflict, "inventory.not_locked")
		}
		row := a
		row.Year, row.Organisation, row.Entered = c.Year+1, c.Organisation, tx.Now()
		if next, found, err := checks.First(tx, "WHERE home = ? AND year = ? AND organisation = ?", c.Home,
			row.Year,
			c.Organisation); err != nil || found && next.Stage != Ended {
			if err == nil {
				err = fault.New(fault.Conflict, "inventory.adjustment_late", row.Year)
			}
			return err
		}
		if err := n.describeAdjustment(tx, c, &row); err != nil {
			return err
		}
		if row.Asset != 0 {
			if err := n.correctCard(tx, actor, row); err != nil {
				return err
			}
		}
		if row.ID, err = tx.NextID(c.Home, "inventory_adjustment"); err != nil {
			return err
		}
		if err := adjustments.Insert(tx, &row); err != nil {
			return err
		}
		_, err = tx.Record(store.Event{Home: c.Home, Kind: "check.adjusted", Subject: checkSubject(c.ID),
			Place: c.Place,
			Actor: actor.Account, Body: adjustmentBody{row.Year, row.Row, int64(row.Amount),
				int64(row.Area), row.Document}})
		return err
	})
}

type adjustmentBody struct {
	Year     int    `json:"year"`
	Row      int64  `json:"row"`
	Amount   int64  `json:"amount_fen"`
	Area     int64  `json:"area"`
	Document string `json:"document"`
}

// correctCard lets the card follow, so that next year's ledger opens with what is right.
func (n *Inventory) correctCard(tx *store.Tx, actor access.Actor, a Adjustment) error {
	card, err := assets.Get(tx, assets.Ref{Home: a.Home, ID: a.Asset})
	if err != nil {
		return err
	}
	return assets.ApplyCounted(tx, actor, assets.Counted{Ref: card.Ref(), On: tx.Now().Date(),
		Cost: card.Cost + a.Amount,
		Area: card.Area + a.Area, UseState: card.UseState, LandUse: card.LandUse, Keeper: card.Custodian,
		Document: a.Document})
}

// describeAdjustment takes form, name and card from the row that is corrected.
func (n *Inventory) describeAdjustment(tx *store.Tx, c Check, a *Adjustment) error {
	if a.Row == 0 {
		if _, ok := n.Forms().Form(a.Form); !ok || a.Name == "" || n.carded(a.Form) {
			return fault.New(fault.Invalid, "inventory.adjustment")
		}
		return nil
	}
	w, err := getRow(tx, c.Ref(), a.Row)
	if err != nil {
		return err
	}
	a.Form, a.Name, a.Asset = w.Form, w.Name, w.Asset
	if w.Verified+a.Amount < 0 || w.VerifiedArea+a.Area < 0 {
		return fault.New(fault.Invalid, "inventory.negative")
	}
	return nil
}
