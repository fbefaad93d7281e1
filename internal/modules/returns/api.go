package returns

import (
	"bytes"
	"context"
	"net/http"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/reporting"
	"github.com/terrace-project/terrace/internal/modules/reporting/form"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/measure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Named names a report. It is exported because embedded fields are filled only so.
type Named struct {
	Home int64 `path:"home" minimum:"1"`
	ID   int64 `path:"id" minimum:"1"`
}

type reportCellOut struct {
	Key         string           `json:"key"`
	Known       bool             `json:"known"`
	Amount      int64            `json:"amount" doc:"In the smallest unit: fen, 0.01 m², hundredths."`
	Denominator int64            `json:"denominator,omitempty" doc:"Of a ratio."`
	Origin      reporting.Origin `json:"origin"`
}

type reportOut struct {
	Home         int64           `json:"home"`
	ID           int64           `json:"id"`
	Form         string          `json:"form"`
	Period       string          `json:"period"`
	Organisation int64           `json:"organisation,omitempty"`
	Place        int64           `json:"place"`
	Name         string          `json:"name"`
	Stage        reporting.Stage `json:"stage"`
	Due          period.Date     `json:"due"`
	Locks        period.Date     `json:"locks"`
	Submitted    period.Date     `json:"submitted,omitempty"`
	Asked        int             `json:"asked" doc:"Cells that somebody must type."`
	Seconds      int             `json:"seconds" doc:"Estimated, to type them."`
	Cells        []reportCellOut `json:"cells,omitempty"`
}

func outOf(p reporting.Report) reportOut {
	return reportOut{Home: p.Home, ID: p.ID, Form: p.Form, Period: p.Period, Organisation: p.Organisation,
		Place: p.Place, Name: p.Name, Stage: p.Stage, Due: p.Due, Locks: p.Locks, Submitted: p.Submitted,
		Asked: p.Asked, Seconds: p.Seconds}
}

type reportAnswer struct {
	ETag string `header:"ETag"`
	Body reportOut
}

func (m *Returns) endpoints(a *api.API) {
	get, post, put := http.MethodGet, http.MethodPost, http.MethodPut
	op := func(method, path, id, summary string, need access.Permit) api.Operation {
		return api.Operation{Method: method, Path: path, ID: id, Summary: summary, Tag: reporting.Tag,
			Access: web.Permitted(need)}
	}
	api.Add(a, op(get, "/report-forms", "listReportForms", "Periodic forms with what each asks.",
		reporting.MayRead), m.apiForms)
	api.Add(a, op(get, "/reports", "listReports", "Reports of your places, by county and number.",
		reporting.MayRead), m.apiList)
	api.Add(a, op(get, "/reports/{home}/{id}", "getReport", "A report with its cells.", reporting.MayRead),
		m.apiGet)
	api.Add(a, op(put, "/reports/{home}/{id}/cells", "saveReport", "Type asked cells of a report.",
		reporting.MayFill), m.apiSave)
	api.Add(a, op(post, "/report-rounds", "orderRound", "Order a form for a county and period.",
		reporting.MayOrder), m.apiOrder)
	api.Add(a, op(get, "/report-sums/{place}/{form}/{period}", "getReportSums",
		"What the approved reports of a place add up to.", reporting.MayRead), m.apiSums)
	api.Add(a, op(get, "/report-tables/{place}/{form}/{period}", "getPublishedTable",
		"The counts of a place as they may be published: null is suppressed.", reporting.MayRead),
		m.apiTable)
	api.Add(a, op(get, "/figures.sdmx", "exportFigures", "Figures as SDMX-CSV 2.0 or SDMX-JSON 2.0.",
		reporting.MayRead), m.apiFigures)
}

type reportFormOut struct {
	Key     string         `json:"key"`
	Version int            `json:"version"`
	Title   map[string]any `json:"title"`
	Every   string         `json:"every"`
	Sunset  period.Date    `json:"sunset"`
	Cells   int            `json:"cells"`
	Asked   int            `json:"asked"`
	Seconds int            `json:"seconds"`
	Basis   string         `json:"basis"`
	Mark    string         `json:"mark"`
}

type reportFormsAnswer struct {
	Body struct {
		Forms []reportFormOut `json:"forms"`
	}
}

func (m *Returns) apiForms(ctx context.Context, _ *struct{}) (*reportFormsAnswer, error) {
	all, err := store.Read(ctx, m.host.Store, m.reportingForms)
	if err != nil {
		return nil, err
	}
	answer := &reportFormsAnswer{}
	for _, f := range all {
		b := m.reporting.BurdenOf(f)
		answer.Body.Forms = append(answer.Body.Forms, reportFormOut{f.Key, f.Version,
			map[string]any{"zh": f.Title.Chinese, "en": f.Title.English}, f.Every, f.Sunset, b.Cells,
			b.Asked, b.Seconds,
			f.Basis, f.Mark})
	}
	return answer, nil
}

type reportListIn struct {
	api.Paged
	Form   string `query:"form" maxLength:"40"`
	Period string `query:"period" maxLength:"10"`
	Stage  string `query:"stage" maxLength:"20"`
}

func (m *Returns) apiList(ctx context.Context, in *reportListIn) (*api.List[reportOut], error) {
	after, err := web.DecodeCursor(in.After)
	if err != nil {
		return nil, err
	}
	q := reporting.Query{Scope: m.host.Access.Scope(access.From(ctx), reporting.MayRead), Form: in.Form,
		Period: in.Period, Stage: in.Stage, Limit: in.Limit + 1}
	if q.After.Home, q.After.ID, err = web.ParseKeyCursor(after); err != nil {
		return nil, err
	}
	list, err := store.Read(ctx, m.host.Store, func(v *store.View) ([]reporting.Report, error) {
		return m.reporting.Search(v, q)
	})
	if err != nil {
		return nil, err
	}
	next := ""
	if len(list) > in.Limit {
		list = list[:in.Limit]
		next = web.KeyCursor(list[in.Limit-1].Home, list[in.Limit-1].ID)
	}
	out := make([]reportOut, len(list))
	for i, p := range list {
		out[i] = outOf(p)
	}
	return api.Listed(in.Paged, out, next), nil
}

func (m *Returns) apiGet(ctx context.Context, in *Named) (*reportAnswer, error) {
	f, err := store.Read(ctx, m.host.Store, func(v *store.View) (reporting.Filled, error) {
		p, err := reporting.Get(v, reporting.Ref{Home: in.Home, ID: in.ID})
		if err == nil && !m.host.Access.Can(access.From(ctx), reporting.MayRead, p.Place) {
			err = fault.New(fault.NotFound, "reporting.no_report")
		}
		if err != nil {
			return reporting.Filled{}, err
		}
		return m.reporting.Fill(v, p)
	})
	if err != nil {
		return nil, err
	}
	answer := &reportAnswer{api.ETag(f.Version), outOf(f.Report)}
	for i, c := range f.Form.Cells {
		answer.Body.Cells = append(answer.Body.Cells, reportCellOut{c.Key, f.Row[i].Known, f.Row[i].Amount,
			f.Row[i].Per,
			f.Origins[i]})
	}
	return answer, nil
}

type reportSaveIn struct {
	Named
	api.Matching
	Body struct {
		Cells map[string]*int64 `json:"cells" doc:"By key, in the smallest unit; null makes a cell blank."`
	}
}

func (m *Returns) apiSave(ctx context.Context, in *reportSaveIn) (*reportAnswer, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	if _, err := m.apiGet(ctx, &in.Named); err != nil {
		return nil, err
	}
	err = m.reporting.Save(ctx, access.From(ctx), reporting.Ref{Home: in.Home, ID: in.ID}, version,
		in.Body.Cells)
	if err != nil {
		return nil, err
	}
	return m.apiGet(ctx, &in.Named)
}

type reportOrderIn struct {
	Body struct {
		County    int64       `json:"county" minimum:"1"`
		Form      string      `json:"form" maxLength:"40"`
		Period    string      `json:"period" maxLength:"10"`
		Emergency bool        `json:"emergency,omitempty"`
		Approver  int64       `json:"approver,omitempty" doc:"Account that must say yes to an emergency."`
		Reason    string      `json:"reason,omitempty" maxLength:"500"`
		Due       period.Date `json:"due,omitempty" maxLength:"10"`
	}
}

type reportRoundAnswer struct {
	Body struct {
		Home  int64                `json:"home"`
		ID    int64                `json:"id"`
		State reporting.RoundState `json:"state"`
		Opens period.Date          `json:"opens"`
		Due   period.Date          `json:"due"`
		Locks period.Date          `json:"locks"`
	}
}

func (m *Returns) apiOrder(ctx context.Context, in *reportOrderIn) (*reportRoundAnswer, error) {
	b := in.Body
	round, err := m.reporting.Begin(ctx, access.From(ctx), reporting.Order{County: b.County, Form: b.Form,
		Period: b.Period, Emergency: b.Emergency, Approver: b.Approver, Reason: b.Reason, Due: b.Due})
	if err != nil {
		return nil, err
	}
	answer := &reportRoundAnswer{}
	o := &answer.Body
	o.Home, o.ID, o.State, o.Opens, o.Due, o.Locks = round.Home, round.ID, round.State, round.Opens,
		round.Due,
		round.Locks
	return answer, nil
}

type reportSumsIn struct {
	Place  int64  `path:"place" minimum:"1"`
	Form   string `path:"form" maxLength:"40"`
	Period string `path:"period" maxLength:"10"`
}

type reportSumCell struct {
	Key         string `json:"key"`
	Numerator   int64  `json:"numerator"`
	Denominator int64  `json:"denominator,omitempty"`
	Covered     int64  `json:"covered"`
	Value       string `json:"value,omitempty" doc:"As people read it; of a ratio the quotient of the sums."`
}

type reportSum struct {
	Place    int64           `json:"place"`
	Name     string          `json:"name"`
	Approved int64           `json:"approved"`
	Of       int64           `json:"of"`
	Cells    []reportSumCell `json:"cells"`
}

type reportSumsAnswer struct {
	Body struct {
		Whole reportSum   `json:"whole"`
		Parts []reportSum `json:"parts"`
	}
}

func (m *Returns) sumOf(f *reporting.Form, s reporting.Sum) reportSum {
	out := reportSum{Place: s.Place, Name: m.places.Name(s.Place), Approved: s.Approved, Of: s.Of}
	for i, c := range f.Cells {
		sum := s.Total.Cells[i]
		out.Cells = append(out.Cells, reportSumCell{c.Key, sum.Amount, sum.Per, sum.Covered,
			f.Text(i, form.Value{Known: sum.Covered > 0, Amount: sum.Amount, Per: sum.Per})})
	}
	return out
}

func (m *Returns) apiSums(ctx context.Context, in *reportSumsIn) (*reportSumsAnswer, error) {
	if err := m.host.Access.Require(access.From(ctx), reporting.MayRead, in.Place); err != nil {
		return nil, err
	}
	answer := &reportSumsAnswer{}
	err := m.host.Store.View(ctx, func(v *store.View) error {
		f, err := m.reporting.Form(v, in.Form)
		if err != nil {
			return err
		}
		whole, parts, err := m.reporting.SumsOf(v, f, in.Period, in.Place)
		if err != nil {
			return err
		}
		answer.Body.Whole, answer.Body.Parts = m.sumOf(f, whole), []reportSum{}
		for _, p := range parts {
			answer.Body.Parts = append(answer.Body.Parts, m.sumOf(f, p))
		}
		return nil
	})
	return answer, err
}

type tableRow struct {
	Place   int64             `json:"place"`
	Name    string            `json:"name"`
	Reports int64             `json:"reports" doc:"Approved ones."`
	Counts  map[string]*int64 `json:"counts" doc:"By cell; null is suppressed."`
}

type tableAnswer struct {
	Body struct {
		Below int64      `json:"below" doc:"Counts from 1 up to it are suppressed, with others."`
		Whole tableRow   `json:"whole"`
		Parts []tableRow `json:"parts"`
	}
}

func (m *Returns) apiTable(ctx context.Context, in *reportSumsIn) (*tableAnswer, error) {
	if err := m.host.Access.Require(access.From(ctx), reporting.MayRead, in.Place); err != nil {
		return nil, err
	}
	answer := &tableAnswer{}
	err := m.host.Store.View(ctx, func(v *store.View) error {
		f, err := m.reporting.Form(v, in.Form)
		if err != nil {
			return err
		}
		t, err := m.reporting.Publish(v, f, in.Period, in.Place)
		if err != nil {
			return err
		}
		row := func(n int, s reporting.Sum) tableRow {
			out := tableRow{s.Place, m.places.Name(s.Place), s.Total.Rows, map[string]*int64{}}
			for c, i := range t.Cells {
				out.Counts[f.Cells[i].Key] = nil
				if t.Safe && !t.Hidden[n][c+1] {
					out.Counts[f.Cells[i].Key] = &s.Total.Cells[i].Amount
				}
			}
			return out
		}
		answer.Body.Below, answer.Body.Parts = t.Least, []tableRow{}
		for n, p := range t.Parts {
			answer.Body.Parts = append(answer.Body.Parts, row(n, p))
		}
		answer.Body.Whole = row(len(t.Parts), t.Whole)
		return nil
	})
	return answer, err
}

type figuresIn struct {
	Place   int64  `query:"place" minimum:"1" required:"true" doc:"With the places right below it."`
	From    string `query:"from" required:"true" maxLength:"10"`
	To      string `query:"to" maxLength:"10"`
	Measure string `query:"measure" maxLength:"1000" doc:"Keys, by commas; all if absent."`
	Format  string `query:"format" enum:"csv,json" default:"csv"`
}

type figuresAnswer struct {
	Kind string `header:"Content-Type"`
	Body []byte
}

func (m *Returns) apiFigures(ctx context.Context, in *figuresIn) (*figuresAnswer, error) {
	if err := m.host.Access.Require(access.From(ctx), reporting.MayRead, in.Place); err != nil {
		return nil, err
	}
	q := sdmxQuery{Place: in.Place}
	if in.Measure != "" {
		q.Measures = strings.Split(in.Measure, ",")
	}
	var err error
	if q.Periods, err = sdmxPeriods(in.From, in.To); err != nil {
		return nil, err
	}
	all, err := m.observations(ctx, q)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if _, err := m.write(&b, in.Format, all); err != nil {
		return nil, err
	}
	kind := measure.SDMXCSV
	if in.Format == "json" {
		kind = measure.SDMXJSON
	}
	return &figuresAnswer{kind, b.Bytes()}, nil
}
