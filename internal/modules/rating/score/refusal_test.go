package score

import (
	"math"
	"slices"
	"testing"

	"github.com/terrace-project/terrace/internal/pure/fault"
)

func at(w float64) *float64 { return &w }

// TestSchemesRefused: each thing wrong is found once, with the code at fault first among its arguments.
func TestSchemesRefused(t *testing.T) {
	leaf := func(code, parent string) Indicator { return Indicator{Code: code, Parent: parent} }
	for name, c := range map[string]struct {
		scheme Scheme
		key    string
		code   any
	}{
		"nothing": {Scheme{}, "rating.scheme_empty", nil},
		"twice": {Scheme{Indicators: []Indicator{leaf("x", ""), leaf("x", "")}},
			"rating.scheme_code_repeated",
			"x"},
		"unknown parent": {Scheme{Indicators: []Indicator{leaf("x", "P")}}, "rating.scheme_parent_unknown",
			"x"},
		"under an indicator": {Scheme{Indicators: []Indicator{leaf("x", "y"), leaf("y", "")}},
			"rating.scheme_parent_unknown", "x"},
		"childless": {Scheme{Indicators: []Indicator{leaf("x", "")}, Aggregates: []Aggregate{{Code: "P"}}},
			"rating.scheme_childless", "P"},
		"cycle": {Scheme{Indicators: []Indicator{leaf("x", "P")}, Aggregates: []Aggregate{{Code: "P",
			Parent: "Q"},
			{Code: "Q", Parent: "P"}}}, "rating.scheme_cycle", "P"},
		"its own parent": {Scheme{Indicators: []Indicator{leaf("x", "P")},
			Aggregates: []Aggregate{{Code: "P",
				Parent: "P"}}}, "rating.scheme_cycle", "P"},
		"level skipped": {Scheme{Indicators: []Indicator{leaf("x", "P"), leaf("y", "I")},
			Aggregates: []Aggregate{
				{Code: "P", Parent: "I"}, {Code: "I"}}}, "rating.scheme_level_skipped", "y"},
		"level written wrong": {Scheme{Indicators: []Indicator{leaf("x", "P")}, Aggregates: []Aggregate{
			{Code: "P", Level: 3}}}, "rating.scheme_level_skipped", "x"},
		"negative weight": {Scheme{Indicators: []Indicator{{Code: "x", Weight: at(-1)}}},
			"rating.scheme_weight_negative", "x"},
		"no number": {Scheme{Indicators: []Indicator{{Code: "x", Weight: at(math.NaN())}}},
			"rating.scheme_weight_negative", "x"},
		"all zero": {Scheme{Indicators: []Indicator{{Code: "x", Parent: "P", Weight: at(0)}},
			Aggregates: []Aggregate{{Code: "P"}}}, "rating.scheme_weights_zero", "P"},
		"direction": {Scheme{Indicators: []Indicator{{Code: "x", Direction: "up"}}},
			"rating.scheme_method_unknown", "x"},
		"treatment": {Scheme{Indicators: []Indicator{{Code: "x", Treat: &Treat{First: "cut"}}}},
			"rating.scheme_method_unknown", "x"},
		"negative cells": {Scheme{Key: "s", Indicators: []Indicator{leaf("x", "")},
			Treat: &Treat{WinMax: -1}},
			"rating.scheme_treatment", "s"},
		"normalisation": {Scheme{Key: "s", Indicators: []Indicator{leaf("x", "")},
			Normalise: &Normalise{Method: "minimax"}}, "rating.scheme_method_unknown", "s"},
		"range": {Scheme{Key: "s", Indicators: []Indicator{leaf("x", "")},
			Normalise: &Normalise{Method: MinMax, Low: 2, High: 1}}, "rating.scheme_posts", "s"},
		"reference": {Scheme{Key: "s", Indicators: []Indicator{leaf("x", "")},
			Normalise: &Normalise{Method: DistanceRef}}, "rating.scheme_reference", "s"},
		"goalposts": {Scheme{Indicators: []Indicator{leaf("x", "")},
			Normalise: &Normalise{Method: Goalposts}},
			"rating.scheme_goalposts_lacking", "x"},
		"goalposts turned": {Scheme{Indicators: []Indicator{{Code: "x", Goalposts: &Posts{Low: 2,
			High: 1}}}},
			"rating.scheme_posts", "x"},
		"target": {Scheme{Indicators: []Indicator{leaf("x", "")},
			Normalise: &Normalise{Method: DistanceTarget}},
			"rating.scheme_target_lacking", "x"},
		"ideal": {Scheme{Indicators: []Indicator{{Code: "x", Direction: Interval}}},
			"rating.scheme_ideal_lacking", "x"},
		"imputation": {Scheme{Key: "s", Indicators: []Indicator{leaf("x", "")},
			Impute: &Impute{Method: "guess"}},
			"rating.scheme_method_unknown", "s"},
		"level of rows": {Scheme{Indicators: []Indicator{leaf("x", "P")},
			Aggregates: []Aggregate{{Code: "P"}}, Impute: &Impute{Method: ImputeRow, Level: 3}},
			"rating.scheme_impute_level", "scheme"},
		"deviation": {Scheme{Indicators: []Indicator{{Code: "x", Scales: []Normalise{{Method: ZScore,
			Deviation: -1}}}}}, "rating.scheme_scale", "x"},
		"infinite end": {Scheme{Key: "s", Indicators: []Indicator{leaf("x", "")},
			Normalise: &Normalise{Method: MinMax, High: math.Inf(1)}}, "rating.scheme_infinite", "s"},
		"no number as end": {Scheme{Key: "s", Indicators: []Indicator{leaf("x", "")},
			Normalise: &Normalise{Method: MinMax, Low: math.NaN(), High: 1}}, "rating.scheme_infinite",
			"s"},
		"infinite figure by hand": {Scheme{Key: "s", Indicators: []Indicator{leaf("x", "")},
			Impute: &Impute{Method: ImputeMean, Given: []Given{{Area: "A", Indicator: "x",
				Value: math.Inf(1)}}}}, "rating.scheme_infinite", "s"},
		"infinite power": {Scheme{Key: "s", Indicators: []Indicator{leaf("x", "P")},
			Aggregates: []Aggregate{{Code: "P"}}, Aggregate: []Aggregation{{Method: Generalised,
				Power: math.Inf(1)}}}, "rating.scheme_infinite", "s"},
		"infinite target": {Scheme{Indicators: []Indicator{{Code: "x", Target: new(math.Inf(1))}}},
			"rating.scheme_infinite", "x"},
		"weighting": {Scheme{Key: "s", Indicators: []Indicator{leaf("x", "")},
			Weights: []Weighting{{Method: "fair"}}}, "rating.scheme_method_unknown", "s"},
		"aggregation of a node": {Scheme{Indicators: []Indicator{leaf("x", "P")}, Aggregates: []Aggregate{
			{Code: "P", Aggregate: &Aggregation{Method: "best"}}}}, "rating.scheme_method_unknown", "P"},
		"threshold": {Scheme{Key: "s", Indicators: []Indicator{leaf("x", "")},
			Aggregate: []Aggregation{{Method: Arithmetic, Threshold: 67}}}, "rating.scheme_share", "s"},
		"availability": {Scheme{Key: "s", Indicators: []Indicator{leaf("x", "")},
			Screen: &Screen{Availability: -1}}, "rating.scheme_share", "s"},
	} {
		err := c.scheme.Check(Methods{})
		if !fault.HasKey(err, "rating.scheme") {
			t.Errorf("%s: %v", name, err)
			continue
		}
		f := fault.Of(err).Findings[0]
		if f.Key != c.key || c.code != nil && f.Args[0] != c.code {
			t.Errorf("%s: %v, want %s %v", name, f, c.key, c.code)
		}
	}
}

// TestPowersBeyondFloatingPointAreRefused with the area; a power that is only large is computed.
func TestPowersBeyondFloatingPointAreRefused(t *testing.T) {
	run := func(change func(*Scheme)) error {
		s, table := example()
		change(&s)
		plan, err := Compile(s, table, Methods{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = plan.Run()
		return err
	}
	power := func(p float64) func(*Scheme) {
		return func(s *Scheme) {
			s.Normalise = &Normalise{Method: MinMax, Low: 10, High: 100}
			s.Aggregate = []Aggregation{{Method: Generalised, Power: p}}
		}
	}
	for _, p := range []float64{400, -400} {
		if err := run(power(p)); !fault.HasKey(err, "rating.power_overflow") {
			t.Errorf("power %v: %v", p, err)
		}
	}
	if err := run(power(100)); err != nil {
		t.Error(err)
	}
}

// TestMeansRefuseWhatTheyCannotTake, with node, child and area.
func TestMeansRefuseWhatTheyCannotTake(t *testing.T) {
	s, table := example()
	for _, rule := range []Aggregation{{Method: Geometric}, {Method: Harmonic}, {Method: Generalised,
		Power: -1},
		{Method: Generalised}} {
		s.Aggregate = []Aggregation{rule}
		plan, err := Compile(s, table, Methods{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = plan.Run()
		if f := fault.Of(err); f == nil || f.Key != "rating.mean_not_positive" ||
			!slices.Equal(f.Args, []any{"I", "x1", "C", 0.0, rule.Method}) {
			t.Errorf("%v: %v", rule, err)
		}
	}
	s.Aggregate, s.Normalise = []Aggregation{{Method: Generalised, Power: 2}}, &Normalise{Method: ZScore}
	plan, err := Compile(s, table, Methods{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := plan.Run(); !fault.HasKey(err, "rating.mean_not_positive") {
		t.Errorf("a power of a negative figure: %v", err)
	}
	s.Indicators[0].Direction = Parity
	table.Values[0][2] = -50
	if plan, err = Compile(s, table, Methods{}); err != nil {
		t.Fatal(err)
	}
	if _, err := plan.Run(); !fault.HasKey(err, "rating.parity_not_positive") ||
		fault.Of(err).Args[1] != "C" {
		t.Errorf("a negative ratio: %v", err)
	}
}

func TestVariantsRefused(t *testing.T) {
	s, table := example()
	plan, err := Compile(s, table, Methods{})
	if err != nil {
		t.Fatal(err)
	}
	w := plan.Worker(1)
	for name, c := range map[string]struct {
		variant Variant
		key     string
	}{
		"too few weights": {Variant{Weights: []float64{1}}, "rating.variant_weights"},
		"no weight":       {Variant{Weights: []float64{1, math.NaN(), 1, 1}}, "rating.variant_weight"},
		"too few columns": {Variant{Data: make([][]float64, 1)}, "rating.variant_weights"},
		"normalisation":   {Variant{Normalise: &Normalise{Method: "x"}}, "rating.variant_method"},
		"aggregation":     {Variant{Aggregate: []Aggregation{{Method: "x"}}}, "rating.variant_method"},
		"goalposts":       {Variant{Normalise: &Normalise{Method: Goalposts}}, "rating.goalposts_lacking"},
		"target": {Variant{Normalise: &Normalise{Method: DistanceTarget}},
			"rating.target_lacking"},
		"reference": {Variant{Normalise: &Normalise{Method: DistanceRef, Reference: "Z"}},
			"rating.reference_unknown"},
	} {
		if _, err := w.Rebuild(c.variant); !fault.HasKey(err, c.key) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if scores, err := w.Rebuild(Variant{}); err != nil || !near(scores[plan.Top()][3], 1, 1e-12) {
		t.Errorf("after refusals: %v, %v", scores, err)
	}
}

const metaText = "iCode,Type,Parent,Direction,Weight,Level,iName,Denominator,Target," +
	`goalpost_lower,goalpost_upper,goalpost_scale,goalpost_trunc2posts
x,Indicator,P,1,1,1,First,pop,5,0,10,7,FALSE
y,Indicator,P,-1,2.5,1,"Second, with a comma",NA,,,,,
P,Aggregate,,1,1,2,Pillar,,,,,,
g,Group,,,,,,,,,,,
pop,Denominator,,,,,,,,,,,
note,Other,,,,,,,,,,,
`

func TestCoinTablesAreReadAsTheyAre(t *testing.T) {
	s, findings, err := ReadMeta(sheetOf(t, "iMeta.csv", []byte("\ufeff"+metaText)))
	if err != nil || len(findings) > 0 {
		t.Fatal(err, findings)
	}
	if y := s.Indicators[1]; y.Direction != Cost || *y.Weight != 2.5 || y.Name != "Second, with a comma" ||
		y.Denominator != "" || *s.Indicators[0].Goalposts != (Posts{0, 10, 7, true}) ||
		*s.Indicators[0].Target != 5 ||
		s.Indicators[0].Weight != nil || s.Aggregates[0].Level != 2 {
		t.Errorf("%+v", s)
	}
	data := "\ufeffTime,y,uName,uCode,pop,g,x,extra\n2020,NA,Ay,A,2,n,1e3,9\n\n2020,-3.5,,B,,s,,8\n" +
		"2021,1,,A,1,,0,7\n"
	table, findings, err := ReadData(Sheet{Name: "iData.csv", Rows: append([][]string{},
		sheetOf(t, "iData.csv", []byte(data)).Rows...)}, s)
	if err != nil || len(findings) != 1 || findings[0].Key != "rating.sheet_column_unused" ||
		findings[0].Args[0] != "extra" {
		t.Fatal(err, findings)
	}
	if !slices.Equal(table.Areas, []string{"A", "B", "A"}) || !slices.Equal(table.Times, []string{"2020",
		"2020",
		"2021"}) || !slices.Equal(table.Columns, []string{"x", "y", "pop"}) || table.Values[0][0] != 1000 ||
		table.Values[1][0] == table.Values[1][0] || table.Values[2][2] != 1 || table.Groups["g"][1] != "s" {
		t.Errorf("%+v", table)
	}
}

// TestFindingsOfTablesHaveTheirPlace: all of them at once, each with row and column.
func TestFindingsOfTablesHaveTheirPlace(t *testing.T) {
	meta := `iCode,Type,Parent,Direction,Weight,Level
x,Indicator,P,up,1,1
x,Indicator,P,1,heavy,1
z,Indicatr,P,1,1,1
y,Indicator,P,1,1,2
P,Aggregate,,1,1,1.5
`
	_, _, err := ReadMeta(sheetOf(t, "iMeta.csv", []byte(meta)))
	places(t, err, []string{"iMeta.csv!Direction:2 error rating.sheet_direction [x up]",
		"iMeta.csv!iCode:3 error rating.sheet_code_repeated [x]",
		"iMeta.csv!Type:4 error rating.sheet_type_unknown [z Indicatr]",
		"iMeta.csv!Level:5 error rating.sheet_level [y 2]",
		"iMeta.csv!Level:6 error rating.sheet_level [P 1.5]"})
	meta = `iCode,Type,Parent,Direction,Weight,Level,minmax_lower,minmax_upper,zscore_sd,goalpost_lower,` +
		`goalpost_upper,goalpost_trunc2posts
x,Indicator,P,1,1,1,0,,1,5,5,TRUE
y,Indicator,P,1,1,1,,,-1,0,5,maybe
P,Aggregate,,1,1,2,,,,,,
`
	_, _, err = ReadMeta(sheetOf(t, "iMeta.csv", []byte(meta)))
	places(t, err, []string{"iMeta.csv!goalpost_lower:2 error rating.scheme_posts [x 5 5]",
		"iMeta.csv!minmax_lower:2 error rating.sheet_half [minmax_lower minmax_upper]",
		"iMeta.csv!goalpost_trunc2posts:3 error rating.sheet_no_truth [goalpost_trunc2posts maybe]",
		"iMeta.csv!zscore_sd:3 error rating.sheet_not_positive [zscore_sd -1]"})
	_, _, err = ReadMeta(sheetOf(t, "iMeta.csv", []byte("iCode,Kind,Parent,Direction,Weight\n")))
	places(t, err, []string{"iMeta.csv!Type:1 error rating.sheet_column_lacking [Type]"})
	_, _, err = ReadMeta(Sheet{Name: "empty"})
	places(t, err, []string{"empty!:1 error rating.sheet_empty"})

	s, _, err := ReadMeta(sheetOf(t, "iMeta.csv", []byte(metaText)))
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = ReadData(sheetOf(t, "d",
		[]byte("uCode,x,y,g\nA,1,2,n\nA,1,2,n\n,\"1,5\",Inf,s\nC,0x10,1_0,s\n")), s)
	places(t, err, []string{"d!uCode:3 error rating.sheet_area_repeated [A 2]",
		"d!uCode:4 error rating.sheet_area_empty",
		"d!x:4 error rating.sheet_no_number [x]", "d!y:4 error rating.sheet_no_number [y]",
		"d!x:5 error rating.sheet_no_number [x]", "d!y:5 error rating.sheet_no_number [y]"})
	_, _, err = ReadData(sheetOf(t, "d", []byte("uCode,x,x\nA,1,2\n")), s)
	places(t, err, []string{"d!x:1 error rating.sheet_heading_repeated [x]"})
	table, _, err := ReadData(sheetOf(t, "d", []byte("uCode,x,y,g\nNA,NA,2,NA\n")), s)
	if err != nil || table.Areas[0] != "NA" || table.Values[0][0] == table.Values[0][0] ||
		table.Groups["g"][0] != "" {
		t.Errorf("an area called NA: %v, %v", table, err)
	}
	s.Denominate = true
	_, _, err = ReadData(sheetOf(t, "d", []byte("uCode,x\nA,1\n")), s)
	places(t, err, []string{"d!y:1 error rating.sheet_column_lacking [y]",
		"d!pop:1 error rating.sheet_column_lacking [pop]"})
	_, _, err = ReadData(sheetOf(t, "d", []byte("uCode,x\n")), s)
	places(t, err, []string{"d!:1 error rating.sheet_no_rows"})
	if _, err := Compile(s, Table{Areas: []string{"A"}, Columns: []string{"y"}, Values: [][]float64{{1}}},
		Methods{}); !fault.HasKey(err, "rating.data_columns") || len(fault.Of(err).Findings) != 2 {
		t.Errorf("columns lacking: %v", err)
	}
}

// places compares the errors of a refusal.
func places(t *testing.T, err error, want []string) {
	t.Helper()
	var got []string
	if err != nil {
		for _, f := range fault.Of(err).Findings {
			if f.Severity == fault.Error {
				got = append(got, f.String())
			}
		}
	}
	slices.Sort(got)
	want = slices.Sorted(slices.Values(want))
	if !slices.Equal(got, want) {
		t.Errorf("findings\n%v\nwant\n%v", got, want)
	}
}
