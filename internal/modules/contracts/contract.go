package contracts

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/modules/contracts/object"
	"github.com/terrace-project/terrace/internal/modules/contracts/record"
	"github.com/terrace-project/terrace/internal/modules/contracts/schedule"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Limits of a contract's texts.
const (
	NameMax     = 100
	NumberMax   = 50
	DocumentMax = 100
	TextMax     = 500
	NoteMax     = 1000
	ObjectsMax  = object.Max
)

// unitsInMu15 are the hundredths of a square metre in fifteen mu: a mu has no whole number of them.
const unitsInMu15 = 1_000_000

// Entry is a contract to be entered, with its terms and what it is about.
type Entry struct {
	Contract
	Schedule []schedule.Phase
	Objects  []Object
	Owed     money.Fen // at take-over, from before ClaimsFrom
	Document string
}

// settle fills in what follows from the terms (invariant 7). It must be right.
func (c *Contract) settle(phases []schedule.Phase) error {
	text, err := json.Marshal(phases)
	if err != nil {
		return err
	}
	if c.Total, err = schedule.TotalOf(phases); err != nil {
		return err
	}
	first, last := phases[0], phases[len(phases)-1]
	c.Terms, c.Begins, c.Ends = string(text), first.From, last.Last()
	c.Yearly, c.Prepaid, c.UnitPrice = last.Yearly(), first.Prepaid(), 0
	if c.Area > 0 {
		if c.UnitPrice, err = c.Yearly.Times(unitsInMu15, 15*int64(c.Area), decimal.HalfUp); err != nil {
			c.UnitPrice = 0 // an area of nearly nothing has no price
		}
	}
	return nil
}

// Check normalises an entry and finds everything wrong with it. Columns are fields of the form.
func (s *Contracts) Check(e *Entry) []fault.Finding {
	var found []fault.Finding
	tell := func(field string, f fault.Finding) { found = append(found, f.At("", 0, field)) }
	texts := []struct {
		field string
		text  *string
		most  int
		must  bool
	}{{"number", &e.Number, NumberMax, false}, {"name", &e.Name, NameMax, true},
		{"party", &e.Party, NameMax, true}, {"party_code", &e.PartyCode, NumberMax, false},
		{"project", &e.Project, DocumentMax, false}, {"decision", &e.Decision, DocumentMax, false},
		{"approval", &e.Approval, DocumentMax, false}, {"document", &e.Document, DocumentMax, false},
		{"note", &e.Note, NoteMax, false}}
	for _, t := range texts {
		*t.text = strings.TrimSpace(*t.text)
		switch {
		case *t.text == "" && t.must:
			tell(t.field, fault.Wrong("contracts.missing"))
		case utf8.RuneCountInString(*t.text) > t.most:
			tell(t.field, fault.Wrong("contracts.too_long", t.most))
		}
	}
	codes := s.codes.Load()
	for _, c := range []struct {
		field, code string
		may         bool
	}{{"kind", e.Kind, false}, {"party_kind", e.PartyKind, false}, {"manner", e.Manner, false},
		{"decision_body", e.DecisionBody, true}, {"price_class", e.PriceClass, true}} {
		if !(c.may && c.code == "") && !codes.Has(listOf[c.field], c.code) {
			tell(c.field, fault.Wrong("contracts.code").Saw(c.code))
		}
	}
	if record.Unmasked(e.PartyCode, s.host.Today()) {
		tell("party_code", fault.Wrong("contracts.unmasked"))
	}
	found = append(found, s.checkTerm(e)...)
	if !record.Fits(e.Objects) {
		tell("objects", fault.Wrong("contracts.objects", ObjectsMax))
	}
	return found
}

// checkTerm finds what is wrong with days, amounts and the schedule, and settles what follows from it.
func (s *Contracts) checkTerm(e *Entry) []fault.Finding {
	var found []fault.Finding
	tell := func(field string, f fault.Finding) { found = append(found, f.At("", 0, field)) }
	today := s.host.Today()
	for _, d := range []struct {
		field string
		day   period.Date
	}{{"signed", e.Signed}, {"decided", e.Decided}, {"approved", e.Approved}} {
		if d.day != "" && (!d.day.Valid() || d.day > today) {
			tell(d.field, fault.Wrong("contracts.day"))
		}
	}
	if e.HouseholdEnd != "" && !e.HouseholdEnd.Valid() {
		tell("household_end", fault.Wrong("contracts.day"))
	}
	if e.ClaimsFrom != "" && !e.ClaimsFrom.Valid() {
		tell("claims_from", fault.Wrong("contracts.day"))
	}
	if e.Area < 0 {
		tell("area", fault.Wrong("contracts.negative"))
	}
	if e.Owed < 0 {
		tell("owed", fault.Wrong("contracts.negative"))
	}
	if e.DecisionShare < 0 || e.DecisionShare > WholeShare {
		tell("decision_share", fault.Wrong("contracts.share"))
	}
	if len(e.Schedule) == 0 {
		tell("ends", fault.Wrong("contracts.missing"))
		return found
	}
	if err := e.settle(e.Schedule); err != nil {
		tell("ends", fault.Wrong("contracts.schedule"))
		return found
	}
	e.Ends = e.Schedule[len(e.Schedule)-1].To
	if e.ClaimsFrom == "" {
		e.ClaimsFrom = e.Begins
	}
	if e.Total == 0 {
		tell("amount", fault.Doubt("contracts.free"))
	}
	if e.Signed > e.Begins && e.Signed != "" {
		tell("signed", fault.Doubt("contracts.signed_late"))
	}
	if !e.Paper {
		tell("paper", fault.Doubt("contracts.oral"))
	}
	return found
}

// putObjects writes what a contract is about, in place of what stood there.
func putObjects(tx *store.Tx, c Contract, list []Object) error {
	old, err := ObjectsOf(tx, c.Ref())
	if err != nil {
		return err
	}
	for i := range old {
		if i >= len(list) {
			if err := objectTable.Delete(tx, &old[i]); err != nil {
				return err
			}
		}
	}
	for i, o := range list {
		row := Object{Home: c.Home, Contract: c.ID, Number: int64(i + 1), Object: o.Object, Share: o.Share,
			Begins: c.Begins, Ends: c.State.LastDay(c.Ends, c.Ended), Live: c.State != Drafted}
		if i >= len(old) {
			err = objectTable.Insert(tx, &row)
		} else if row.Version = old[i].Version; row != old[i] {
			err = objectTable.Update(tx, &row)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
