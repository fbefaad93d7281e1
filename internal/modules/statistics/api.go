package statistics

import (
	"context"
	"io"
	"net/http"

	"github.com/terrace-project/terrace/internal/modules/statistics/series"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/decimal"
)

func uploadOf(name string, content io.ReaderAt, size int64) sheet.Upload {
	return sheet.Upload{Name: name, Content: content, Size: size}
}

func operation(method, path, id, summary string, permit access.Permit) api.Operation {
	return api.Operation{Method: method, Path: path, ID: id, Tag: "statistics", Summary: summary,
		Access: web.Permitted(permit)}
}

func (s *Statistics) endpoints(a *api.API) {
	api.Add(a, operation(http.MethodGet, "/statistics", "listSeries",
		"The series of published statistics.", MayRead), s.apiSeries)
	api.Add(a, operation(http.MethodGet, "/statistics/{series}", "getSeries",
		"Figures of a series by place and year.", MayRead), s.apiFigures)
	api.Add(a, operation(http.MethodPut, "/statistics/{series}/{place}/{year}", "putFigure",
		"Enter a figure, or correct it with a reason.", MayEnter), s.apiEnter)
}

// SeriesBody is a series in answers.
type SeriesBody struct {
	Key       string      `json:"key"`
	Title     string      `json:"title"`
	Unit      string      `json:"unit"`
	Decimals  int         `json:"decimals"`
	Direction string      `json:"direction"`
	Formula   string      `json:"formula,omitempty"`
	Of        []string    `json:"of,omitempty"`
	Breaks    []BreakBody `json:"breaks"`
	Basis     string      `json:"basis"`
	Mark      string      `json:"mark"`
}

// BreakBody is a break in answers.
type BreakBody struct {
	From   int      `json:"from" doc:"First year of the new definition."`
	Title  string   `json:"title"`
	Places []string `json:"places,omitempty" doc:"Codes of the places concerned; none: all."`
}

// FigureBody is a figure in answers.
type FigureBody struct {
	Place    int64  `json:"place"`
	Year     int    `json:"year"`
	Value    string `json:"value" doc:"With the decimals of the series."`
	Revision int64  `json:"revision,omitempty"`
}

func bodyOf(d series.Definition, breaks []series.Break) SeriesBody {
	b := SeriesBody{Key: d.Key, Title: d.Title.Chinese, Unit: d.Unit.Chinese, Decimals: d.Decimals,
		Direction: d.Direction, Formula: d.Formula, Of: d.Of, Breaks: []BreakBody{}, Basis: d.Basis,
		Mark: d.Mark}
	for _, one := range breaks {
		b.Breaks = append(b.Breaks, BreakBody{one.From, one.Title.Chinese, one.Places})
	}
	return b
}

func (s *Statistics) apiSeries(_ context.Context, in *struct{ api.Paged }) (*api.List[SeriesBody], error) {
	var all []SeriesBody
	for _, key := range s.library().Order {
		all = append(all, bodyOf(s.Book()[key], s.Book()[key].Breaks))
	}
	return api.Listed(in.Paged, all, ""), nil
}

type figuresOutput struct {
	Body struct {
		Series  SeriesBody   `json:"series"`
		Figures []FigureBody `json:"figures"`
	}
}

func (s *Statistics) apiFigures(ctx context.Context, in *struct {
	Series string `path:"series" maxLength:"60"`
	Place  string `query:"place" maxLength:"100" doc:"Only of this place: #id, code or whole name."`
	From   int    `query:"from" doc:"First year."`
	To     int    `query:"to" doc:"Last year."`
}) (*figuresOutput, error) {
	d, err := s.Definition(in.Series)
	if err != nil {
		return nil, err
	}
	only := int64(0)
	if in.Place != "" {
		p, err := s.places.Resolve(ctx, in.Place, s.host.Today())
		if err != nil {
			return nil, err
		}
		only = p.ID
	}
	out := &figuresOutput{}
	out.Body.Series = bodyOf(d, s.Book().Breaks(d.Key, ""))
	out.Body.Figures = []FigureBody{}
	return out, s.host.Store.View(ctx, func(v *store.View) error {
		t, err := s.Read(v, Ask{Series: []string{d.Key}})
		if err != nil {
			return err
		}
		places := t.Places(d.Key)
		if _, t.codes, err = s.Named(ctx, places); err != nil {
			return err
		}
		first, last := t.Years(d.Key)
		for _, place := range places {
			if only != 0 && place != only {
				continue
			}
			for year := max(first, in.From); year <= last && (in.To == 0 || year <= in.To) &&
				year > 0; year++ {
				if value := t.Value(d.Key, place, year); value.Known {
					f, _ := t.Figure(d.Key, place, year)
					out.Body.Figures = append(out.Body.Figures, FigureBody{place, year,
						decimal.Format(value.Amount, d.Decimals), f.Revision})
				}
			}
		}
		return nil
	})
}

type figureOutput struct{ Body FigureBody }

func (s *Statistics) apiEnter(ctx context.Context, in *struct {
	Series string `path:"series" maxLength:"60"`
	Place  int64  `path:"place" minimum:"1"`
	Year   int    `path:"year"`
	Body   struct {
		Value  string `json:"value" maxLength:"40" doc:"Empty takes the figure back."`
		Reason string `json:"reason,omitempty" maxLength:"300"`
		Seen   int64  `json:"seen,omitempty" doc:"The last revision you read; 0: any."`
	}
}) (*figureOutput, error) {
	f, err := s.Enter(ctx, access.From(ctx), Entry{Series: in.Series, Place: in.Place, Year: in.Year,
		Text: in.Body.Value, Reason: in.Body.Reason, Revision: in.Body.Seen})
	if err != nil {
		return nil, err
	}
	out := &figureOutput{FigureBody{Place: f.Place, Year: int(f.Year), Revision: f.Revision}}
	if f.Known {
		out.Body.Value = decimal.Format(f.Amount, s.Book()[f.Series].Decimals)
	}
	return out, nil
}
