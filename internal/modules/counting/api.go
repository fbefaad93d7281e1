package counting

import (
	"context"
	"net/http"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/assets"
	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/modules/inventory/count"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/form"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

func (g *Counting) endpoints(a *api.API) {
	read, counting := web.Permitted(inventory.MayRead), web.Permitted(inventory.MayCount)
	const rows, row = "/checks/{home}/{id}/rows", "/checks/{home}/{id}/rows/{number}"
	op := func(method, path, id, summary string, need web.Access, status int) api.Operation {
		return api.Operation{Method: method, Path: path, ID: id, Summary: summary, Tag: inventory.Tag,
			Access: need,
			Status: status}
	}
	api.Add(a, op(http.MethodGet, rows, "listRows", "The rows of a check, by number.", read, 0), g.apiRows)
	api.Add(a, op(http.MethodGet, row, "getRow", "A row of a check.", read, 0), g.apiRow)
	api.Add(a, op(http.MethodPut, row, "countRow", "Give a row its verdict, with what was found.", counting,
		0),
		g.apiCount)
	api.Add(a, op(http.MethodPost, rows, "addRow", "Enter something found that stands on no row.", counting,
		201),
		g.apiAdd)
}

// checkRowBody is a row as programs see it. Amounts are fen, areas 0.01 m², positions millionths of a degree.
type checkRowBody struct {
	Number       int64             `json:"number"`
	Version      int64             `json:"version"`
	Form         string            `json:"form"`
	Asset        int64             `json:"asset,omitempty" doc:"Its card; absent: it has none."`
	Name         string            `json:"name"`
	Class        assets.Class      `json:"class,omitempty"`
	Kind         string            `json:"kind,omitempty"`
	Title        assets.Title      `json:"title"`
	Book         money.Fen         `json:"book_fen"`
	WrittenOff   money.Fen         `json:"written_off_fen,omitempty"`
	Verified     money.Fen         `json:"verified_fen"`
	Gain         money.Fen         `json:"gain_fen"`
	Loss         money.Fen         `json:"loss_fen"`
	BookArea     area.Area         `json:"book_area,omitempty"`
	VerifiedArea area.Area         `json:"verified_area,omitempty"`
	GainArea     area.Area         `json:"gain_area,omitempty"`
	LossArea     area.Area         `json:"loss_area,omitempty"`
	Verdict      count.Verdict     `json:"verdict" doc:"Empty: not counted yet."`
	UseState     string            `json:"use_state,omitempty"`
	LandUse      string            `json:"land_use,omitempty"`
	Keeper       string            `json:"keeper,omitempty"`
	Remark       string            `json:"remark,omitempty"`
	Detail       map[string]string `json:"detail" doc:"Further columns of the form."`
	Latitude     int64             `json:"latitude,omitempty"`
	Longitude    int64             `json:"longitude,omitempty"`
	Photo        int64             `json:"photo,omitempty" doc:"Number of the file."`
	CountedOn    period.Date       `json:"counted_on,omitempty"`
}

func bodyOf(w inventory.Row) checkRowBody {
	return checkRowBody{w.Number, w.Version, w.Form, w.Asset, w.Name, w.Class, w.Kind, w.Title, w.Book,
		w.WrittenOff,
		w.Verified, w.Gain, w.Loss, w.BookArea, w.VerifiedArea, w.GainArea, w.LossArea, w.Verdict,
		w.UseState,
		w.LandUse, w.Keeper, w.Remark, w.Details(), w.Latitude, w.Longitude, w.Photo, w.CountedOn}
}

type rowOutput struct {
	ETag string `header:"ETag"`
	Body checkRowBody
}

func answer(w inventory.Row) *rowOutput { return &rowOutput{api.ETag(w.Version), bodyOf(w)} }

type rowsInput struct {
	inventory.CheckInput
	api.Paged
	Form    string `query:"form" maxLength:"50" doc:"Only those of a form."`
	Verdict string `query:"verdict" maxLength:"50" doc:"Or open: not counted; bare: lacking evidence."`
}

func (g *Counting) apiRows(ctx context.Context, in *rowsInput) (*api.List[checkRowBody], error) {
	after, err := web.DecodeCursor(in.After)
	if err != nil {
		return nil, err
	}
	q := rowQuery{check: in.Ref(), form: in.Form, verdict: in.Verdict, limit: in.Limit + 1}
	if q.after, err = afterRow(after); err != nil {
		return nil, err
	}
	list, err := store.Read(ctx, g.host.Store, func(v *store.View) ([]inventory.Row, error) {
		c, err := g.inventory.See(ctx, v, in.Ref())
		if err != nil {
			return nil, err
		}
		q.asked = g.asked(c)
		return q.search(v)
	})
	if err != nil {
		return nil, err
	}
	next := ""
	if len(list) > in.Limit {
		list = list[:in.Limit]
		next = strconv.FormatInt(list[in.Limit-1].Number, 10)
	}
	bodies := make([]checkRowBody, len(list))
	for i, w := range list {
		bodies[i] = bodyOf(w)
	}
	return api.Listed(in.Paged, bodies, next), nil
}

// RowInput names a row. It is exported because embedded fields are filled only so.
type RowInput struct {
	inventory.CheckInput
	Number int64 `path:"number" minimum:"1"`
}

// seen reads a row for whoever asks.
func (g *Counting) seen(ctx context.Context, in RowInput) (inventory.Row, error) {
	return store.Read(ctx, g.host.Store, func(v *store.View) (inventory.Row, error) {
		if _, err := g.inventory.See(ctx, v, in.Ref()); err != nil {
			return inventory.Row{}, err
		}
		return getRow(v, in.Ref(), in.Number)
	})
}

func (g *Counting) apiRow(ctx context.Context, in *RowInput) (*rowOutput, error) {
	w, err := g.seen(ctx, *in)
	if err != nil {
		return nil, err
	}
	return answer(w), nil
}

// CountBody is what was found of a row. It is exported because embedded fields are filled only so.
type CountBody struct {
	Verdict       count.Verdict `json:"verdict" enum:"match,gain,loss,damaged,unused,misused,no_document"`
	Counted       *money.Fen    `json:"counted_fen,omitempty" doc:"Absent: as booked; if it differs: 0."`
	Increases     money.Fen     `json:"increases_fen,omitempty" minimum:"0" doc:"Since the day of reference."`
	Decreases     money.Fen     `json:"decreases_fen,omitempty" minimum:"0"`
	CountedArea   *area.Area    `json:"counted_area,omitempty" doc:"In 0.01 m²; absent: as booked."`
	AreaIncreases area.Area     `json:"area_increases,omitempty" minimum:"0"`
	AreaDecreases area.Area     `json:"area_decreases,omitempty" minimum:"0"`
	Class         assets.Class  `json:"class,omitempty" maxLength:"50" doc:"Absent: as it is."`
	Title         assets.Title  `json:"title,omitempty" maxLength:"50" doc:"Absent: as it is."`
	UseState      string        `json:"use_state,omitempty" maxLength:"50" doc:"Absent: as it is."`
	LandUse       string        `json:"land_use,omitempty" maxLength:"50" doc:"Absent: as it is."`
	Keeper        string        `json:"keeper,omitempty" maxLength:"50"`
	Remark        string        `json:"remark,omitempty" maxLength:"200"`
	CountedOn     period.Date   `json:"counted_on,omitempty" maxLength:"10" doc:"Absent: today."`
	Latitude      int64         `json:"latitude,omitempty" minimum:"-90000000" maximum:"90000000"`
	Longitude     int64         `json:"longitude,omitempty" minimum:"-180000000" maximum:"180000000"`

	Detail map[string]string `json:"detail,omitempty" doc:"Further columns; absent: as they are."`
}

// entry is what a program says was found of a row.
func (g *Counting) entry(b CountBody, w inventory.Row, f *inventory.Form) (inventory.Entry, error) {
	e := inventory.Entry{Verdict: b.Verdict, Increases: b.Increases, Decreases: b.Decreases,
		AreaIncreases: b.AreaIncreases, AreaDecreases: b.AreaDecreases, UseState: b.UseState,
		LandUse: b.LandUse,
		Class:   b.Class, Title: b.Title, Keeper: b.Keeper, Remark: b.Remark, On: b.CountedOn,
		Latitude:  b.Latitude,
		Longitude: b.Longitude, Detail: b.Detail}
	if e.Counted = bookedAmount(w, e.Verdict, e.Increases, e.Decreases); b.Counted != nil {
		e.Counted = *b.Counted
	}
	if f.Land {
		e.CountedArea = bookedArea(w, e.Verdict, e.AreaIncreases, e.AreaDecreases)
	}
	if b.CountedArea != nil {
		e.CountedArea = *b.CountedArea
	}
	if e.UseState == "" {
		e.UseState = w.UseState
	}
	if f.Land && w.Class == "" {
		e.Class = assets.Resource
	}
	if found := g.checkDetail(f, b.Detail); len(found) > 0 {
		return e, fault.New(fault.Invalid, "counting.detail").With(found)
	}
	return e, nil
}

// checkDetail holds further columns to their form, and to be columns of it.
func (g *Counting) checkDetail(f *inventory.Form, detail map[string]string) []fault.Finding {
	d := f.Sheet()
	own := map[string]bool{}
	for _, field := range f.Fields {
		own[field.Key] = true
	}
	var all []fault.Finding
	for key := range detail {
		if !own[key] {
			all = append(all, fault.Wrong("counting.no_column", key).At("", 0, key))
		}
	}
	cells := make([]string, len(d.Fields))
	for i := range d.Fields {
		if key := d.Fields[i].Key; own[key] {
			cells[i] = detail[key]
		}
	}
	_, found := d.Parse(cells, g.context(g.host.Today()))
	for _, one := range form.Plainly(found) {
		if own[one.Column] {
			all = append(all, one)
		}
	}
	return all
}

type countInput struct {
	RowInput
	api.Matching
	Body CountBody
}

func (g *Counting) apiCount(ctx context.Context, in *countInput) (*rowOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	w, err := g.seen(ctx, in.RowInput)
	if err != nil {
		return nil, err
	}
	f, err := g.formOf(w)
	if err != nil {
		return nil, err
	}
	e, err := g.entry(in.Body, w, f)
	if err != nil {
		return nil, err
	}
	e.Version = version
	if w, err = g.inventory.Count(ctx, access.From(ctx), in.Ref(), in.Number, e); err != nil {
		return nil, err
	}
	return answer(w), nil
}

type addInput struct {
	inventory.CheckInput
	Body struct {
		Form string    `json:"form" minLength:"1" maxLength:"50"`
		Name string    `json:"name" minLength:"1" maxLength:"100"`
		Kind string    `json:"kind,omitempty" maxLength:"50" doc:"Of a fixed asset; class of land."`
		Book money.Fen `json:"book_fen,omitempty" doc:"Of a balance, in an organisation's first check."`
		CountBody
	}
}

func (g *Counting) apiAdd(ctx context.Context, in *addInput) (*rowOutput, error) {
	_, err := store.Read(ctx, g.host.Store, func(v *store.View) (inventory.Check, error) {
		return g.inventory.See(ctx, v, in.Ref())
	})
	if err != nil {
		return nil, err
	}
	w := inventory.Row{Form: in.Body.Form, Name: in.Body.Name, Book: in.Body.Book}
	f, err := g.formOf(w)
	if err != nil {
		return nil, err
	}
	e, err := g.entry(in.Body.CountBody, w, f)
	if err != nil {
		return nil, err
	}
	if e.Kind, err = g.kindOf(in.Body.Kind, f, e.On); err != nil {
		return nil, err
	}
	found := inventory.RowEntry{Form: f.Key, Name: w.Name, Book: w.Book, Entry: e}
	w, err = g.inventory.Add(ctx, access.From(ctx), in.Ref(), found)
	if err != nil {
		return nil, err
	}
	return answer(w), nil
}
