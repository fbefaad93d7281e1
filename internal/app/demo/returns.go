package demo

import (
	"context"
	"slices"

	"github.com/terrace-project/terrace/internal/app/demo/invent"
	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/modules/reporting"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/flow"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// The days of the regular reports. Counties that are done with their check have their books in January, and
// so have those of the county whose people are printed whose count was in time: the first county that is
// done sends the reports of the last month and quarter, and the others of these the annual statistics. In
// the county whose people are printed they stand everywhere.
const (
	ordersOn   period.Date = "2026-01-12"
	earlyOn    period.Date = "2026-01-13" // the books of who is done
	regularOn  period.Date = "2026-01-15" // the month's are due
	judgesOn   period.Date = "2026-01-23" // the quarter's were due the day before
	exceptsOn  period.Date = "2026-02-25"
	annualOn   period.Date = "2026-02-26"
	reviewedOn period.Date = "2026-02-27"
	compilesOn period.Date = "2026-03-03"
)

// The forms that are reported by.
const (
	annualForm    = "collective-economy"
	monthlyForm   = "receipts-payments"
	quarterlyForm = "trial-balance"
)

// turn is how far a report comes, and what goes wrong on the way.
type turn string

// The turns.
const (
	onTime      turn = "on_time"
	unsound     turn = "unsound"     // what was typed contradicts itself: it cannot be submitted
	unexplained turn = "unexplained" // at the township, with a warning that nobody explained
	sentBack    turn = "returned"
	inReview    turn = "review"
	missing     turn = "missing"  // its day is over, and nothing came
	afterwards  turn = "late"     // came after its day
	extended    turn = "extended" // has another day, by exception
	excused     turn = "excused"
)

// The turns of a county where not everything goes well, in the order of its reports and again from the
// beginning. Those of the month and the quarter go on from one to the other.
var (
	turnsAnnual = []turn{unexplained, missing, unsound, onTime, sentBack, inReview, onTime, extended,
		onTime, excused, onTime, afterwards, onTime, inReview, onTime}
	turnsRegular = []turn{onTime, afterwards, sentBack, excused, extended, missing, onTime, onTime,
		inReview,
		onTime, onTime, onTime, onTime}
)

// returning is the regular reports of the city.
type returning struct {
	*checking
	annual  [][]*filing // a county each; the first is the one whose people are printed
	regular []*filing
	prompt  map[int64]bool // counties whose books are all there early
}

// filing is the report of a unit on its way. Who deals with it is found as for the unit's check.
type filing struct {
	reporting.Report
	turn
	unit *task
}

// returnEpisodes are the days of the regular reports.
func returnEpisodes(k *checking) []Episode {
	m := &returning{checking: k}
	day := func(on period.Date, run func(*returning, context.Context) error) Episode {
		return Episode{on, func(ctx context.Context, _ *City) error { return run(m, ctx) }}
	}
	return []Episode{day(ordersOn, (*returning).order), day(earlyOn, (*returning).takeEarly),
		day(regularOn, (*returning).fileRegular), day(judgesOn, (*returning).judgeRegular),
		day(exceptsOn, (*returning).exceptAnnual), day(annualOn, (*returning).fileAnnual),
		day(reviewedOn, (*returning).judgeAnnual), day(compilesOn, (*returning).compile),
		day(acceptsOn, (*returning).acceptCounties), day(booksOn, (*returning).end)}
}

// order is when counties order their reports.
func (m *returning) order(ctx context.Context) error {
	for i, home := range m.reporting() {
		list, err := m.begin(ctx, home, annualForm, "2025")
		if err != nil {
			return err
		}
		if i == 0 {
			assignTurns(list, turnsAnnual)
		}
		m.annual = append(m.annual, list)
		if m.paces[home] != locked || len(m.regular) > 0 {
			continue
		}
		month, err := m.begin(ctx, home, monthlyForm, "2025-12")
		if err != nil {
			return err
		}
		quarter, err := m.begin(ctx, home, quarterlyForm, "2025Q4")
		if err != nil {
			return err
		}
		m.regular = append(month, quarter...)
		assignTurns(m.regular, turnsRegular)
	}
	return nil
}

// reporting are the counties that report: the one whose people are printed, three that are done, and some
// whose books are all there in January though their check is not done.
func (m *returning) reporting() []int64 {
	homes := []int64{m.shownCounty()}
	for _, home := range m.homes {
		if m.paces[home] != working && home != homes[0] && len(homes) < 4 {
			homes = append(homes, home)
		}
	}
	m.prompt = map[int64]bool{}
	for _, home := range m.homes {
		if m.paces[home] == working && home != homes[0] && len(m.prompt) < promptMax &&
			len(m.tasks[home]) >= promptLeast && m.stays(home) {
			m.prompt[home] = true
			homes = append(homes, home)
		}
	}
	return homes
}

// promptMax is how many counties have all their books in January, and promptLeast how many collectives such a
// county has: of fewer nothing could be published that does not show one of them.
const (
	promptMax   = 4
	promptLeast = 30
)

// stays tells whether nothing of a county passes to another with the adjustment.
func (m *returning) stays(home int64) bool {
	return !m.moved[home] && !slices.ContainsFunc(m.Modules.Places.Children(home), func(place int64) bool {
		return m.moved[place]
	})
}

func assignTurns(list []*filing, turns []turn) {
	for i, f := range list {
		f.turn = turns[i%len(turns)]
	}
}

// shownCounty is the county whose people are printed.
func (c *City) shownCounty() int64 {
	for _, one := range c.Cast.Members {
		if one.Role == "county_officer" && one.Example {
			return one.Place
		}
	}
	return 0
}

// begin orders a form in a county and opens its reports.
func (m *returning) begin(ctx context.Context, home int64, key, at string) ([]*filing, error) {
	officer, err := m.As(ctx, "county_officer", home)
	if err != nil {
		return nil, err
	}
	round, err := m.Modules.Reporting.Begin(ctx, officer, reporting.Order{County: home, Form: key,
		Period: at})
	if err == nil {
		err = m.Modules.Reporting.OpenReports(ctx, officer, reporting.Ref{Home: round.Home, ID: round.ID})
	}
	if err != nil {
		return nil, err
	}
	list, err := store.Read(ctx, m.Host.Store, func(v *store.View) ([]reporting.Report, error) {
		return m.Modules.Reporting.Search(v, reporting.Query{Form: key, Period: at, Limit: reportsRead,
			Scope: access.Under(m.Host.Access.Path(home))})
	})
	all := make([]*filing, len(list))
	for i, p := range list {
		all[i] = &filing{p, onTime, &task{Check: inventory.Check{Home: p.Home, Place: p.Place,
			Organisation: p.Organisation, Level: p.Level}}}
	}
	return all, err
}

// reportsRead is more than a county of any scale has reports of a form.
const reportsRead = 100_000

// takeEarly is when the books are taken over of whoever was counted in time, where there are reports.
func (m *returning) takeEarly(ctx context.Context) error {
	early := map[registry.Ref]bool{}
	for _, list := range m.annual {
		for _, t := range m.tasks[list[0].Home] {
			early[t.organisation()] = !t.late || m.prompt[list[0].Home]
		}
	}
	return m.takeBooks(ctx, func(one Collective) bool { return early[one.Ref] })
}

// inTurn moves the reports of some turns, some of one county in a transaction. move may run twice.
func (m *returning) inTurn(ctx context.Context, list []*filing, move func(*store.Tx, *filing) error,
	turns ...turn) error {
	var units []*task
	of := map[*task]*filing{}
	for _, f := range list {
		for _, one := range turns {
			if f.turn == one {
				units, of[f.unit] = append(units, f.unit), f
			}
		}
	}
	return m.inPortions(ctx, units, func(tx *store.Tx, t *task) error { return move(tx, of[t]) })
}

// fileRegular is when the reports of the month and the quarter come in, and exceptions are granted.
func (m *returning) fileRegular(ctx context.Context) error {
	if err := m.except(ctx, m.regular); err != nil {
		return err
	}
	return m.inTurn(ctx, m.regular, m.file, onTime, sentBack, inReview)
}

// judgeRegular is when the townships review them. Some come only now.
func (m *returning) judgeRegular(ctx context.Context) error {
	if err := m.inTurn(ctx, m.regular, m.file, afterwards); err != nil {
		return err
	}
	if err := m.inTurn(ctx, m.regular, m.approve, onTime, afterwards); err != nil {
		return err
	}
	return m.inTurn(ctx, m.regular, m.sendBack, sentBack)
}

// exceptAnnual is when exceptions from the annual statistics are granted.
func (m *returning) exceptAnnual(ctx context.Context) error { return m.except(ctx, m.annual[0]) }

// fileAnnual is when the annual statistics come in.
func (m *returning) fileAnnual(ctx context.Context) error {
	for _, list := range m.annual {
		if err := m.inTurn(ctx, list, m.file, onTime, unexplained, sentBack, inReview); err != nil {
			return err
		}
	}
	return m.inTurn(ctx, m.annual[0], m.misenter, unsound)
}

// judgeAnnual is when the townships review them.
func (m *returning) judgeAnnual(ctx context.Context) error {
	for _, list := range m.annual {
		if err := m.inTurn(ctx, list, m.approve, onTime); err != nil {
			return err
		}
	}
	return m.inTurn(ctx, m.annual[0], m.sendBack, sentBack)
}

// end is when the last books are taken over, and what waited for them comes late.
func (m *returning) end(ctx context.Context) error {
	list := m.annual[0]
	if err := m.inTurn(ctx, list, m.file, afterwards); err != nil {
		return err
	}
	for _, f := range append(slices.Clone(list), m.regular...) {
		m.tell("report_"+string(f.turn), f)
	}
	return nil
}

// told are the turns that are in the answer key.
var told = map[string]bool{"report_unsound": true, "report_unexplained": true, "report_returned": true,
	"report_missing": true, "report_late": true}

// tell notes what is wrong with a report.
func (m *returning) tell(rule string, f *filing) {
	if told[rule] {
		m.Answers = append(m.Answers, Answer{Rule: rule, Place: f.Place, Name: f.Name, Page: f.Address(),
			Organisation: registry.Ref{Home: f.Home, ID: f.Organisation}, Facts: []any{f.Period}})
	}
}

// except gives other days to who has a reason, and excuses others.
func (m *returning) except(ctx context.Context, list []*filing) error {
	for _, f := range list {
		if f.turn != extended && f.turn != excused {
			continue
		}
		officer, err := m.As(ctx, "county_officer", f.Home)
		if err != nil {
			return err
		}
		e := reporting.Exception{Due: "2026-03-16", Locks: "2026-03-31", Document: "县农发〔2026〕6号",
			Reason: "会计人员更换，账簿正在交接。"}
		if f.turn == excused {
			e = reporting.Exception{Excused: true, Reason: "正在与相邻组合并，由合并后的组织一并报送。",
				Document: "县农发〔2026〕7号"}
		}
		if err := m.Modules.Reporting.Except(ctx, officer, f.Ref(), e); err != nil {
			return err
		}
	}
	return nil
}

// actOn acts on the case of a report.
func (m *returning) actOn(tx *store.Tx, f *filing, actor access.Actor, a flow.Act) error {
	_, err := m.Host.Procedures.DoIn(tx, actor, procedure.Ref{Home: f.Home, ID: f.Case}, 0, a)
	return err
}

// file types what nobody else knows, and submits. A report whose books are not there yet, or not closed,
// comes late or not at all: nobody types them by heart.
func (m *returning) file(tx *store.Tx, f *filing) error {
	b, found, err := ledger.Of(tx, f.unit.organisation(), "2025-12-31")
	if err != nil {
		return err
	}
	switch {
	case !found:
		f.turn = afterwards
		return nil
	case b.Closed < "2025-12":
		f.turn = missing
		return nil
	}
	accountant := m.who("village_accountant", f.unit)
	if f.Form == annualForm {
		err := m.Modules.Reporting.SaveIn(tx, accountant, f.Ref(), 0, m.typed(f))
		if err != nil {
			return err
		}
	}
	return m.actOn(tx, f, accountant, flow.Act{Verb: flow.Submit})
}

// typed is what the accountant types. A wrong one names households of a distribution that there was not.
func (m *returning) typed(f *filing) map[string]*int64 {
	d := invent.NewDraw(m.Seed, "report", f.Home<<32|f.Organisation)
	employed, households := d.Between(0, 9), int64(0)
	if f.turn == unexplained {
		households = d.Between(12, 40)
	}
	return map[string]*int64{"employed": &employed, "dividend_households": &households}
}

// misenter types more employed members than there are members, and leaves it at that.
func (m *returning) misenter(tx *store.Tx, f *filing) error {
	many, none := int64(99_000), int64(0)
	return m.Modules.Reporting.SaveIn(tx, m.who("village_accountant", f.unit), f.Ref(), 0,
		map[string]*int64{"employed": &many, "dividend_households": &none})
}

// approve explains what was warned of, and approves.
func (m *returning) approve(tx *store.Tx, f *filing) error {
	p, err := reporting.Get(tx, f.Ref())
	if err != nil || p.Stage != reporting.InReview { // it never came
		return err
	}
	found, err := reporting.FindingsOf(tx, f.Ref())
	if err != nil {
		return err
	}
	for _, one := range found {
		err := m.Modules.Reporting.ExplainIn(tx, m.who("village_accountant", f.unit), f.Ref(), one.Number,
			"已与账簿和银行对账单核对，属实。")
		if err != nil {
			return err
		}
	}
	return m.actOn(tx, f, m.who("township_reviewer", f.unit), flow.Act{Verb: flow.Approve})
}

func (m *returning) sendBack(tx *store.Tx, f *filing) error {
	return m.actOn(tx, f, m.who("township_reviewer", f.unit), flow.Act{Verb: flow.Return, To: "filling",
		Reason: "就业成员数与上月台账不一致，请核对后重报。"})
}
