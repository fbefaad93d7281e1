package reporting

import (
	"context"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/reporting/form"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/flow"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// admission is the procedure by which a form is admitted.
const admission = "report-admission"

// States of a proposal.
const (
	stateProposed = "proposed"
	stateAdmitted = "admitted"
	stateRefused  = "refused"
)

// definitionMax is the number of bytes of a proposed form.
const definitionMax = 64 << 10

// Assess reads a form that somebody wants and says everything that speaks against it: what the self-check
// finds, what admission lacks, which living form it nearly repeats, and who holds already what it asks.
func (g *Reporting) Assess(r store.Reader, text string, place int64) (*Form, []fault.Finding, error) {
	if len(text) > definitionMax {
		return nil, nil, fault.New(fault.TooLarge, "reporting.form_large", definitionMax>>10)
	}
	d, err := parseForm(text)
	if err != nil {
		return nil, nil, err
	}
	f, found := compile(d)
	if fault.Stops(found) {
		return nil, found, nil
	}
	found = append(found, d.Check(func(key string) bool {
		_, err := g.host.Measures.Definition(key)
		return err == nil
	})...)
	marks, err := g.marks(place)
	if err != nil {
		return nil, nil, err
	}
	holders, err := g.holders(r, d.Key)
	if err != nil {
		return nil, nil, err
	}
	if !slices.ContainsFunc(g.pack.Load().forms, func(f *Form) bool { return f.Procedure == d.Procedure }) {
		found = append(found, fault.Wrong("reporting.check.procedure", d.Procedure))
	}
	if other, err := g.Form(r, d.Key); err == nil {
		found = append(found, fault.Wrong("reporting.admit.key", other.Title))
	}
	return f, append(found, marks.Check(d, holders)...), nil
}

func (g *Reporting) marks(place int64) (a form.Admission, err error) {
	today, region := g.host.Today(), g.places.Codes(place)
	if a.Similarity, err = g.host.Packs.Fraction("report.similar_share", today, region...); err != nil {
		return a, err
	}
	if a.Held, err = g.host.Packs.Fraction("report.held_share", today, region...); err != nil {
		return a, err
	}
	years, err := g.host.Packs.Int("report.sunset_years", today, region...)
	a.YearsMax = int(years)
	return a, err
}

// holders are what holds elements: living forms, and the registers that keep elements at their source.
func (g *Reporting) holders(r store.Reader, but string) ([]form.Holder, error) {
	all, err := g.Forms(r)
	if err != nil {
		return nil, err
	}
	today := g.host.Today()
	var holders []form.Holder
	for _, f := range all {
		if f.Key != but && today < f.Sunset {
			holders = append(holders, form.Holder{Name: f.Title.Chinese + " " + f.Title.English, Form: true,
				Elements: f.Elements()})
		}
	}
	at := map[words.Words]int{}
	for _, e := range g.Elements() {
		if e.Holder == (words.Words{}) {
			continue
		}
		i, known := at[e.Holder]
		if !known {
			i = len(holders)
			at[e.Holder] = i
			holders = append(holders, form.Holder{Name: e.Holder.Chinese + " " + e.Holder.English})
		}
		holders[i].Elements = append(holders[i].Elements, e.Key)
	}
	return holders, nil
}

type proposalBody struct {
	Form   string      `json:"form"`
	Sunset period.Date `json:"sunset"`
	State  string      `json:"state"`
}

// Propose asks for a form to be admitted in a place. One that fails the check is refused at once, with
// everything that speaks against it.
func (g *Reporting) Propose(ctx context.Context, actor access.Actor, place int64, text string) (p Proposal,
	err error) {
	if err := g.host.Access.Require(actor, MayPropose, place); err != nil {
		return p, err
	}
	err = g.host.Store.Write(ctx, func(tx *store.Tx) error {
		f, found, err := g.Assess(tx, text, place)
		if err != nil {
			return err
		}
		if fault.Stops(found) {
			return fault.New(fault.Conflict, "reporting.admit_refused").With(found)
		}
		p = Proposal{Home: g.places.Home(place), Name: f.Key, Place: place, State: stateProposed,
			Definition: text,
			Proposer:   actor.Account, Proposed: g.host.Today(), Sunset: f.Sunset}
		if p.ID, err = tx.NextID(p.Home, "report_form"); err != nil {
			return err
		}
		file, err := g.host.Procedures.Open(tx, actor, procedure.Opening{Procedure: admission, Home: p.Home,
			Place: place, Subject: subject("form", p.ID), Year: p.Proposed.Year(), Title: words.Words{
				Chinese: "报表准入：" + f.Title.Chinese, English: "Admission of a form: " + f.Title.English}})
		if err != nil {
			return err
		}
		p.Case = file.ID
		if err := proposals.Insert(tx, &p); err != nil {
			return err
		}
		return tellProposal(tx, actor, p, "report.form_proposed")
	})
	return p, err
}

func tellProposal(tx *store.Tx, actor access.Actor, p Proposal, kind string) error {
	_, err := tx.Record(store.Event{Home: p.Home, Kind: kind, Subject: subject("form", p.ID),
		Place: p.Place,
		Actor: actor.Account, Body: proposalBody{p.Name, p.Sunset, p.State}})
	return err
}

// ProposalOf reads a proposed form.
func ProposalOf(r store.Reader, ref Ref) (Proposal, error) {
	p, found, err := proposals.First(r, "WHERE home = ? AND id = ?", ref.Home, ref.ID)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "reporting.no_proposal")
	}
	return p, err
}

// Proposals lists the forms that were proposed within a scope.
func Proposals(r store.Reader, within access.Scope) ([]Proposal, error) {
	inside, args := within.Places("place")
	return proposals.All(r, "WHERE "+inside+" ORDER BY home, id DESC LIMIT 200", args...)
}

func (g *Reporting) admissionHandler() procedure.Handler {
	return procedure.Handler{
		Guards:  map[string]func(store.Reader, procedure.File) error{"still_new": g.guardStillNew},
		Ended:   g.admissionEnded,
		Address: func(row procedure.Row) string { return "/report-proposals/" + homeAndID(row) },
	}
}

// guardStillNew: nothing has come meanwhile that the form repeats.
func (g *Reporting) guardStillNew(r store.Reader, f procedure.File) error {
	ref, err := subjectRef(f)
	if err != nil {
		return err
	}
	p, err := ProposalOf(r, ref)
	if err != nil {
		return err
	}
	_, found, err := g.Assess(r, p.Definition, p.Place)
	if err == nil && fault.Stops(found) {
		err = fault.New(fault.Conflict, "reporting.admit_refused").With(found)
	}
	return err
}

func (g *Reporting) admissionEnded(tx *store.Tx, actor access.Actor, f procedure.File) error {
	ref, err := subjectRef(f)
	if err != nil {
		return err
	}
	p, err := ProposalOf(tx, ref)
	if err != nil {
		return err
	}
	p.State = stateRefused
	if f.Case.Status == flow.Done {
		p.State = stateAdmitted
	}
	if err := proposals.Update(tx, &p); err != nil {
		return err
	}
	return tellProposal(tx, actor, p, "report.form_decided")
}
