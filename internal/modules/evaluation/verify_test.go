package evaluation

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/evaluation/result"
	"github.com/terrace-project/terrace/internal/platform/cli"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/storetest"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// checked are the keys that terrace verify reports of the module.
func (x *site) checked() (keys []string) {
	x.T.Helper()
	x.Must(x.checkAll(x.Ctx, func(f fault.Finding) { keys = append(keys, f.Key) }))
	return keys
}

// TestAChangedAnswerIsFound: whoever changes a figure of an audit, or of what it was computed from, in the
// database and mends its hash there too, is found by computing again.
func TestAChangedAnswerIsFound(t *testing.T) {
	each(t, func(x *site) {
		run := x.published()
		job, err := x.OrderAudit(x.Ctx, x.Actor("city_analyst", "江城市"), run.Ref(), 32)
		x.Must(err)
		x.Must(x.Host.Jobs.Drain(x.Ctx))
		sound := x.audited(run)
		if keys := x.checked(); sound.Job != job || len(keys) > 0 {
			t.Fatalf("a sound audit: %v", keys)
		}
		answer, err := result.ReadAudit(sound.Answer)
		x.Must(err)
		answer.Inputs[0].Total.Value += 1e-15 // the last digit
		changed, err := answer.Text()
		x.Must(err)
		if changed == sound.Answer {
			t.Fatal("nothing is changed")
		}
		set := func(text, hash string) {
			storetest.Tamper(t, x.Host.Store, "UPDATE evaluation_audit SET answer = ?, hash = ?", text,
				hash)
		}
		for _, c := range []struct{ text, hash, key string }{
			{changed, sound.Hash, "evaluation.verify.hash"},
			{changed, hashOf(changed), "evaluation.verify.audit_differs"},
			{"[]", hashOf("[]"), "evaluation.verify.audit_differs"},
		} {
			set(c.text, c.hash)
			if keys := x.checked(); !slices.Equal(keys, []string{c.key}) {
				t.Errorf("want %s, got %v", c.key, keys)
			}
		}
		var said bytes.Buffer
		x.Host.Console = &cli.Console{Out: &said, Err: &said, Dictionary: x.Host.Dictionary, Language: "en"}
		x.Refused(x.verify(x.Ctx, nil, 0), "evaluation.verify_failed")
		if !strings.Contains(said.String(), "runs 1, audits 1; findings: 1") {
			t.Errorf("said: %s", &said)
		}
		set(sound.Answer, sound.Hash)
		storetest.Tamper(t, x.Host.Store, "UPDATE evaluation_audit SET design = 64")
		if keys := x.checked(); !slices.Equal(keys, []string{"evaluation.verify.audit_differs"}) {
			t.Errorf("another design: %v", keys)
		}
		storetest.Tamper(t, x.Host.Store, "UPDATE evaluation_audit SET design = 32")
		figures := strings.Replace(figuresText, "B,乙区,2024,73", "B,乙区,2024,63", 1)
		storetest.Tamper(t, x.Host.Store,
			"UPDATE evaluation_content SET content = ? WHERE part = 'figures'",
			figures)
		if keys := x.checked(); !slices.Equal(keys, []string{"evaluation.verify.hash"}) {
			t.Errorf("another figure: %v", keys)
		}
		storetest.Tamper(t, x.Host.Store, "UPDATE evaluation_run SET figures_hash = ?", hashOf(figures))
		if keys := x.checked(); !slices.Equal(keys, []string{"evaluation.verify.differs"}) {
			t.Errorf("another figure with its hash: %v", keys)
		}
		storetest.Tamper(t, x.Host.Store, "UPDATE evaluation_run SET state = 'draft'")
		if keys := x.checked(); !slices.Equal(keys, []string{"evaluation.verify.audit_differs"}) {
			t.Errorf("of a draft: %v", keys)
		}
		// all as it was, so that the log finds every row as it was written
		storetest.Tamper(t, x.Host.Store, "UPDATE evaluation_run SET state = 'published', figures_hash = ?",
			run.FiguresHash)
		storetest.Tamper(t, x.Host.Store,
			"UPDATE evaluation_content SET content = ? WHERE part = 'figures'",
			figuresText)
	})
}

// TestALargeAuditIsComputedWhereItIsAskedFor: terrace verify proves its hash and says that there is more;
// with the flag it is computed again.
func TestALargeAuditIsComputedWhereItIsAskedFor(t *testing.T) {
	each(t, func(x *site) {
		run := x.published()
		_, err := x.OrderAudit(x.Ctx, x.Actor("city_analyst", "江城市"), run.Ref(), 16)
		x.Must(err)
		x.Must(x.Host.Jobs.Drain(x.Ctx))
		for _, c := range []struct {
			cells  int64
			audits int
			found  string
		}{{1, 0, "evaluation.verify.audit_large"}, {0, 1, ""}, {auditCellsMax, 1, ""}} {
			found := ""
			p := proving{cellsMax: c.cells, report: func(f fault.Finding) { found = f.Key }}
			x.Must(x.Host.Store.View(x.Ctx, func(v *store.View) error {
				return p.prove(x.Ctx, v, []Run{run})
			}))
			if p.runs != 1 || p.audits != c.audits || found != c.found {
				t.Errorf("up to %d cells: %d runs, %d audits, %s", c.cells, p.runs, p.audits, found)
			}
		}
	})
}
