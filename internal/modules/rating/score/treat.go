package score

import (
	"math"

	"github.com/terrace-project/terrace/internal/modules/rating/statistic"
)

// The default rule of treatment.
const (
	winMaxDefault   = 5
	skewnessDefault = 2.0
	kurtosisDefault = 3.5
	logMargin       = 0.01
)

// rule fills in what a treatment leaves open.
func (t Treat) rule() Treat {
	if t.First == "" {
		t.First = Winsorise
	}
	if t.Second == "" {
		t.Second = LogCT
	}
	if t.WinMax == 0 {
		t.WinMax = winMaxDefault
	}
	if t.Skewness == 0 {
		t.Skewness = skewnessDefault
	}
	if t.Kurtosis == 0 {
		t.Kurtosis = kurtosisDefault
	}
	return t
}

// Treatment tells what happened to a column at a time.
type Treatment struct {
	Indicator, Time string
	Passed          bool       // of the test before anything was done
	Defined         bool       // whether the tests could be made; if not, the column stays as it was
	Skewness        [3]float64 // before, after the first and after the second; NaN where not made
	Kurtosis        [3]float64
	Moved           int    // cells winsorised
	Done            string // name of what the column ends with: winsorise, log_CT …; empty: nothing
	Repaired        bool   // it passes in the end
}

// verdict of a test.
type verdict int

const (
	passes verdict = iota
	fails
	undefined
)

// test says whether a column passes: its skewness or its kurtosis is within the limit.
func (t Treat) test(m statistic.Moments) (v verdict, skewness, kurtosis float64) {
	skewness, kurtosis = m.Skewness(), m.Kurtosis()
	switch {
	case skewness != skewness:
		return undefined, skewness, kurtosis
	case math.Abs(skewness) < t.Skewness || kurtosis < t.Kurtosis:
		return passes, skewness, kurtosis
	case kurtosis != kurtosis:
		return undefined, skewness, kurtosis
	}
	return fails, skewness, kurtosis
}

// apply treats a column of one time from source into target, which are as long. t is a whole rule.
func (t Treat) apply(target, source []float64) (done Treatment) {
	gap := math.NaN()
	done = Treatment{Skewness: [3]float64{gap, gap, gap}, Kurtosis: [3]float64{gap, gap, gap},
		Defined: true}
	copy(target, source)
	if t.First == NoTreatment && t.Second == NoTreatment {
		done.Passed = true
		return done
	}
	moments := statistic.MomentsOf(source)
	v, s, k := t.test(moments)
	done.Skewness[0], done.Kurtosis[0], done.Passed = s, k, v == passes
	if v == passes && !t.Always {
		done.Repaired = true
		return done
	}
	if v == undefined {
		done.Defined = false
		return done
	}
	for stage, name := range [2]string{t.First, t.Second} {
		if stage == 1 && (v == passes || t.Always) {
			break
		}
		if name == NoTreatment {
			continue
		}
		if stage == 1 && !t.Combine {
			copy(target, source)
			done.Done, done.Moved = "", 0
		}
		if n := t.transform(name, target); name == Winsorise {
			done.Moved = n
		}
		v, s, k = t.test(statistic.MomentsOf(target))
		done.Skewness[stage+1], done.Kurtosis[stage+1] = s, k
		if v == undefined {
			copy(target, source)
			done.Defined, done.Done, done.Moved = false, "", 0
			return done
		}
		done.Done = joined(done.Done, name)
	}
	done.Repaired = v == passes
	return done
}

func joined(first, second string) string {
	if first == "" {
		return second
	}
	return first + "+" + second
}

// transform changes a column by name, and answers how many cells winsorising moved.
func (t Treat) transform(name string, x []float64) int {
	if name == Winsorise {
		return t.winsorise(x)
	}
	low, high := statistic.Extremes(x)
	margin := logMargin * (high - low)
	down := name == LogCTPlus && statistic.Skewness(x) <= 0
	for i, v := range x {
		switch {
		case v != v:
		case down:
			x[i] = -math.Log(high + margin - v)
		case name == LogCT || name == LogCTPlus:
			x[i] = math.Log(v - low + margin)
		case name == LogCTOrigin || t.Lambda == 0:
			x[i] = math.Log(v - low + 1)
		default:
			x[i] = (math.Pow(v-low+1, t.Lambda) - 1) / t.Lambda
		}
	}
	return 0
}

// winsorise moves the extreme at the side of the skewness to the next value, ties together, until the column
// passes or WinMax cells have moved; it stops where the test is no longer defined.
func (t Treat) winsorise(x []float64) int {
	top, bottom := 0, 0
	for top+bottom < t.WinMax {
		m := statistic.MomentsOf(x)
		v, skewness, _ := t.test(m)
		if v != fails {
			break
		}
		if skewness >= 0 {
			top = pull(x, m.Max, func(v float64) bool { return v < m.Max }, math.Max)
		} else {
			bottom = pull(x, m.Min, func(v float64) bool { return v > m.Min }, math.Min)
		}
	}
	return top + bottom
}

// pull gives all cells at the extreme the next value inside, and counts them.
func pull(x []float64, extreme float64, inside func(float64) bool, outermost func(a,
	b float64) float64) int {
	next := math.NaN()
	for _, v := range x {
		if v == v && inside(v) {
			if next != next {
				next = v
			} else {
				next = outermost(next, v)
			}
		}
	}
	n := 0
	for i, v := range x {
		if v == extreme {
			x[i] = next
			n++
		}
	}
	return n
}
