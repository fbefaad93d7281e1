package browsing_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"testing"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/modules/supervision"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/flow"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// TestSupervisionInTheBrowser reads the board, the findings, a rule with a dry run, and answers a finding, as
// county officer, township reviewer and village accountant, in both languages, at a desk and on a phone.
func TestSupervisionInTheBrowser(t *testing.T) {
	eachScreen(t, func(t *testing.T, city *apptest.City, language string, screen func() *apptest.Screen) {
		w := supervisionWalk{booksWalk: booksWalk{City: city, t: t}, in: map[string]int{"zh": 0,
			"en": 1}[language]}
		w.prepare()
		w.s = screen()
		w.county()
		w.township()
		w.village()
	})
}

// supervisionWalk is somebody's way through what supervision found in the village 7.
type supervisionWalk struct {
	booksWalk
	in   int // the language: 0 Chinese, 1 English
	open supervision.Finding
	of   registry.Ref
}

// say is a text in the language of the walk.
func (w *supervisionWalk) say(zh, en string) string { return []string{zh, en}[w.in] }

// prepare makes findings of several rules over some months: some closed, one with a photo.
func (w *supervisionWalk) prepare() {
	w.t.Helper()
	w.of = w.owner(w.booksWalk.prepare(7))
	w.relative()
	for i, day := range []period.Date{"2025-11-10", "2025-12-08", "2026-01-12"} {
		w.Clock.Set(day)
		w.let(fmt.Sprintf("00%d", i+1))
		_, err := w.Supervision.RunCounty(w.t.Context(), w.Counties[0])
		w.Must(err)
		list := w.findings()
		w.open = list[len(list)-1]
		if i < 2 {
			w.end(w.open, i == 0)
		}
	}
	_, err := w.Supervision.Attach(w.t.Context(), w.As("reviewer", 3), w.open.Ref(), "现场照片.png",
		bytes.NewReader(picture(w.t)))
	w.Must(err)
}

// relative declares a near relative of the first officer.
func (w *supervisionWalk) relative() {
	w.t.Helper()
	machine := apptest.Machine(w.t.Context())
	w.Must(w.Registry.Appoint(machine, access.Machine, registry.Appointment{Organisation: w.of,
		Office: registry.Keeper, Name: "王福全", Since: "2025-02-01"}))
	all, err := store.Read(w.t.Context(), w.Host.Store, func(v *store.View) ([]registry.Officer, error) {
		return registry.OfficersOf(v, w.of)
	})
	w.Must(err)
	for _, o := range all {
		if o.Office == registry.Keeper {
			w.Must(w.Registry.Declare(machine, access.Machine, registry.Declaration{Home: o.Home,
				Officer: o.ID, Relation: registry.Spouse, Name: "李秀兰"}))
		}
	}
}

// let lets a card of the village without a contract.
func (w *supervisionWalk) let(number string) {
	w.t.Helper()
	type card struct {
		ID      int64 `db:"id"`
		Version int64 `db:"version"`
	}
	c, err := store.Read(w.t.Context(), w.Host.Store, func(v *store.View) (card, error) {
		c, _, err := store.First[card](v, `SELECT id, version FROM asset WHERE home = ? AND organisation = ?
			AND number = ?`, w.of.Home, w.of.ID, number)
		return c, err
	})
	w.Must(err)
	_, err = w.Assets.ChangeUse(apptest.Machine(w.t.Context()), w.As("accountant", 7),
		assets.Use{Act: assets.Act{Ref: assets.Ref{Home: w.of.Home, ID: c.ID}, Version: c.Version,
			On: w.Clock.Today(), Document: "决议", Reason: "出租"}, State: "leased", User: "宏达商行",
			AnnualFee: 100_000})
	w.Must(err)
}

func (w *supervisionWalk) findings() []supervision.Finding {
	w.t.Helper()
	list, err := store.Read(w.t.Context(), w.Host.Store, func(v *store.View) ([]supervision.Finding,
		error) {
		return supervision.Search(v, supervision.Query{Scope: w.Host.Access.Subtree(w.Counties[0]),
			Rule: "A06-card", Limit: 50})
	})
	w.Must(err)
	return list
}

// end answers and verifies a finding.
func (w *supervisionWalk) end(f supervision.Finding, rectified bool) {
	w.t.Helper()
	a := supervision.Answering{Outcome: supervision.Explained, Answer: "当日已补签合同"}
	if rectified {
		a = supervision.Answering{Outcome: supervision.Rectified, Answer: "已补签合同", Evidence: "合同 H-9"}
	}
	w.Must(w.Supervision.Answer(w.t.Context(), w.As("reviewer", 3), f.Ref(), f.Version, a))
	_, err := w.Host.Procedures.Do(w.t.Context(), w.As("county-auditor", 1), procedure.Ref{Home: f.Home,
		ID: f.Case}, 0, flow.Act{Verb: flow.Approve, Reason: "复核属实"})
	w.Must(err)
}

// picture is a photo of something.
func picture(t *testing.T) []byte {
	t.Helper()
	p := image.NewRGBA(image.Rect(0, 0, 400, 300))
	for x := range 400 {
		for y := range 300 {
			p.Set(x, y, color.RGBA{uint8(x / 2), uint8(y / 2), 90, 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// county reads the board, the lists and a rule with a dry run.
func (w *supervisionWalk) county() {
	w.t.Helper()
	w.at("county-officer", 1)
	w.s.Open("/supervision")
	w.s.Sees(w.say("近十二个月", "Twelve months"), w.say("当月办结中属实的比例", "Confirmed of what ended"), "A06-card")
	w.shot("board")
	w.s.Open("/findings")
	w.s.Sees("A06-card", w.say("未销号", "open"))
	w.shot("findings")
	w.s.Open("/supervision/rules")
	w.s.Sees("A18-reserve", w.say("公积公益金提取不足", "Too little for the reserve"))
	w.shot("rules")
	w.s.Open("/supervision/rules/A16-ratio")
	w.s.Sees(w.say("资产负债率", "Debts too large"), w.say("现行参数", "Parameters in force"))
	w.shot("rule")
	w.s.Open(fmt.Sprintf("/supervision/rules/A06-card?home=%d&version=1&when=cost+>+0", w.Counties[0]))
	w.s.Sees(w.say("新增命中", "Newly hit"))
	w.shot("trial")
	w.s.Open(registry.Address(w.of))
	w.s.Sees("李秀兰", w.say("配偶", "Spouse"), w.say("风险等级", "Risk"))
	w.shot("organisation")
}

// township sees the photo and the form, and answers.
func (w *supervisionWalk) township() {
	w.t.Helper()
	w.at("reviewer", 3)
	w.s.Open(supervision.Address(w.open.Ref()))
	w.s.Sees("现场照片.png", w.say("核实情况", "Answer"), "宏达商行")
	w.shot("answering")
	w.s.Choose("outcome", "rectified")
	w.s.Fill("answer", "已与承租人补签合同，租金已入账。")
	w.s.Press("button.main")
	w.s.Sees(w.say("已提交复核", "Handed to the verifier"))
	w.shot("answered")
}

// village reads what was found of its own, and can do nothing.
func (w *supervisionWalk) village() {
	w.t.Helper()
	w.at("accountant", 7)
	w.s.Open("/supervision")
	w.shot("village-board")
	w.s.Open(supervision.Address(w.open.Ref()))
	w.s.Sees("现场照片.png")
	if w.s.Has("form[action$='/answer']") || w.s.Has("form[action$='/evidence']") {
		w.t.Error("a village answers for itself")
	}
	w.shot("village-finding")
}

// owner is whose books they are.
func (w *supervisionWalk) owner(b ledger.Book) registry.Ref {
	return registry.Ref{Home: b.Home, ID: b.Organisation}
}
