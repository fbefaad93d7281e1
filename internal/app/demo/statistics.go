package demo

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/evaluation"
	"github.com/terrace-project/terrace/internal/modules/indicators"
	"github.com/terrace-project/terrace/internal/modules/statistics"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/locale"
	workbook "github.com/terrace-project/terrace/internal/platform/sheet"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// The made-up statistics of the city: yearly figures of each county unit, over the break of incomes in 2014.
const figuresOn period.Date = "2025-03-28"

const (
	figuresFrom = 2013
	figuresTill = 2024
	runsFrom    = 2020
	// replications are how often an index is built otherwise, for the spread of its ranks.
	replications = 1000
	// standardMapping reads a file whose headings are keys of series.
	standardMapping = "standard"
)

// invented is a series of the made-up file: in the first year, and its growth a year, in thousandths.
type invented struct {
	key           string
	first, growth int64
}

// inventedSeries are the columns; urban and rural incomes fall behind by the survey's new definition in 2014.
var inventedSeries = []invented{
	{"urban_income", 25200, 68}, {"rural_income", 8350, 88}, {"urbanisation", 58, 16},
	{"urban_population", 46, 22}, {"rural_population", 33, -25}, {"registered_population", 82, 2},
	{"gdp", 2_900_000, 82}, {"gdp_primary", 240_000, 58}, {"gdp_per_head", 38_000, 80},
	{"fiscal_spending", 520_000, 70}, {"loans", 2_300_000, 104}, {"farm_output", 390_000, 60},
	{"hospital_beds", 4_100, 48}, {"physicians", 1_700, 55}, {"primary_students", 46_000, 8},
	{"primary_teachers", 2_700, 14}, {"welfare_beds", 2_400, 40},
}

// publishFigures takes the made-up statistics in, and computes both indices: one published run of each,
// and a draft.
func (c *City) publishFigures(ctx context.Context) error {
	schemes := c.Modules.Indicators.Schemes()
	units, _, err := c.Modules.Statistics.Units(ctx, figuresOn)
	if err != nil || len(schemes) == 0 || len(units) == 0 {
		return err
	}
	officer, err := c.As(ctx, "city_officer", c.Modules.Places.City())
	if err != nil {
		return err
	}
	if err := c.takeFigures(ctx, officer, units, figuresFrom, figuresTill); err != nil {
		return err
	}
	analyst, err := c.As(ctx, "city_analyst", c.Modules.Places.City())
	if err != nil {
		return err
	}
	for _, scheme := range schemes {
		runs, err := c.Modules.Indicators.FromPack(ctx, analyst, evaluation.PackOrder{Scheme: scheme.Key,
			From: runsFrom, To: figuresTill, Seed: c.Seed, Replications: replications})
		if err != nil {
			return err
		}
		for _, run := range runs {
			if _, err := c.Modules.Evaluation.Publish(ctx, officer, run.Ref(), run.Version); err != nil {
				return err
			}
		}
	}
	_, err = c.Modules.Indicators.FromPack(ctx, analyst, evaluation.PackOrder{Scheme: schemes[0].Key,
		From: figuresTill - 2, To: figuresTill, Seed: c.Seed, Replications: replications})
	return err
}

// takeFigures takes the made-up statistics of some years in.
func (c *City) takeFigures(ctx context.Context, officer access.Actor, units []statistics.Unit,
	from, till int) error {
	text := inventFile(units, c.Host.Packs.City(), from, till)
	out, err := c.Modules.Statistics.Import(ctx, officer, statistics.Order{Mapping: standardMapping,
		File: workbook.Upload{Name: c.Host.Dictionary.Text(locale.Chinese, "demo.statistics.file"),
			Content: strings.NewReader(text), Size: int64(len(text))}})
	if err == nil && fault.Stops(out.Findings) {
		err = fault.New(fault.Internal, "statistics.not_all_taken", len(out.Findings)).With(out.Findings)
	}
	return err
}

// publishOwn computes and publishes the level index of the year of the books: beside the statistics of
// that year it is drawn from what the city has accepted of the annual reports.
func (c *City) publishOwn(ctx context.Context) error {
	schemes := c.Modules.Indicators.Schemes()
	units, _, err := c.Modules.Statistics.Units(ctx, period.OfYear(bookedYear).Last())
	if err != nil || len(schemes) == 0 || len(units) == 0 {
		return err
	}
	officer, err := c.As(ctx, "city_officer", c.Modules.Places.City())
	if err == nil {
		err = c.takeFigures(ctx, officer, units, bookedYear, bookedYear)
	}
	if err != nil {
		return err
	}
	analyst, err := c.As(ctx, "city_analyst", c.Modules.Places.City())
	if err != nil {
		return err
	}
	for _, scheme := range schemes {
		if scheme.Family != indicators.Level {
			continue
		}
		runs, err := c.Modules.Indicators.FromPack(ctx, analyst, evaluation.PackOrder{Scheme: scheme.Key,
			From: bookedYear, To: bookedYear, Seed: c.Seed, Replications: replications})
		if err != nil {
			return err
		}
		for _, run := range runs {
			if _, err := c.Modules.Evaluation.Publish(ctx, officer, run.Ref(), run.Version); err != nil {
				return err
			}
		}
	}
	return nil
}

// inventFile writes the made-up file: all units, and the city's own incomes.
func inventFile(units []statistics.Unit, city string, from, till int) string {
	var b strings.Builder
	b.WriteString("code,name,year")
	for _, s := range inventedSeries {
		b.WriteString("," + s.key)
	}
	b.WriteString("\n")
	for year := from; year <= till; year++ {
		for i, u := range units {
			fmt.Fprintf(&b, "%s,%s,%d", u.Code, u.Name, year)
			for j, s := range inventedSeries {
				b.WriteString("," + strconv.FormatInt(s.at(i, j, year), 10))
			}
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s,,%d,%d,%d%s\n", city, year, inventedSeries[0].at(0, 0, year),
			inventedSeries[1].at(0, 0, year), strings.Repeat(",", len(inventedSeries)-2))
	}
	return b.String()
}

// at is a made-up figure of a unit: its own level and pace, and a step in the year of the unified survey.
func (s invented) at(unit, column, year int) int64 {
	level := s.first * int64(820+(unit*37+column*61)%360) / 1000
	pace := s.growth + int64((unit*13+column*7)%9) - 4
	for y := figuresFrom; y < year; y++ {
		level += level * pace / 1000
	}
	if s.key == "urban_income" && year >= 2014 {
		level = level * 92 / 100
	}
	if s.key == "urbanisation" {
		return min(level, 99)
	}
	return level
}
