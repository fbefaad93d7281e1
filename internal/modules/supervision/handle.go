package supervision

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/flow"
)

// Procedure is the procedure of a finding.
const Procedure = "finding"

// The steps of the procedure that the module knows.
const answering = "answering"

func (m *Supervision) handler() procedure.Handler {
	return procedure.Handler{
		Guards:  map[string]func(store.Reader, procedure.File) error{"answered": m.answered},
		Ended:   m.ended,
		Address: func(row procedure.Row) string { return Address(Ref{row.Home, numberOf(row.Subject)}) },
	}
}

func numberOf(subject string) int64 {
	n, err := strconv.ParseInt(strings.TrimPrefix(subject, "finding/"), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func (m *Supervision) answered(r store.Reader, file procedure.File) error {
	f, err := Get(r, Ref{file.Home, numberOf(file.Subject)})
	if err == nil && f.Outcome == "" {
		err = fault.New(fault.Conflict, "supervision.unanswered")
	}
	return err
}

// ended closes a finding: the verifier agreed, or handed it to discipline inspection.
func (m *Supervision) ended(tx *store.Tx, actor access.Actor, file procedure.File) error {
	f, err := Get(tx, Ref{file.Home, numberOf(file.Subject)})
	if err != nil {
		return err
	}
	f.State, f.Closed = Closed, tx.Now().Date()
	if file.Status == flow.Refused {
		f.State, f.Outcome = Transferred, HandedOn
	}
	e := end{Home: f.Home, Finding: f.ID, Number: f.Times, Rule: f.Rule, RuleVersion: f.RuleVersion,
		Outcome: f.Outcome, Ended: f.Closed}
	if err := ends.Insert(tx, &e); err != nil {
		return err
	}
	return m.keep(tx, actor, f, "finding."+string(f.State))
}

// Answering is what the township says to a finding.
type Answering struct {
	Outcome  Outcome
	Answer   string
	Evidence string
}

const answerMax = 2000 // characters

// check trims an answer and refuses what is none; proven says that files show it.
func (a *Answering) check(proven bool) error {
	a.Answer, a.Evidence = strings.TrimSpace(a.Answer), strings.TrimSpace(a.Evidence)
	switch {
	case a.Outcome != Explained && a.Outcome != Rectified:
		return fault.New(fault.Invalid, "supervision.outcome_unknown")
	case a.Answer == "" || utf8.RuneCountInString(a.Answer) > answerMax:
		return fault.New(fault.Invalid, "supervision.answer_length", answerMax)
	case a.Outcome == Rectified && a.Evidence == "" && !proven:
		return fault.New(fault.Invalid, "supervision.evidence_missing")
	case utf8.RuneCountInString(a.Evidence) > answerMax:
		return fault.New(fault.Invalid, "supervision.answer_length", answerMax)
	}
	return nil
}

// Answer says what is to be said to a finding, and hands it to whoever verifies.
func (m *Supervision) Answer(ctx context.Context, actor access.Actor, ref Ref, version int64,
	a Answering) error {
	return m.host.Store.Write(ctx, func(tx *store.Tx) error {
		f, err := m.answerable(tx, actor, ref)
		if err != nil {
			return err
		}
		shown, err := proven(tx, f)
		if err != nil {
			return err
		}
		if err := a.check(shown); err != nil {
			return err
		}
		f.Version, f.Outcome, f.Answer, f.Evidence = version, a.Outcome, a.Answer, a.Evidence
		if err := m.keep(tx, actor, f, "finding.answered"); err != nil {
			return err
		}
		_, err = m.host.Procedures.DoIn(tx, actor, procedure.Ref{Home: f.Home, ID: f.Case}, 0,
			flow.Act{Verb: flow.Submit,
				Reason: a.Answer})
		return err
	})
}

// seen reads a finding for whoever asks: what they may not see looks as if it were not there.
func (m *Supervision) seen(r store.Reader, actor access.Actor, ref Ref) (Finding, error) {
	f, err := Get(r, ref)
	if err == nil && !m.host.Access.Can(actor, MayRead, f.Place) {
		err = fault.New(fault.NotFound, "supervision.none")
	}
	return f, err
}
