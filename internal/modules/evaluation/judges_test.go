package evaluation

import (
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/evaluation/result"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// judgedScheme weighs the countryside by judges and the index by them and the figures.
const judgedScheme = schemeText + `weights:
  - {method: ahp, judges: [{name: 吴, voice: 2, pairs: {x2: {x3: 3}}}, {pairs: {x3: {x2: 1/3}}}]}
  - {method: combination, how: additive, of: [{method: critic}, {method: rank_order, ranks: {R: 1, U: 2}}]}
`

// TestARunOfJudgesIsKept: the scheme with all its words, computed again to the last bit, audited too.
func TestARunOfJudgesIsKept(t *testing.T) {
	each(t, func(x *site) {
		order := x.order()
		order.Scheme = judgedScheme
		run, err := x.Make(x.Ctx, x.Actor("city_analyst", "江城市"), order)
		x.Must(err)
		run, err = x.Publish(x.Ctx, x.Actor("city_leader", "江城市"), run.Ref(), run.Version)
		x.Must(err)
		_, err = x.OrderAudit(x.Ctx, x.Actor("city_analyst", "江城市"), run.Ref(), 32)
		x.Must(err)
		x.Must(x.Host.Jobs.Drain(x.Ctx))
		if x.audited(run).Answer == "" {
			t.Error("nothing is audited")
		}
		if keys := x.checked(); len(keys) > 0 {
			t.Errorf("found: %v", keys)
		}
		x.Must(x.Host.Store.View(x.Ctx, func(v *store.View) error {
			scheme, err := SchemeText(v, run.Ref())
			x.Must(err)
			text, err := ResultText(v, run.Ref())
			x.Must(err)
			out, err := result.Read(text)
			x.Must(err)
			if w := out.Nodes[out.Find("x2")].Effective / out.Nodes[out.Find("x3")].Effective; scheme !=
				judgedScheme || w < 3-1e-9 || w > 3+1e-9 {
				t.Errorf("x2 weighs %v times x3 in\n%s", w, scheme)
			}
			return nil
		}))
		const analyst = "city_analyst@江城市"
		at := run.Ref().Address()
		x.See(analyst, at+"/weights").Is(200, "How the weights came about", "judge 吴: λmax 2",
			"critic 0.5, rank_order 0.5")
		x.See(analyst, at+"/laboratory").Is(200, "as the scheme (AHP, combination, CRITIC, rank order)",
			"judge 吴")
		if page := x.See(analyst, at+"/laboratory?weights=pca"); !strings.Contains(page.Body, "KMO") ||
			strings.Contains(page.Body, "judge 吴") {
			t.Error("the laboratory does not tell of what is tried")
		}
		order.Scheme = strings.Replace(judgedScheme, "x2: {x3: 3}", "x2: {x9: 3}", 1)
		if _, err := x.Make(x.Ctx, x.Actor("city_analyst", "江城市"), order); !fault.HasKey(err,
			"rating.judge_item_unknown") {
			t.Errorf("%v", err)
		}
	})
}
