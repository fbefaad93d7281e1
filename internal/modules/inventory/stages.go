package inventory

import (
	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/inventory/count"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/decision"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/flow"
)

// handler is what this module adds to the procedure of a check.
func (n *Inventory) handler() procedure.Handler {
	return procedure.Handler{
		Guards: map[string]func(store.Reader, procedure.File) error{
			"team":      n.guardTeam,
			"counted":   n.guardCounted,
			"explained": n.guardExplained,
			"sampled":   n.guardSampled,
		},
		Entered:  n.entered,
		Ended:    n.ended,
		Notice:   n.noticeContent,
		Eligible: n.eligible,
		Address: func(row procedure.Row) string {
			return "/checks/" + homeAndID(row)
		},
	}
}

// ofCase finds the check a case is about.
func ofCase(r store.Reader, f procedure.File) (Check, error) {
	id, err := parseSubject(f.Subject)
	if err != nil {
		return Check{}, err
	}
	return getCheck(r, Ref{f.Home, id})
}

// guardTeam: the team has as many members as the pack asks.
func (n *Inventory) guardTeam(r store.Reader, f procedure.File) error {
	c, err := ofCase(r, f)
	if err != nil {
		return err
	}
	least, err := n.host.Packs.Int("check.team_least", n.host.Today(), n.places.Codes(c.Place)...)
	if err != nil {
		return err
	}
	have, err := store.Count(r,
		`SELECT count(*) FROM inventory_member WHERE home = ? AND inventory = ? AND role <> ''`,
		c.Home, c.ID)
	if err == nil && have < least {
		err = fault.New(fault.Conflict, "inventory.team_small", have, least)
	}
	return err
}

// guardCounted: every row has a verdict, and photo and position where the form asks for them. In a check
// that was carried forward only what differs from the books needs them.
func (n *Inventory) guardCounted(r store.Reader, f procedure.File) error {
	c, err := ofCase(r, f)
	if err != nil {
		return err
	}
	open, err := store.Count(r,
		`SELECT count(*) FROM inventory_row WHERE home = ? AND inventory = ? AND verdict = ''`,
		c.Home, c.ID)
	if err != nil {
		return err
	}
	if open > 0 {
		return fault.New(fault.Conflict, "inventory.uncounted", open)
	}
	bare, err := n.withoutEvidence(r, c)
	if err == nil && bare > 0 {
		err = fault.New(fault.Conflict, "inventory.evidence", bare)
	}
	return err
}

// withoutEvidence counts rows that lack photo or position though their form asks for them.
func (n *Inventory) withoutEvidence(r store.Reader, c Check) (int64, error) {
	spared := count.Loss // there is nothing to show
	if c.Carried {
		spared = count.Match
	}
	var bare int64
	for _, f := range n.Forms().All {
		if !f.Evidence {
			continue
		}
		lacking, err := store.Count(r, `SELECT count(*) FROM inventory_row
			WHERE home = ? AND inventory = ? AND form = ?
			AND verdict NOT IN (?, ?) AND (photo = 0 OR latitude = 0 AND longitude = 0)`,
			c.Home, c.ID, f.Key, count.Loss, spared)
		if err != nil {
			return 0, err
		}
		bare += lacking
	}
	return bare, nil
}

// guardExplained: every finding of the present round that warns is explained.
func (n *Inventory) guardExplained(r store.Reader, f procedure.File) error {
	c, err := ofCase(r, f)
	if err != nil {
		return err
	}
	open, err := store.Count(r, `SELECT count(*) FROM inventory_finding
		WHERE home = ? AND inventory = ? AND round = ?
		AND severity <> ? AND explained = 0`, c.Home, c.ID, f.Case.Round, fault.Note)
	if err == nil && open > 0 {
		err = fault.New(fault.Conflict, "inventory.unexplained", open)
	}
	return err
}

// guardSampled: the county has drawn its sample, and if this check is in it, counted it again.
func (n *Inventory) guardSampled(r store.Reader, f procedure.File) error {
	c, err := ofCase(r, f)
	if err != nil {
		return err
	}
	switch {
	case c.Sample == NotDrawn:
		return fault.New(fault.Conflict, "inventory.not_sampled")
	case c.Sample == Drawn && c.Recheck == "":
		return fault.New(fault.Conflict, "inventory.not_rechecked")
	case c.Sample == Drawn && c.Recheck == recheckDiffers:
		return fault.New(fault.Conflict, "inventory.recheck_differs")
	}
	return nil
}

// stageOf maps steps of the procedure to stages of a check.
var stageOf = map[string]Stage{"counting": Counting, "notice": OnNotice, "confirmation": AtVote,
	"township": InReview, "county": AtCounty}

// entered follows the case: the check's stage, and at the township the cross-checks.
func (n *Inventory) entered(tx *store.Tx, _ access.Actor, f procedure.File) error {
	if f.Case.Version == 1 {
		return nil // opened: the check is written by whoever opens it
	}
	c, err := ofCase(tx, f)
	if err != nil {
		return err
	}
	stage, ok := stageOf[f.Step]
	if !ok {
		return fault.New(fault.Internal, "inventory.step", f.Step)
	}
	c.Stage = stage
	if stage == InReview {
		if err := n.crossCheck(tx, c, f.Case.Round); err != nil {
			return err
		}
	}
	if stage == Counting && c.Recheck == recheckDiffers {
		c.Recheck = "" // counted anew: the sample is looked at again
	}
	return checks.Update(tx, &c)
}

// ended closes a check: approved, with its totals and the cards brought in line; or withdrawn.
func (n *Inventory) ended(tx *store.Tx, actor access.Actor, f procedure.File) error {
	c, err := ofCase(tx, f)
	if err != nil {
		return err
	}
	if f.Case.Status != flow.Done {
		c.Stage = Ended
		return checks.Update(tx, &c)
	}
	c.Stage, c.ApprovedAt = Approved, tx.Now()
	if err := checks.Update(tx, &c); err != nil {
		return err
	}
	list, err := RowsOf(tx, c.Ref())
	if err != nil {
		return err
	}
	figures, err := n.total(list)
	if err != nil {
		return err
	}
	figures[n.Forms().Layout.Check(count.CheckDone)] = 1
	err = totals.Insert(tx, &totalRow{Home: c.Home, Year: c.Year, Check: c.ID, Place: c.Place,
		Layout: n.Forms().LayoutKey(), Figures: count.Encode(figures)})
	if err != nil {
		return err
	}
	return n.applyToCards(tx, actor, c, list)
}

// total adds up rows.
func (n *Inventory) total(list []Row) ([]int64, error) {
	counted := make([]count.Row, len(list))
	for i, w := range list {
		counted[i] = count.Row{Form: w.Form, Amount: w.Amount(), Area: w.Land(),
			Operating: w.Class == assets.Operating,
			Unsettled: w.Title == assets.Unsettled, Idle: w.UseState == "idle",
			WrittenOff: int64(w.WrittenOff)}
		if f, ok := n.Forms().Form(w.Form); ok && f.Land {
			counted[i].Land = w.Kind
		}
		switch w.LandUse {
		case "contracted":
			counted[i].Use = count.Contracted
		case "disputed":
			counted[i].Use = count.Disputed
		}
	}
	return n.Forms().Layout.Total(counted)
}

// applyToCards lets the cards follow what was approved, so that next year opens with it.
func (n *Inventory) applyToCards(tx *store.Tx, actor access.Actor, c Check, list []Row) error {
	var counted []assets.Counted
	for _, w := range list {
		f, ok := n.Forms().Form(w.Form)
		if !ok || !f.Cards {
			continue
		}
		if w.Asset == 0 {
			if err := n.enterFound(tx, actor, c, w); err != nil {
				return err
			}
			continue
		}
		counted = append(counted, assets.Counted{Ref: assets.Ref{Home: c.Home, ID: w.Asset},
			On:   c.Reference,
			Cost: w.Verified, Area: w.VerifiedArea, UseState: w.UseState, LandUse: w.LandUse,
			Keeper:   w.Keeper,
			Gone:     w.Verified == 0 && w.VerifiedArea == 0 && (w.Loss > 0 || w.LossArea > 0),
			Document: checkSubject(c.ID)})
	}
	return assets.ApplyAllCounted(tx, actor, c.Home, c.Organisation, counted)
}

// enterFound makes the card of what was found without one.
func (n *Inventory) enterFound(tx *store.Tx, actor access.Actor, c Check, w Row) error {
	if w.Verified == 0 && w.VerifiedArea == 0 {
		return nil
	}
	a := assets.Asset{Home: c.Home, Organisation: c.Organisation, Place: c.Place, Name: w.Name,
		Form:   w.Form,
		Number: foundNumber(c.Year, w.Number), Kind: w.Kind, Class: w.Class, Title: w.Title, Origin: "own",
		Custodian: w.Keeper, Latitude: w.Latitude, Longitude: w.Longitude, Acquired: c.Reference,
		Quantity: w.Quantity, Unit: w.Unit, Area: w.VerifiedArea, Cost: w.Verified, Method: "none",
		UseState: w.UseState,
		LandUse:  w.LandUse, Category: categoryOf(w)}
	_, err := assets.EnterFound(tx, actor, a, checkSubject(c.ID))
	return err
}

func categoryOf(w Row) string {
	if w.Class == assets.Resource {
		return "land"
	}
	return "other"
}

// eligible prefills the minutes with how many may vote.
func (n *Inventory) eligible(r store.Reader, f procedure.File) (decision.Record, error) {
	c, err := ofCase(r, f)
	if err != nil {
		return decision.Record{}, err
	}
	o, err := registry.Get(r, registry.Ref{Home: c.Home, ID: c.Organisation})
	if err != nil {
		return decision.Record{}, err
	}
	if o.Representatives > 0 {
		return decision.Record{Body: decision.Representatives, Eligible: int(o.Representatives)}, nil
	}
	return decision.Record{Body: decision.Assembly, Eligible: int(o.Members)}, nil
}
