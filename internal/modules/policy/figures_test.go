package policy

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/rating/path"
)

// incomes are both incomes of Chongqing since the break of 2014, from the file itself.
func incomes(t *testing.T) (years []int, urban, rural []float64) {
	t.Helper()
	file, err := os.Open(provinces)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, name := range rows[0] {
		at[name] = i
	}
	for _, row := range rows[1:] {
		year, _ := strconv.Atoi(row[at["year"]])
		if row[at["adcode"]] != "500000" || year < 2014 {
			continue
		}
		u, err := strconv.ParseFloat(row[at["urban_income"]], 64)
		r, also := strconv.ParseFloat(row[at["rural_income"]], 64)
		if err != nil || also != nil {
			t.Fatal(row)
		}
		years, urban, rural = append(years, year), append(urban, u), append(rural, r)
	}
	return years, urban, rural
}

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s is %v, counted again %v", what, got, want)
	}
}

// TestTheFiguresCountedAgain counts every figure of the target again from the file, in another way: the path
// through logarithms, the trend by matrices, needs by letting incomes grow until 2027.
func TestTheFiguresCountedAgain(t *testing.T) {
	years, urban, rural := incomes(t)
	if len(years) != 6 || years[0] != 2014 || years[5] != 2019 {
		t.Fatalf("the file has %v", years)
	}
	ratio := make([]float64, len(years))
	for i := range years {
		ratio[i] = math.Round(1000*urban[i]/rural[i]) / 1000 // as the series shows it
	}
	each(t, func(x *site) {
		x.take()
		s := x.target()
		for i, year := range years {
			near(t, "actual", s.Actual[year], ratio[i], 1e-12)
		}
		for _, one := range s.Path {
			share := float64(one.Year-2019) / 8
			near(t, "required", one.Required, math.Pow(ratio[5], 1-share)*math.Pow(2.3, share), 1e-12)
		}
		near(t, "a year on the path", s.Step, math.Pow(2.3/ratio[5], .125), 1e-12)
		near(t, "a year so far", s.Pace, math.Pow(ratio[5]/ratio[0], .2), 1e-12)
		if len(s.Forecasts) != 2 || s.Forecasts[0].Model != path.ModelTrend || s.Forecasts[0].Level != .8 {
			t.Fatalf("%+v", s.Forecasts)
		}
		trendAgain(t, s.Forecasts[0], ratio)
		damped := s.Forecasts[1]
		// Counted by another program from the six ratios: ETS(A,Ad,N), φ = .9, α = 1, β = 0, t(2) = 1.8856.
		for i, want := range [][3]float64{{2.485119, 2.450892, 2.519823}, {2.465589, 2.417703, 2.514423},
			{2.448143, 2.390038, 2.507661}, {2.432548, 2.366004, 2.500962}, {2.418597, 2.344746, 2.494773},
			{2.406109, 2.325746, 2.489249}, {2.394926, 2.308644, 2.484432}, {2.384905, 2.293167,
				2.480313}} {
			y := damped.Years[i]
			near(t, "damped", y.Median, want[0], 1e-6)
			near(t, "its low end", y.Low, want[1], 1e-6)
			near(t, "its high end", y.High, want[2], 1e-6)
		}
		near(t, "urban growth", s.Recent[0], urban[5]/urban[4]-1, 1e-12)
		near(t, "rural growth", s.Recent[1], rural[5]/rural[4]-1, 1e-12)
		if len(s.Needs) != 6 {
			t.Fatalf("%+v", s.Needs)
		}
		for _, need := range s.Needs {
			u, r := urban[5], rural[5]
			for range 8 {
				u, r = u*(1+need.Urban), r*(1+need.Rural)
			}
			near(t, "the ratio of 2027", u/r, 2.3,
				2.3*.0005/2.5) // the baseline is rounded to three decimals
			near(t, "above the last growth", need.Extra, need.Rural-(rural[5]/rural[4]-1), 1e-12)
		}
		near(t, "rural growth at 5 % in the towns", s.Needs[2].Rural, 1.05*math.Pow(ratio[5]/2.3, .125)-1,
			1e-12)
	})
}

// trendAgain is least squares by the inverse of X'X, and Student's t of four degrees in closed form.
func trendAgain(t *testing.T, f Leading, ratio []float64) {
	t.Helper()
	n, sx, sxx, sy, sxy := float64(len(ratio)), 0.0, 0.0, 0.0, 0.0
	for i, y := range ratio {
		x, y := float64(i), math.Log(y)
		sx, sxx, sy, sxy = sx+x, sxx+x*x, sy+y, sxy+x*y
	}
	det := n*sxx - sx*sx
	a, b := (sxx*sy-sx*sxy)/det, (n*sxy-sx*sy)/det
	errors := 0.0
	for i, y := range ratio {
		e := math.Log(y) - a - b*float64(i)
		errors += e * e
	}
	distribution := func(q float64) float64 { // of Student's t with four degrees
		z := q / math.Sqrt(1+q*q/4)
		return .5 + 3*z/8*(1-q*q/(12*(1+q*q/4)))
	}
	low, high := 0.0, 10.0
	for range 100 {
		if middle := (low + high) / 2; distribution(middle) < .9 {
			low = middle
		} else {
			high = middle
		}
	}
	near(t, "growth of the trend", f.Growth, math.Exp(b)-1, 1e-12)
	for h, y := range f.Years {
		x := n + float64(h)
		spread := math.Sqrt(errors / 4 * (1 + (sxx-2*x*sx+n*x*x)/det))
		near(t, "trend", y.Median, math.Exp(a+b*x), 1e-10)
		near(t, "its low end", y.Low, math.Exp(a+b*x-low*spread), 1e-8)
		near(t, "its high end", y.High, math.Exp(a+b*x+low*spread), 1e-8)
		if y.Year == 2027 {
			near(t, "chance", f.Chance, distribution((math.Log(2.3)-a-b*x)/spread), 1e-8)
		}
	}
}

// TestTheLightOfAYear: the first year after the baseline asks for 2.507·(2.3/2.507)^⅛ = 2.4802; up to .5 %
// above it, 2.4926, is amber.
func TestTheLightOfAYear(t *testing.T) {
	each(t, func(x *site) {
		for _, c := range []struct {
			ratio  float64
			light  path.Light
			en, zh string
		}{
			{2.480, path.Green, "In 2020 it was 2.480 where the path asks for 2.480: on the path", "达到路径"},
			{2.481, path.Amber, "worse by 0.001", "略有偏离"},
			{2.492, path.Amber, "worse by 0.012", "略有偏离"},
			{2.493, path.Red, "worse by 0.013 than the 2.480", "偏离路径"},
		} {
			s := &Study{Target: (*x.targets.Load())[0], Decimals: 3, Last: 2020, Years: []int{2019, 2020},
				Actual: map[int]float64{2019: 2.507, 2020: c.ratio}}
			s.follow()
			if now, known := s.now(); !known || now.Year != 2020 || now.Light != c.light {
				t.Errorf("%v is %+v", c.ratio, now)
			}
			said := x.targetOut(s).Standing
			for text, want := range map[string]string{said.English: c.en, said.Chinese: c.zh} {
				if !contains(text, want) {
					t.Errorf("%v says %q, not %q", c.ratio, text, want)
				}
			}
		}
		x.take()
		x.enter("urban_income", "江城市", 2020, 24930)
		x.enter("rural_income", "江城市", 2020, 10000)
		x.See("city_leader@江城市", "/targets").Is(200, "off the path", "2.493 (2020)")
	})
}
