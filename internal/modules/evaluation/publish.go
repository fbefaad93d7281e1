package evaluation

import (
	"context"
	"fmt"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// subject names a run in events.
func subject(r Ref) string { return fmt.Sprintf("evaluation/%d", r.ID) }

// Publish makes a draft the city's: from now on it is frozen, and the log names its hashes.
func (e *Evaluation) Publish(ctx context.Context, actor access.Actor, ref Ref, version int64) (Run, error) {
	return e.change(ctx, actor, ref, version, func(tx *store.Tx, run *Run) error {
		if run.State != Draft {
			return fault.New(fault.Conflict, "evaluation.not_draft")
		}
		if run.Author == actor.Account && actor.Account != access.Machine.Account {
			return fault.New(fault.Forbidden, "evaluation.own")
		}
		event, err := tx.Record(e.event(*run, "evaluation.published", actor, madeBody{run.Title, run.Scheme,
			run.SchemeHash, run.FiguresHash, run.ResultHash}))
		run.State, run.Publisher, run.PublishedAt, run.Event = Published, actor.Account, tx.Now(), event
		return err
	})
}

// reasonMin is the fewest characters a reason has.
const reasonMin = 5

// Withdraw says that a published run must not be used any more. All of it stays readable.
func (e *Evaluation) Withdraw(ctx context.Context, actor access.Actor, ref Ref, version int64,
	reason string) (Run, error) {
	return e.change(ctx, actor, ref, version, func(tx *store.Tx, run *Run) error {
		if run.State != Published {
			return fault.New(fault.Conflict, "evaluation.not_published")
		}
		reason = strings.TrimSpace(reason)
		if len([]rune(reason)) < reasonMin {
			return fault.New(fault.Invalid, "evaluation.reason", reasonMin)
		}
		run.State, run.Reason = Withdrawn, reason
		_, err := tx.Record(e.event(*run, "evaluation.withdrawn", actor, withdrawnBody{run.ResultHash,
			reason}))
		return err
	})
}

type withdrawnBody struct {
	Result string `json:"result_sha256"`
	Reason string `json:"reason"`
}

// change lets a publisher change where a run stands.
func (e *Evaluation) change(ctx context.Context, actor access.Actor, ref Ref, version int64,
	act func(tx *store.Tx, run *Run) error) (Run, error) {
	var run Run
	err := e.host.Store.Write(ctx, func(tx *store.Tx) (err error) {
		if run, err = Get(tx, ref); err != nil {
			return err
		}
		if err := e.host.Access.Require(actor, Release, run.Place); err != nil {
			return err
		}
		if version != 0 && run.Version != version {
			return fault.New(fault.Stale, "store.stale")
		}
		if err := act(tx, &run); err != nil {
			return err
		}
		return runs.Update(tx, &run)
	})
	return run, err
}

// Certificate proves the publication of a run to anybody who has the installation's public key.
func (e *Evaluation) Certificate(ctx context.Context, run Run) (string, error) {
	if run.Event == 0 {
		return "", fault.New(fault.Conflict, "evaluation.not_published")
	}
	return e.host.Log.Certificate(ctx, run.Home, run.Event)
}
