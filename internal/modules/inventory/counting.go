package inventory

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/inventory/count"
	"github.com/terrace-project/terrace/internal/modules/inventory/statement"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Entry is what a counter found of a row.
type Entry struct {
	Version   int64 // at which the row was read; 0 for a new row
	Verdict   count.Verdict
	Counted   money.Fen
	Increases money.Fen
	Decreases money.Fen

	CountedArea   area.Area
	AreaIncreases area.Area
	AreaDecreases area.Area

	Quantity  int64
	Unit      string
	UseState  string
	LandUse   string
	Class     assets.Class
	Kind      string
	Title     assets.Title
	Keeper    string
	Remark    string
	Detail    map[string]string // further columns, as files hold them
	Latitude  int64             // micro-degrees; both 0: none
	Longitude int64
	On        period.Date

	Photo *files.Blob // put already, to be attached with the row; nil: none
}

// counting reads a check whose rows may be changed by the actor: it is at the counting step.
func (n *Inventory) counting(tx *store.Tx, actor access.Actor, ref Ref) (Check, procedure.File, error) {
	c, err := getCheck(tx, ref)
	if err != nil {
		return c, procedure.File{}, err
	}
	if err := n.host.Access.Require(actor, MayCount, c.Place); err != nil {
		return c, procedure.File{}, err
	}
	return n.open(tx, c)
}

// open refuses a check that is not at the counting step.
func (n *Inventory) open(tx *store.Tx, c Check) (Check, procedure.File, error) {
	file, err := n.host.Procedures.Load(tx, procedure.Ref{Home: c.Home, ID: c.Case})
	if err != nil {
		return c, file, err
	}
	if c.Stage != Counting || file.Case.Status.Final() {
		return c, file, fault.New(fault.Conflict, "inventory.not_counting")
	}
	return c, file, nil
}

// Count gives a row its verdict, with what was found.
func (n *Inventory) Count(ctx context.Context, actor access.Actor, ref Ref, number int64, e Entry) (Row,
	error) {
	var row Row
	err := n.host.Store.Write(ctx, func(tx *store.Tx) error {
		c, _, err := n.counting(tx, actor, ref)
		if err != nil {
			return err
		}
		w, err := getRow(tx, ref, number)
		if err != nil {
			return err
		}
		if e.Version != 0 && e.Version != w.Version {
			return fault.New(fault.Stale, "store.stale")
		}
		fresh := w.Verdict == count.Uncounted
		if err := n.enter(&w, e, actor.Account, tx.Now().Date()); err != nil {
			return err
		}
		if err := n.attach(tx, actor, c, &w, e); err != nil {
			return err
		}
		if err := rows.Update(tx, &w); err != nil {
			return err
		}
		row = w
		if fresh {
			c.Counted++
			if err := checks.Update(tx, &c); err != nil {
				return err
			}
		}
		return n.recordRow(tx, actor, c, "row.counted", w)
	})
	return row, err
}

// attach makes a photo that was put evidence of the row.
func (n *Inventory) attach(tx *store.Tx, actor access.Actor, c Check, w *Row, e Entry) error {
	if e.Photo == nil {
		return nil
	}
	f, err := n.host.Files.Attach(tx, *e.Photo, files.Belongs{Home: c.Home, Subject: checkSubject(c.ID),
		Place:   c.Place,
		Purpose: "photo", Actor: actor.Account})
	w.Photo = f.ID
	return err
}

// Add enters something that stands on no row: what was found has no book amount.
func (n *Inventory) Add(ctx context.Context, actor access.Actor, ref Ref, e RowEntry) (Row, error) {
	var row Row
	err := n.host.Store.Write(ctx, func(tx *store.Tx) error {
		c, _, err := n.counting(tx, actor, ref)
		if err != nil {
			return err
		}
		if err := n.addable(tx, c, e); err != nil {
			return err
		}
		w := foundRow(c, e)
		if err := n.enter(&w, e.Entry, actor.Account, tx.Now().Date()); err != nil {
			return err
		}
		if err := n.attach(tx, actor, c, &w, e.Entry); err != nil {
			return err
		}
		if err := rows.Insert(tx, &w); err != nil {
			return err
		}
		c.Rows, c.Counted, c.Carried = c.Rows+1, c.Counted+1, false
		if err := checks.Update(tx, &c); err != nil {
			return err
		}
		row = w
		return n.recordRow(tx, actor, c, "row.found", w)
	})
	return row, err
}

// nameMax is the number of characters of a name.
const nameMax = 100

type rowBody struct {
	Row      int64         `json:"row"`
	Form     string        `json:"form"`
	Verdict  count.Verdict `json:"verdict"`
	Verified money.Fen     `json:"verified_fen"`
	Gain     money.Fen     `json:"gain_fen,omitempty"`
	Loss     money.Fen     `json:"loss_fen,omitempty"`
	Area     area.Area     `json:"verified_area,omitempty"`
}

func (n *Inventory) recordRow(tx *store.Tx, actor access.Actor, c Check, kind string, w Row) error {
	_, err := tx.Record(store.Event{Home: c.Home, Kind: kind, Subject: checkSubject(c.ID), Place: c.Place,
		Actor: actor.Account, Body: rowBody{w.Number, w.Form, w.Verdict, w.Verified, w.Gain, w.Loss,
			w.VerifiedArea}})
	return err
}

// enter puts an entry into a row, computes what follows from it, and refuses what does not fit.
func (n *Inventory) enter(w *Row, e Entry, by int64, today period.Date) error {
	f, ok := n.Forms().Form(w.Form)
	if !ok {
		return fault.New(fault.Invalid, "inventory.no_form", w.Form)
	}
	if e.On == "" {
		e.On = today
	}
	if !e.On.Valid() || e.On > today {
		return fault.New(fault.Invalid, "inventory.counted_on")
	}
	w.Counted, w.Increases, w.Decreases = e.Counted, e.Increases, e.Decreases
	w.CountedArea, w.AreaIncreases, w.AreaDecreases = e.CountedArea, e.AreaIncreases, e.AreaDecreases
	w.Verdict, w.CountedOn, w.CountedBy = e.Verdict, e.On, by
	w.UseState, w.Keeper, w.Remark = e.UseState, e.Keeper, e.Remark
	if e.Latitude != 0 || e.Longitude != 0 {
		w.Latitude, w.Longitude = e.Latitude, e.Longitude
	}
	if err := w.describe(f, e); err != nil {
		return err
	}
	if err := n.checkCodes(f, *w); err != nil {
		return err
	}
	return w.compute(f)
}

// describe takes over what the entry says of the thing itself.
func (w *Row) describe(f *Form, e Entry) error {
	if e.Class != "" {
		w.Class = e.Class
	}
	if e.Title != "" {
		w.Title = e.Title
	}
	if e.Kind != "" {
		w.Kind = e.Kind
	}
	if f.Land && e.LandUse != "" {
		w.LandUse = e.LandUse
	}
	if e.Unit != "" || e.Quantity != 0 {
		w.Quantity, w.Unit = e.Quantity, e.Unit
	}
	if e.Detail == nil {
		return nil
	}
	kept := w.Details() // a card may know more than the form asks
	for _, field := range f.Fields {
		if v := e.Detail[field.Key]; v != "" {
			kept[field.Key] = v
		} else {
			delete(kept, field.Key)
		}
	}
	if w.Detail = ""; len(kept) == 0 {
		return nil
	}
	text, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	w.Detail = string(text)
	return nil
}

// checkCodes holds the coded columns to the pack's lists.
func (n *Inventory) checkCodes(f *Form, w Row) error {
	for _, c := range []struct{ list, code string }{{"use_state", w.UseState}, {"asset_class",
		string(w.Class)},
		{"title_state", string(w.Title)}, {"land_use", w.LandUse}} {
		if c.code == "" {
			continue
		}
		list, ok := n.Forms().Codes(c.list)
		if !ok {
			return fault.New(fault.Internal, "inventory.code", c.code)
		}
		if _, ok := list.Entry(c.code, w.CountedOn); !ok {
			return fault.New(fault.Invalid, "inventory.code", c.code)
		}
	}
	if f.Land && !slices.Contains(n.Forms().Layout.Land, w.Kind) {
		return fault.New(fault.Invalid, "inventory.land_class")
	}
	if !slices.Contains(count.Verdicts, w.Verdict) {
		return fault.New(fault.Invalid, "inventory.verdict")
	}
	if !f.Land && (w.CountedArea != 0 || w.AreaIncreases != 0 || w.AreaDecreases != 0) {
		return fault.New(fault.Invalid, "inventory.no_area")
	}
	if f.Side != statement.EquitySide && w.Counted < 0 || w.CountedArea < 0 {
		return fault.New(fault.Invalid, "inventory.negative")
	}
	return nil
}

// compute rolls the count back to the day of reference and holds the verdict to what was found.
func (w *Row) compute(f *Form) error {
	amount, err := w.Amount().Verify()
	if err != nil {
		return fault.New(fault.Invalid, "inventory.range")
	}
	land, err := w.Land().Verify()
	if err != nil {
		return fault.New(fault.Invalid, "inventory.range")
	}
	if f.Side != statement.EquitySide && (amount.Verified < 0 || land.Verified < 0) {
		return fault.New(fault.Invalid, "inventory.rolled_below_zero")
	}
	if !w.Verdict.Fits(amount, land) {
		if f.Land && (land.Gain != 0 || land.Loss != 0) {
			return fault.New(fault.Invalid, "inventory.verdict_fits_area", area.Area(land.Book).Mu(),
				area.Area(land.Verified).Mu())
		}
		return fault.New(fault.Invalid, "inventory.verdict_fits", money.Fen(amount.Book),
			money.Fen(amount.Verified))
	}
	w.Verified, w.Gain, w.Loss = money.Fen(amount.Verified), money.Fen(amount.Gain), money.Fen(amount.Loss)
	w.VerifiedArea, w.GainArea, w.LossArea = area.Area(land.Verified), area.Area(land.Gain),
		area.Area(land.Loss)
	return nil
}

// CarryForward gives every uncounted row of an organisation in which nothing changed its verdict:
// as booked. Notice and confirmation are still needed.
func (n *Inventory) CarryForward(ctx context.Context, actor access.Actor, ref Ref, version int64) error {
	return n.host.Store.Write(ctx, func(tx *store.Tx) error {
		return n.CarryForwardIn(tx, actor, ref, version)
	})
}

// CarryForwardIn is CarryForward inside a transaction of the caller. A version of 0 takes the check as
// it is.
func (n *Inventory) CarryForwardIn(tx *store.Tx, actor access.Actor, ref Ref, version int64) error {
	c, _, err := n.counting(tx, actor, ref)
	if err != nil {
		return err
	}
	if version != 0 && c.Version != version {
		return fault.New(fault.Stale, "store.stale")
	}
	list, err := RowsOf(tx, ref)
	if err != nil {
		return err
	}
	var carried []Row
	for _, w := range list {
		if w.Verdict != count.Uncounted {
			continue
		}
		w.Verdict, w.Counted, w.CountedArea = count.Match, w.Book, w.BookArea
		w.Verified, w.VerifiedArea = w.Book, w.BookArea
		w.CountedOn, w.CountedBy = tx.Now().Date(), actor.Account
		carried = append(carried, w)
	}
	if err := rows.BulkUpdate(tx, carried); err != nil {
		return err
	}
	c.Counted, c.Carried = c.Rows, true
	if err := checks.Update(tx, &c); err != nil {
		return err
	}
	_, err = tx.Record(store.Event{Home: c.Home, Kind: "check.carried", Subject: checkSubject(c.ID),
		Place: c.Place, Actor: actor.Account, Body: rowsBody{c.Rows}})
	return err
}

type rowsBody struct {
	Rows int64 `json:"rows"`
}
