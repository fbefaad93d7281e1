package indicators

import (
	"context"
	"net/http"

	"github.com/terrace-project/terrace/internal/modules/evaluation"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

func (n *Indicators) endpoints(a *api.API) {
	op := func(path, id, summary string) api.Operation {
		return api.Operation{Method: http.MethodGet, Path: path, ID: id, Tag: "Evaluation",
			Summary: summary,
			Access:  web.Permitted(evaluation.Read)}
	}
	api.Add(a, op("/indicators", "listIndicators",
		"The indicators of the pack, and where each has its figures from."), n.apiList)
	api.Add(a, op("/indicators/{key}/{year}", "getIndicatorFigures",
		"What an indicator drawn from measures is at the county units in a year, with its parts."),
		n.apiFigures)
}

// IndicatorBody is an indicator in answers.
type IndicatorBody struct {
	Key         string `json:"key"`
	Title       string `json:"title"`
	Family      string `json:"family" enum:"level,gap"`
	Unit        string `json:"unit"`
	Direction   string `json:"direction"`
	Series      string `json:"series,omitempty" doc:"Of published statistics."`
	Numerator   string `json:"numerator,omitempty" doc:"Measure of the program itself."`
	Denominator string `json:"denominator,omitempty" doc:"Likewise."`
	Times       int64  `json:"times,omitempty"`
	Over        int64  `json:"over,omitempty"`
	Reading     string `json:"reading,omitempty" doc:"What is counted, and what is not."`
	Basis       string `json:"basis"`
	Mark        string `json:"mark"`
}

func bodyOf(one Indicator) IndicatorBody {
	b := IndicatorBody{Key: one.Key, Title: one.Title.Chinese, Family: one.Family, Unit: one.Unit.Chinese,
		Direction: string(one.Direction), Series: one.Series, Basis: one.Basis, Mark: one.Mark}
	if d := one.Measures; d != nil {
		b.Numerator, b.Denominator, b.Times, b.Over = d.Numerator, d.Denominator, max(d.Times, 1),
			max(d.Over,
				1)
		b.Reading, b.Basis, b.Mark = d.Reading.Chinese, d.Basis, string(d.Mark)
	}
	return b
}

type indicatorsAnswer struct {
	Body struct {
		Indicators []IndicatorBody `json:"indicators"`
	}
}

func (n *Indicators) apiList(context.Context, *struct{}) (*indicatorsAnswer, error) {
	answer := &indicatorsAnswer{}
	for _, one := range n.library().Indicators {
		answer.Body.Indicators = append(answer.Body.Indicators, bodyOf(one))
	}
	return answer, nil
}

type figuresIn struct {
	Key  string `path:"key" maxLength:"20"`
	Year int    `path:"year" minimum:"1900" maximum:"2200"`
}

// UnitBody is an indicator at a county unit in answers.
type UnitBody struct {
	Place       int64  `json:"place"`
	Code        string `json:"code"`
	Name        string `json:"name"`
	Value       string `json:"value,omitempty" doc:"Absent: not known."`
	Numerator   string `json:"numerator,omitempty"`
	Denominator string `json:"denominator,omitempty"`
	Reported    int64  `json:"reported" doc:"Reports that were accepted."`
	Expected    int64  `json:"expected" doc:"Reports that are due."`
	Published   string `json:"published,omitempty" doc:"Day of the youngest part."`
}

type figuresAnswer struct {
	Body struct {
		Indicator IndicatorBody `json:"indicator"`
		Year      int           `json:"year"`
		Edition   string        `json:"edition" doc:"Day of the tree of places."`
		Units     []UnitBody    `json:"units" doc:"Those whose figures you may read."`
	}
}

func (n *Indicators) apiFigures(ctx context.Context, in *figuresIn) (*figuresAnswer, error) {
	one, err := n.known(in.Key)
	if err == nil && one.Measures == nil {
		err = fault.New(fault.NotFound, "indicators.not_drawn", in.Key)
	}
	if err != nil {
		return nil, err
	}
	f, err := n.figuresIn(ctx, access.From(ctx), one, in.Year)
	if err != nil {
		return nil, err
	}
	answer := &figuresAnswer{}
	answer.Body.Indicator, answer.Body.Year, answer.Body.Edition = bodyOf(one), in.Year,
		string(f.edition.On)
	answer.Body.Units = []UnitBody{}
	for _, u := range f.units {
		p := f.parts[u.Place]
		b := UnitBody{Place: u.Place, Code: u.Code, Name: u.Name, Reported: p.Covered, Expected: p.Expected}
		if p.Known {
			b.Value, b.Numerator = decimal.Format(p.Amount, one.Decimals), p.Numerator.Plain()
			b.Denominator, b.Published = p.Denominator.Plain(), string(p.At.Date())
		}
		answer.Body.Units = append(answer.Body.Units, b)
	}
	return answer, nil
}
