package evaluation

import (
	"context"
	"fmt"
	"runtime"

	"github.com/terrace-project/terrace/internal/modules/evaluation/result"
	"github.com/terrace-project/terrace/internal/modules/rating"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// otherMachine is by how much, relatively, a run may differ where it is computed again on another kind of
// machine, whose processor may join a multiplication and an addition in one rounding.
const otherMachine = 1e-9

// Proof computes a run again from what is kept of it, and answers what does not agree; none: it is proved.
func Proof(r store.Reader, run Run) ([]fault.Finding, error) {
	name := fmt.Sprintf("%d/%d", run.Home, run.ID)
	var texts [3]string
	var found []fault.Finding
	for i, part := range []struct{ key, hash string }{{schemePart, run.SchemeHash},
		{figuresPart, run.FiguresHash}, {resultPart, run.ResultHash}} {
		var err error
		if texts[i], err = text(r, run.Ref(), part.key); err != nil {
			return nil, err
		}
		if hashOf(texts[i]) != part.hash {
			found = append(found, fault.Wrong("evaluation.verify.hash", name, part.key))
		}
	}
	if len(found) > 0 {
		return found, nil
	}
	scheme, err := rating.ParseScheme(name, []byte(texts[0]))
	if err != nil {
		return append(found, fault.Wrong("evaluation.verify.refused", name)), nil
	}
	again, err := computeFrom(scheme, texts[1], run.Seed, int(run.Replications))
	if err != nil {
		return append(found, fault.Wrong("evaluation.verify.refused", name)), nil
	}
	text, err := again.Text()
	if err != nil || text == texts[2] {
		return nil, err
	}
	kept, err := result.Read(texts[2])
	if err != nil {
		return append(found, fault.Wrong("evaluation.verify.hash", name, resultPart)), nil
	}
	if run.Machine != runtime.GOARCH && kept.Near(again, otherMachine) {
		return nil, nil
	}
	return append(found, fault.Wrong("evaluation.verify.differs", name)), nil
}

// auditCellsMax bounds what terrace verify computes of an audit again, in cells of figures rebuilt: about
// a second. Of a larger one it proves the hash and says so; terrace rating verify --audits computes it.
const auditCellsMax = 10_000_000

// AuditProof looks at the audit of a run, if it has one: at its hash, and by computing it again from what is
// kept of the run, if it is no larger than so many cells rebuilt (0: however large). again tells whether
// it was computed.
func AuditProof(ctx context.Context, r store.Reader, run Run, cellsMax int64) (found []fault.Finding,
	again bool, err error) {
	name := fmt.Sprintf("%d/%d", run.Home, run.ID)
	k, _, err := auditOf(r, run.Ref())
	if err != nil || k.Answer == "" {
		return nil, false, err
	}
	wrong := func(key string, more ...any) ([]fault.Finding, bool, error) {
		return []fault.Finding{fault.Wrong(key, append([]any{name}, more...)...)}, true, nil
	}
	if hashOf(k.Answer) != k.Hash {
		return wrong("evaluation.verify.hash", "audit")
	}
	cells := run.Areas * max(1, int64(len(run.Periods()))) * run.Indicators
	if cellsMax > 0 && cells*(k.Design*auditBlocks+run.Areas) > cellsMax {
		return []fault.Finding{fault.Told("evaluation.verify.audit_large", name, k.Design)}, false, nil
	}
	var texts [2]string
	for i, part := range []string{schemePart, figuresPart} {
		if texts[i], err = text(r, run.Ref(), part); err != nil {
			return nil, false, err
		}
	}
	scheme, table, err := parsed(run.Title, texts[0], texts[1])
	if err != nil {
		return wrong("evaluation.verify.audit_refused")
	}
	options := auditOptions(run, k)
	options.Ended = ctx.Err
	same, err := result.SameAudit(k.Answer, scheme, table, options, otherMachine)
	switch {
	case ctx.Err() != nil:
		return nil, false, ctx.Err()
	case err != nil:
		return wrong("evaluation.verify.audit_refused")
	case !same:
		return wrong("evaluation.verify.audit_differs")
	}
	return nil, true, nil
}

// auditBlocks is how many times a row of the design of an audit builds the index at the most.
const auditBlocks = 6

// proving proves runs, and tells how many it computed again, and how many audits.
type proving struct {
	drafts       bool  // drafts too, not their audits alone
	cellsMax     int64 // of AuditProof
	report       func(fault.Finding)
	runs, audits int
}

func (p *proving) prove(ctx context.Context, r store.Reader, list []Run) (err error) {
	for _, run := range list {
		var found []fault.Finding
		if run.State != Draft || p.drafts {
			if found, err = Proof(r, run); err != nil {
				return err
			}
			p.runs++
		}
		if len(found) == 0 { // an audit of other texts says nothing more
			again := false
			if found, again, err = AuditProof(ctx, r, run, p.cellsMax); err != nil {
				return err
			}
			if again {
				p.audits++
			}
		}
		for _, f := range found {
			p.report(f)
		}
	}
	return nil
}

// checkAll proves every published run again, and the audits of all.
func (e *Evaluation) checkAll(ctx context.Context, report func(fault.Finding)) error {
	return e.host.Store.View(ctx, func(v *store.View) error {
		list, err := runs.All(v, "ORDER BY home, id")
		if err != nil {
			return err
		}
		return (&proving{cellsMax: auditCellsMax, report: report}).prove(ctx, v, list)
	})
}
