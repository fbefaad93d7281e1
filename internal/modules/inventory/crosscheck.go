package inventory

import (
	"encoding/json"

	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/inventory/count"
	"github.com/terrace-project/terrace/internal/modules/inventory/statement"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// found is one thing a cross-check noticed.
type found struct {
	rule     string
	severity fault.Severity
	row      int64
	facts    []string
}

// crossCheck looks a check over for its reviewer and keeps what it found, for the round. The rules
// (assets.md section 2): the opening is last year's verified; arable land not above the survey
// by more than the tolerance; what is leased has a contract; assets equal liabilities and equity; the
// same parcel or certificate stands once.
func (n *Inventory) crossCheck(tx *store.Tx, c Check, round int) error {
	list, err := RowsOf(tx, c.Ref())
	if err != nil {
		return err
	}
	var all []found
	for _, look := range []func(store.Reader, Check, []Row) ([]found, error){
		n.checkOpening, n.checkArable, n.checkContracts, n.checkBalance, n.checkTwice, n.checkTitles} {
		more, err := look(tx, c, list)
		if err != nil {
			return err
		}
		all = append(all, more...)
	}
	last, err := store.Count(tx,
		`SELECT COALESCE(max(number), 0) FROM inventory_finding WHERE home = ? AND inventory = ?`,
		c.Home, c.ID)
	if err != nil {
		return err
	}
	for i, f := range all {
		facts, err := json.Marshal(f.facts)
		if err != nil {
			return err
		}
		row := Finding{Home: c.Home, Check: c.ID, Number: last + int64(i+1), Round: round, Rule: f.rule,
			Severity: f.severity, Row: f.row, Facts: string(facts)}
		if err := findings.Insert(tx, &row); err != nil {
			return err
		}
	}
	return nil
}

// checkOpening: the book amount of a card is what last year verified, plus adjustments.
func (n *Inventory) checkOpening(r store.Reader, c Check, list []Row) ([]found, error) {
	last, ok, err := previous(r, c)
	if err != nil || !ok {
		return nil, err
	}
	old, err := RowsOf(r, last.Ref())
	if err != nil {
		return nil, err
	}
	verified := map[int64]Row{}
	for _, w := range old {
		if w.Asset != 0 {
			verified[w.Asset] = w
		}
	}
	changes, err := adjustments.All(r, "WHERE home = ? AND organisation = ? AND year = ? AND asset <> 0",
		c.Home,
		c.Organisation, c.Year)
	if err != nil {
		return nil, err
	}
	for _, a := range changes {
		w := verified[a.Asset]
		w.Verified += a.Amount
		w.VerifiedArea += a.Area
		verified[a.Asset] = w
	}
	var all []found
	for _, w := range list {
		before, known := verified[w.Asset]
		if w.Asset != 0 && known && (before.Verified != w.Book || before.VerifiedArea != w.BookArea) {
			all = append(all, found{"opening", fault.Warning, w.Number, []string{w.Name,
				before.Verified.String(), w.Book.String()}})
		}
	}
	return all, nil
}

// checkArable: verified arable land is not above the survey's area by more than the tolerance.
func (n *Inventory) checkArable(r store.Reader, c Check, list []Row) ([]found, error) {
	o, err := registry.Get(r, registry.Ref{Home: c.Home, ID: c.Organisation})
	if err != nil || o.SurveyArea == 0 {
		return nil, err
	}
	tolerance, err := n.host.Packs.Fraction("check.arable_tolerance", n.host.Today(),
		n.places.Codes(c.Place)...)
	if err != nil {
		return nil, err
	}
	var arable area.Area
	for _, w := range list {
		if w.Kind == "arable" && w.Title != assets.Unsettled {
			arable += w.VerifiedArea
		}
	}
	limit := o.SurveyArea + area.Area(tolerance.Within(int64(o.SurveyArea)))
	if arable <= limit {
		return nil, nil
	}
	return []found{{"arable", fault.Warning, 0, []string{arable.Mu(), o.SurveyArea.Mu(),
		tolerance.String()}}}, nil
}

// checkContracts: what is contracted out or leased has a contract.
func (n *Inventory) checkContracts(_ store.Reader, _ Check, list []Row) ([]found, error) {
	var all []found
	for _, w := range list {
		outside := w.UseState == "leased" || w.UseState == "contracted" && w.LandUse != "contracted"
		if outside && w.Details()["contract"] == "" {
			all = append(all, found{"no_contract", fault.Warning, w.Number, []string{w.Name}})
		}
	}
	return all, nil
}

// Details are the further columns of the row's form, as files hold them.
func (w Row) Details() map[string]string {
	d := map[string]string{}
	if w.Detail != "" {
		if err := json.Unmarshal([]byte(w.Detail), &d); err != nil {
			return map[string]string{}
		}
	}
	return d
}

// checkBalance: assets net of what was written off equal liabilities and equity.
func (n *Inventory) checkBalance(_ store.Reader, _ Check, list []Row) ([]found, error) {
	b, err := n.BalanceOf(list)
	if err != nil || b.Difference == 0 {
		return nil, err
	}
	return []found{{"balance", fault.Warning, 0, []string{b.Assets.String(), b.Claims.String(),
		b.Difference.String()}}}, nil
}

// checkTwice: no parcel and no certificate of this organisation stands on a live card of another.
func (n *Inventory) checkTwice(r store.Reader, c Check, list []Row) ([]found, error) {
	twins, err := assets.TwinsOf(r, c.Home, c.Organisation)
	if err != nil {
		return nil, err
	}
	var all []found
	for _, w := range list {
		if other, ok := twins[w.Asset]; ok && w.Asset != 0 {
			all = append(all, found{"twice", fault.Warning, w.Number, []string{w.Name, other}})
		}
	}
	return all, nil
}

// checkTitles tells the reviewer what is not settled, lacks its documents, or is occupied.
func (n *Inventory) checkTitles(_ store.Reader, _ Check, list []Row) ([]found, error) {
	var all []found
	for _, w := range list {
		switch {
		case w.Title == assets.Unsettled:
			all = append(all, found{"unsettled", fault.Note, w.Number, []string{w.Name}})
		case w.Verdict == count.NoDocument:
			all = append(all, found{"no_document", fault.Note, w.Number, []string{w.Name}})
		case w.Verdict == count.Misused:
			all = append(all, found{"misused", fault.Warning, w.Number, []string{w.Name}})
		}
	}
	return all, nil
}

// Balance is the balance of an organisation's totals.
type Balance = statement.Balance

// BalanceOf adds up the sides of the balance sheet over rows.
func (n *Inventory) BalanceOf(list []Row) (Balance, error) {
	figures, err := n.total(list)
	if err != nil {
		return Balance{}, err
	}
	return n.plan().Balance(figures), nil
}
