package reporting

import (
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/reporting/form"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/flow"
)

// The steps of a report's procedure.
const (
	stepFilling = "filling"
	stepReview  = "review"
)

// reportHandler is what this module adds to the procedures of reports.
func (g *Reporting) reportHandler() procedure.Handler {
	return procedure.Handler{
		Guards: map[string]func(store.Reader, procedure.File) error{
			"in_time":   g.guardInTime,
			"sound":     g.guardSound,
			"explained": g.guardExplained,
		},
		Entered: g.entered,
		Ended:   g.ended,
		Address: func(row procedure.Row) string { return "/reports/" + homeAndID(row) },
	}
}

func homeAndID(row procedure.Row) string {
	_, id, _ := strings.Cut(row.Subject, "/")
	return strconv.FormatInt(row.Home, 10) + "/" + id
}

// subjectRef reads what a case is about.
func subjectRef(f procedure.File) (Ref, error) { return refOf(f.Home, f.Subject) }

// refOf reads report/37 or roll-up/4.
func refOf(home int64, subject string) (Ref, error) {
	_, text, _ := strings.Cut(subject, "/")
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return Ref{}, fault.New(fault.NotFound, "reporting.no_report")
	}
	return Ref{home, id}, nil
}

func ofCase(r store.Reader, f procedure.File) (Report, error) {
	ref, err := subjectRef(f)
	if err != nil {
		return Report{}, err
	}
	return Get(r, ref)
}

func (g *Reporting) guardInTime(r store.Reader, f procedure.File) error {
	p, err := ofCase(r, f)
	if err != nil {
		return err
	}
	return g.inTime(p)
}

// guardSound: no error stands in the values as they are now.
func (g *Reporting) guardSound(r store.Reader, f procedure.File) error {
	p, err := ofCase(r, f)
	if err != nil {
		return err
	}
	filled, found, err := g.validated(r, p)
	if err != nil {
		return err
	}
	told := g.Told(filled, found)
	if fault.Stops(told) {
		return fault.New(fault.Conflict, "reporting.unsound", len(told)).With(told)
	}
	return nil
}

func (g *Reporting) validated(r store.Reader, p Report) (Filled, []form.Finding, error) {
	filled, err := g.Fill(r, p)
	if err != nil {
		return filled, nil, err
	}
	found, err := g.Validate(r, filled)
	return filled, found, err
}

// guardExplained: every warning of the present round is explained.
func (g *Reporting) guardExplained(r store.Reader, f procedure.File) error {
	p, err := ofCase(r, f)
	if err != nil {
		return err
	}
	open, err := store.Count(r, `SELECT count(*) FROM report_finding WHERE home = ? AND report = ?
		AND round = ? AND severity = ? AND explained = 0`, p.Home, p.ID, p.Round, fault.Warning)
	if err == nil && open > 0 {
		err = fault.New(fault.Conflict, "reporting.unexplained", open)
	}
	return err
}

// entered follows the case. At the review the values are frozen, with what validation found in them; a
// return opens them again.
func (g *Reporting) entered(tx *store.Tx, actor access.Actor, f procedure.File) error {
	if f.Case.Version == 1 {
		return nil // opened: the report is written by whoever opens it
	}
	p, err := ofCase(tx, f)
	if err != nil {
		return err
	}
	switch f.Step {
	case stepFilling:
		p.Stage, p.Cells, p.Round = Filling, "", p.Round+1
		return reports.Update(tx, &p)
	case stepReview:
		return g.freeze(tx, p)
	}
	return fault.New(fault.Internal, "reporting.step", f.Step)
}

func (g *Reporting) freeze(tx *store.Tx, p Report) error {
	filled, found, err := g.validated(tx, p)
	if err != nil {
		return err
	}
	typed := amounts{} // what a source answers by now was typed in vain
	for i, c := range filled.Form.Cells {
		if filled.Origins[i] == Typed {
			typed[c.Key] = filled.Row[i].Amount
		}
	}
	if p.Typed, err = typed.encode(); err != nil {
		return err
	}
	if p.Cells, err = encodeRow(filled.Form.Definition, filled.Row); err != nil {
		return err
	}
	burden := filled.Burden()
	p.Stage, p.Submitted, p.Asked, p.Seconds = InReview, tx.Now().Date(), burden.Asked, burden.Seconds
	if err := reports.Update(tx, &p); err != nil {
		return err
	}
	return keepFindings(tx, p, found)
}

// ended closes a report: approved, with its total and the figures that come of it; or excused.
func (g *Reporting) ended(tx *store.Tx, _ access.Actor, f procedure.File) error {
	p, err := ofCase(tx, f)
	if err != nil {
		return err
	}
	if f.Case.Status != flow.Done {
		return nil // its exception has said so
	}
	d, err := g.Form(tx, p.Form)
	if err != nil {
		return err
	}
	row, err := rowOf(d.Definition, p.Cells)
	if err != nil {
		return err
	}
	p.Stage, p.Approved = Approved, tx.Now().Date()
	if err := reports.Update(tx, &p); err != nil {
		return err
	}
	err = totals.Insert(tx, &totalRow{Home: p.Home, Report: p.ID, Form: p.Form, Period: p.Period,
		Place:  p.Place,
		Layout: LayoutKey(d), Figures: d.Of(row).Encode()})
	if err != nil {
		return err
	}
	return g.publish(tx, p, d, row)
}

// endCase ends a running case of a report: it need not come any more, or has another case.
func (g *Reporting) endCase(tx *store.Tx, p Report, kase int64, reason string) error {
	_, err := g.host.Procedures.DoIn(tx, access.Machine, procedure.Ref{Home: p.Home, ID: kase}, 0,
		flow.Act{Verb: flow.Withdraw, Reason: reason})
	return err
}
