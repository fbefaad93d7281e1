package evaluation

import (
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/terrace-project/terrace/internal/modules/moduletest"
	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/platform/benchmark"
	"github.com/terrace-project/terrace/internal/platform/hosttest"
	"github.com/terrace-project/terrace/internal/platform/storetest"
)

// The size of the benchmark: the districts of a city, a large index, and as many years as are published.
const (
	benchAreas      = 37
	benchIndicators = 36
	benchYears      = 13
)

// benchOrder asks for an index of four parts over all years.
func benchOrder() Order {
	var scheme strings.Builder
	scheme.WriteString("key: large\ntitle: {zh: 大指数, en: Large index}\nindicators:\n")
	heading := []string{"uCode", "Time"}
	for i := range benchIndicators {
		fmt.Fprintf(&scheme, "  - {code: x%d, parent: P%d}\n", i, i%4)
		heading = append(heading, "x"+strconv.Itoa(i))
	}
	scheme.WriteString("aggregates:\n")
	for i := range 4 {
		fmt.Fprintf(&scheme, "  - {code: P%d, parent: I}\n", i)
	}
	scheme.WriteString("  - {code: I}\ntreat: {}\nnormalise: {method: minmax, low: 1, high: 100}\n" +
		"aggregate: [{method: amean}]\n")
	figures := score.Sheet{Name: figuresName, Rows: [][]string{heading}}
	for year := range benchYears {
		for area := range benchAreas {
			row := []string{fmt.Sprintf("A%02d", area), strconv.Itoa(2005 + year)}
			for i := range benchIndicators {
				row = append(row, strconv.FormatFloat(50+float64((area*31+i*17+year*7)%97)/3, 'f', 3, 64))
			}
			figures.Rows = append(figures.Rows, row)
		}
	}
	return Order{Title: "大", Scheme: scheme.String(), Figures: figures, Source: figuresName, Seed: 1}
}

// BenchmarkLaboratory changes one weight: from the request to the page with the new ranks.
func BenchmarkLaboratory(b *testing.B) {
	x := &site{}
	x.Site = hosttest.Open(b, storetest.SQLite(b, hosttest.Parts((&site{}).build), storetest.WithoutReplay),
		x.build)
	x.Accounts = map[string]int64{"city_analyst": 11}
	moduletest.Settle(x.Site, x.places, moduletest.Places)
	x.Serve()
	o := benchOrder()
	o.Place = x.Place["江城市"]
	run, err := x.Make(x.Ctx, x.Actor("city_analyst", "江城市"), o)
	if err != nil {
		b.Fatal(err)
	}
	const rounds = 15
	best := time.Duration(1 << 62)
	for round := range rounds {
		path := fmt.Sprintf("%s/laboratory?w-x%d=%d", run.Ref().Address(), round, round+2)
		start := time.Now()
		page := x.See("city_analyst@江城市", path)
		best = min(best, time.Since(start))
		if page.Status != 200 || strings.Contains(page.Body, `class="errors"`) {
			b.Fatalf("%d: %.600s", page.Status, page.Body)
		}
	}
	figures, err := figuresOf(o.Figures)
	if err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	rows, err := csv.NewReader(strings.NewReader(figures)).ReadAll()
	if err != nil || len(rows) != benchAreas*benchYears+1 {
		b.Fatalf("%d rows, %v", len(rows), err)
	}
	bare := time.Since(start)
	benchmark.Report(b, benchmark.Figure{Name: "evaluation/laboratory", Value: best.Seconds() * 1000,
		Unit:     "ms",
		Baseline: bare.Seconds() * 1000, Target: "≤ 100 ms", Against: "reading the figures' CSV alone"})
}
