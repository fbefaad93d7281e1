package evaluation

import (
	"context"
	"fmt"
	"math"
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
	if run.Machine != runtime.GOARCH && close(kept, again) {
		return nil, nil
	}
	return append(found, fault.Wrong("evaluation.verify.differs", name)), nil
}

// close tells whether two results have the same areas, nodes, and scores but for the last digits.
func close(a, b result.Result) bool {
	if len(a.Nodes) != len(b.Nodes) || len(a.Areas) != len(b.Areas) {
		return false
	}
	for n := range a.Nodes {
		for i, x := range a.Nodes[n].Scores {
			y := b.Nodes[n].Scores[i]
			if (x != x) != (y != y) || math.Abs(float64(x-y)) > otherMachine*max(1, math.Abs(float64(x))) {
				return false
			}
		}
	}
	return true
}

// checkAll proves every published run again, and the hashes of all.
func (e *Evaluation) checkAll(ctx context.Context, report func(fault.Finding)) error {
	return e.host.Store.View(ctx, func(v *store.View) error {
		list, err := runs.All(v, "WHERE state <> 'draft' ORDER BY home, id")
		if err != nil {
			return err
		}
		for _, run := range list {
			found, err := Proof(v, run)
			if err != nil {
				return err
			}
			for _, f := range found {
				report(f)
			}
		}
		return auditProof(v, report)
	})
}
