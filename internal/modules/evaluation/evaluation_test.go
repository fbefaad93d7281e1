package evaluation

import (
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/evaluation/result"
	"github.com/terrace-project/terrace/internal/platform/store"
)

// TestARunIsKeptAsItWasComputed: texts by their hashes, and the figures of the worked example.
func TestARunIsKeptAsItWasComputed(t *testing.T) {
	each(t, func(x *site) {
		run := x.made()
		if run.State != Draft || run.Areas != 3 || run.Times != "2023 2024" || run.Indicators != 3 {
			t.Errorf("%+v", run)
		}
		x.Must(x.Host.Store.View(x.Ctx, func(v *store.View) error {
			figures, err := FiguresText(v, run.Ref())
			x.Must(err)
			scheme, err := SchemeText(v, run.Ref())
			x.Must(err)
			text, err := ResultText(v, run.Ref())
			x.Must(err)
			if figures != figuresText || scheme != schemeText || hashOf(text) != run.ResultHash {
				t.Error("what is kept is not what was given")
			}
			out, err := result.Read(text)
			x.Must(err)
			// minmax over both years: x1 from 50 to 74, x2 from 3.1 to 2.3, x3 from 30 to 60
			top, row := out.Nodes[out.Top()], out.Row("C", "2024")
			if got := top.Scores[row]; got != 100 || top.Ranks[row] != 1 || top.Scores[out.Row("C",
				"2023")] != 0 {
				t.Errorf("C has %v, rank %d", got, top.Ranks[row])
			}
			if len(out.Spreads) != 3 || out.Runs != 200 {
				t.Errorf("%d spreads of %d runs", len(out.Spreads), out.Runs)
			}
			return nil
		}))
	})
}

// TestPublishingIsAnothersAndFreezes what was computed, under the log's proof.
func TestPublishingIsAnothersAndFreezes(t *testing.T) {
	each(t, func(x *site) {
		run := x.made()
		officer, leader := x.Actor("city_officer", "江城市"), x.Actor("city_leader", "江城市")
		analyst := x.Actor("city_analyst", "江城市")
		_, err := x.Publish(x.Ctx, analyst, run.Ref(), run.Version)
		x.Refused(err, "access.forbidden")
		_, err = x.Publish(x.Ctx, leader, run.Ref(), run.Version+1)
		x.Refused(err, "store.stale")
		_, err = x.Certificate(x.Ctx, run)
		x.Refused(err, "evaluation.not_published")
		_, err = x.Withdraw(x.Ctx, leader, run.Ref(), run.Version, "公式有误，请勿使用")
		x.Refused(err, "evaluation.not_published")

		own, err := x.Make(x.Ctx, officer, x.order())
		x.Must(err)
		_, err = x.Publish(x.Ctx, officer, own.Ref(), own.Version)
		x.Refused(err, "evaluation.own")

		run, err = x.Publish(x.Ctx, leader, run.Ref(), run.Version)
		x.Must(err)
		_, err = x.Publish(x.Ctx, leader, run.Ref(), run.Version)
		x.Refused(err, "evaluation.not_draft")
		_, err = x.Withdraw(x.Ctx, leader, run.Ref(), run.Version, "错")
		x.Refused(err, "evaluation.reason")
		run, err = x.Withdraw(x.Ctx, leader, run.Ref(), run.Version, "数据年份有误，请勿使用")
		x.Must(err)
		if run.State != Withdrawn || run.Reason == "" {
			t.Errorf("%+v", run)
		}
	})
}

// TestAChangedRunIsNamed: whoever changes a figure behind the program's back is found by the hash, and a
// result that does not follow from its figures by computing again.
func TestAChangedRunIsNamed(t *testing.T) {
	each(t, func(x *site) {
		run := x.published()
		proof := func(changed Run) []string {
			var keys []string
			x.Must(x.Host.Store.View(x.Ctx, func(v *store.View) error {
				found, err := Proof(v, changed)
				for _, f := range found {
					keys = append(keys, f.Key)
				}
				return err
			}))
			return keys
		}
		if keys := proof(run); len(keys) > 0 {
			t.Errorf("a sound run: %v", keys)
		}
		wrong := run
		wrong.FiguresHash = strings.Repeat("0", 64)
		if keys := proof(wrong); len(keys) != 1 || keys[0] != "evaluation.verify.hash" {
			t.Errorf("another hash of the figures: %v", keys)
		}
		wrong = run
		wrong.Replications--
		if keys := proof(wrong); len(keys) != 1 || keys[0] != "evaluation.verify.differs" {
			t.Errorf("other replications: %v", keys)
		}
	})
}

// TestBadInputKeepsNothing and names what is wrong.
func TestBadInputKeepsNothing(t *testing.T) {
	each(t, func(x *site) {
		analyst := x.Actor("city_analyst", "江城市")
		for key, change := range map[string]func(*Order){
			"evaluation.title":         func(o *Order) { o.Title = " " },
			"evaluation.replications":  func(o *Order) { o.Replications = ReplicationsMax + 1 },
			"rating.scheme_unreadable": func(o *Order) { o.Scheme = "indicators: 7" },
			"rating.sheet": func(o *Order) {
				o.Figures = rowsOf(strings.Replace(figuresText,
					"2.8", "二点八", 1))
			},
		} {
			o := x.order()
			change(&o)
			_, err := x.Make(x.Ctx, analyst, o)
			if err == nil || !strings.Contains(err.Error(), key) {
				t.Errorf("want %s, got %v", key, err)
			}
		}
		_, err := x.Make(x.Ctx, x.Actor("county_officer", "青山区"), x.order())
		x.Refused(err, "access.forbidden")
		x.Must(x.Host.Store.View(x.Ctx, func(v *store.View) error {
			n, err := store.Count(v, "SELECT count(*) FROM evaluation_run")
			if n != 0 {
				t.Errorf("%d runs were kept", n)
			}
			return err
		}))
	})
}
