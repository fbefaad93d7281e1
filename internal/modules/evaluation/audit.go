package evaluation

import (
	"context"
	"encoding/csv"
	"runtime"
	"strings"
	"sync/atomic"

	"github.com/terrace-project/terrace/internal/modules/evaluation/result"
	"github.com/terrace-project/terrace/internal/modules/rating"
	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/jobs"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// auditKind is the job of an audit.
const auditKind = "evaluation.audit"

// The limits of the design of an audit.
const (
	designMin = 16
	designMax = 10_000
)

// kept is the audit of a run, ordered or answered.
type kept struct {
	Home    int64          `db:"home"`
	Run     int64          `db:"run,key"`
	Version int64          `db:"version,version"`
	Design  int64          `db:"design"` // N
	Job     int64          `db:"job"`
	Account int64          `db:"account"` // that ordered it
	Ordered period.Instant `db:"ordered"`
	Answer  string         `db:"answer"` // JSON; empty: not yet
	Hash    string         `db:"hash"`   // SHA-256 of the answer
}

var audits = store.NewTable[kept]("evaluation_audit")

// auditOf is the audit of a run, if one was ordered.
func auditOf(r store.Reader, ref Ref) (kept, bool, error) {
	return audits.First(r, "WHERE home = ? AND run = ?", ref.Home, ref.ID)
}

// auditArgs are what the job of an audit is told.
type auditArgs struct {
	Run int64 `json:"run"`
}

// OrderAudit asks for the audit of a run with a design of so many rows, and answers the number of its job. An
// audit that is there gives way to the new one when that is done.
func (e *Evaluation) OrderAudit(ctx context.Context, actor access.Actor, ref Ref, design int64) (int64,
	error) {
	if design < designMin || design > designMax {
		return 0, fault.New(fault.Invalid, "evaluation.design", design, designMin, designMax)
	}
	var job int64
	err := e.host.Store.Write(ctx, func(tx *store.Tx) error {
		run, err := e.Seen(tx, actor, ref)
		if err != nil {
			return err
		}
		if err := e.host.Access.Require(actor, Compute, run.Place); err != nil {
			return err
		}
		found, there, err := auditOf(tx, ref)
		if err != nil {
			return err
		}
		if there && found.Job != 0 {
			before, err := e.host.Jobs.Get(tx, ref.Home, found.Job)
			if err == nil && !before.State.Over() {
				return fault.New(fault.Conflict, "evaluation.audit_under_way")
			}
		}
		job, err = e.host.Jobs.Enqueue(tx, jobs.Order{Home: ref.Home, Kind: auditKind,
			Subject: subject(ref),
			Place:   run.Place, Actor: actor.Account, Args: auditArgs{ref.ID}})
		if err != nil {
			return err
		}
		order := kept{Home: ref.Home, Run: ref.ID, Version: found.Version, Design: design, Job: job,
			Account: actor.Account, Ordered: tx.Now()}
		if there {
			err = audits.Update(tx, &order)
		} else {
			err = audits.Insert(tx, &order)
		}
		if err == nil {
			_, err = tx.Record(e.event(run, "evaluation.audit_ordered", actor, orderedBody{design}))
		}
		return err
	})
	return job, err
}

type orderedBody struct {
	Design int64 `json:"design"`
}

// auditedBody is what the log says of an audit.
type auditedBody struct {
	Design int64  `json:"design"`
	Hash   string `json:"answer_sha256"`
	Result string `json:"result_sha256"`
}

// auditJob computes an audit and keeps its answer with the run. Killed, it begins again: it writes nothing
// before its end.
func (e *Evaluation) auditJob(ctx context.Context, run *jobs.Run) error {
	var args auditArgs
	if err := run.Args(&args); err != nil {
		return err
	}
	ref := Ref{run.Job.Home, args.Run}
	var of Run
	var order kept
	var texts [2]string
	err := e.host.Store.View(ctx, func(v *store.View) (err error) {
		if of, err = Get(v, ref); err != nil {
			return err
		}
		order, _, err = auditOf(v, ref)
		for i, part := range []string{schemePart, figuresPart} {
			if err == nil {
				texts[i], err = text(v, ref, part)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	scheme, table, err := parsed(of.Title, texts[0], texts[1])
	if err != nil {
		return err
	}
	answer, err := e.audited(ctx, run, scheme, table, auditOptions(of, order))
	if err != nil {
		return err
	}
	answer.Machine = runtime.GOARCH
	body, err := answer.Text()
	if err != nil {
		return err
	}
	return run.Portion(ctx, func(tx *store.Tx, at *jobs.Progress) error {
		row, there, err := auditOf(tx, ref)
		if err != nil || !there || row.Job != run.Job.ID {
			return err // another was ordered meanwhile
		}
		row.Answer, row.Hash = body, hashOf(body)
		if err := audits.Update(tx, &row); err != nil {
			return err
		}
		at.Done = at.Total
		_, err = tx.Record(e.event(of, "evaluation.audited", access.Actor{Account: run.Job.Actor},
			auditedBody{row.Design, row.Hash, of.ResultHash}))
		return err
	})
}

// auditOptions are what the audit of a run depends on besides its texts.
func auditOptions(of Run, order kept) result.AuditOptions {
	return result.AuditOptions{Seed: uint64(of.Seed), Rows: int(order.Design), Methods: rating.Methods()}
}

// tellEvery is in how many steps an audit tells how far it is.
const tellEvery = 50

// audited computes while the job tells how far it is. A job that is stopped ends the computation.
func (e *Evaluation) audited(ctx context.Context, run *jobs.Run, s score.Scheme, t score.Table,
	o result.AuditOptions) (result.Audit, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	type done struct {
		answer result.Audit
		err    error
	}
	ended, moved := make(chan done, 1), make(chan jobs.Progress, 1)
	var most atomic.Int64
	o.Progress = func(did, of int) {
		if before := most.Load(); int64(did) >= before+int64(of)/tellEvery && most.CompareAndSwap(before,
			int64(did)) {
			select {
			case moved <- jobs.Progress{Done: int64(did), Total: int64(of)}:
			default: // the last one was not told yet
			}
		}
	}
	o.Ended = ctx.Err
	go func() {
		answer, err := result.ComputeAudit(s, t, o)
		ended <- done{answer, err}
	}()
	for {
		select {
		case at := <-moved:
			if err := run.Tell(ctx, at); err != nil {
				stop()
				<-ended
				return result.Audit{}, err
			}
		case d := <-ended:
			return d.answer, d.err
		}
	}
}

// parsed reads what a run was made of.
func parsed(name, scheme, figures string) (score.Scheme, score.Table, error) {
	s, err := rating.ParseScheme(name, []byte(scheme))
	if err != nil {
		return s, score.Table{}, err
	}
	rows, err := csv.NewReader(strings.NewReader(figures)).ReadAll()
	if err != nil {
		return s, score.Table{}, fault.New(fault.Invalid, "evaluation.figures").Because(err)
	}
	table, _, err := score.ReadData(score.Sheet{Name: figuresName, Rows: rows}, s)
	return s, table, err
}
