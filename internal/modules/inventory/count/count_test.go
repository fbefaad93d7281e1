package count_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/terrace-project/terrace/internal/modules/inventory/count"
)

func TestRollBack(t *testing.T) {
	for name, c := range map[string]struct {
		q    count.Quantity
		want count.Result
	}{
		"as booked": {count.Quantity{Book: 500, Counted: 500}, count.Result{Book: 500,
			Verified: 500}},
		"bought since": {count.Quantity{Book: 500, Counted: 700, Increases: 200},
			count.Result{Book: 500, Verified: 500}},
		"sold since": {count.Quantity{Book: 500, Counted: 400, Decreases: 100},
			count.Result{Book: 500, Verified: 500}},
		"never booked": {count.Quantity{Counted: 300}, count.Result{Verified: 300, Gain: 300}},
		"gone":         {count.Quantity{Book: 300}, count.Result{Book: 300, Loss: 300}},
		"more and sold": {count.Quantity{Book: 10, Counted: 9, Decreases: 4}, count.Result{Book: 10,
			Verified: 13, Gain: 3}},
		"a debt that is below": {count.Quantity{Book: -10, Counted: -12}, count.Result{Book: -10,
			Verified: -12, Loss: 2}},
	} {
		if got, err := c.q.Verify(); err != nil || got != c.want {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, c.want)
		}
	}
	for name, q := range map[string]count.Quantity{
		"a negative increase": {Increases: -1}, "a negative decrease": {Decreases: -1},
		"too large":      {Counted: math.MaxInt64, Decreases: 1},
		"too far apart":  {Book: math.MinInt64 + 5, Counted: 10},
		"no counterpart": {Book: math.MinInt64, Counted: math.MinInt64},
		"too small":      {Counted: math.MinInt64, Increases: 1},
	} {
		if r, err := q.Verify(); !errors.Is(err, count.ErrRange) {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}

func TestTheIdentityOfARow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := drawQuantity(t)
		r, err := q.Verify()
		if err != nil {
			t.Fatal(err)
		}
		if r.Gain-r.Loss != r.Verified-r.Book || r.Gain < 0 || r.Loss < 0 || r.Gain > 0 && r.Loss > 0 {
			t.Fatalf("%+v gives %+v", q, r)
		}
	})
}

func drawQuantity(t *rapid.T) count.Quantity {
	n := func(name string) int64 { return rapid.Int64Range(0, 1e14).Draw(t, name) }
	return count.Quantity{Book: n("book"), Counted: n("counted"), Increases: n("increases"),
		Decreases: n("decreases")}
}

func TestVerdictsFitWhatWasFound(t *testing.T) {
	same, gain, loss := count.Result{Book: 5, Verified: 5}, count.Result{Verified: 5, Gain: 5},
		count.Result{Book: 5, Loss: 5}
	for _, c := range []struct {
		v            count.Verdict
		amount, area count.Result
		want         bool
	}{
		{count.Match, same, same, true}, {count.Match, gain, same, false}, {count.Match, same, loss, false},
		{count.Unused, same, same, true}, {count.Gain, gain, same, true}, {count.Gain, same, gain, true},
		{count.Gain, gain, loss, false}, {count.Gain, same, same, false}, {count.Loss, loss, same, true},
		{count.Damaged, same, loss, true}, {count.Damaged, gain, same, false}, {count.Uncounted, same, same,
			false},
		{"lost", loss, same, false},
	} {
		if got := c.v.Fits(c.amount, c.area); got != c.want {
			t.Errorf("%q beside %+v and %+v: %v", c.v, c.amount, c.area, got)
		}
	}
}

var layout = count.Layout{Forms: []string{"money", "fixed", "resource"}, Land: []string{"arable", "forest"}}

func drawRow(t *rapid.T) count.Row {
	row := count.Row{Form: rapid.SampledFrom(layout.Forms).Draw(t, "form"), Amount: drawQuantity(t),
		Area:      drawQuantity(t),
		Operating: rapid.Bool().Draw(t, "operating"), Unsettled: rapid.Bool().Draw(t, "unsettled"),
		Idle: rapid.Bool().Draw(t, "idle"), Use: count.LandUse(rapid.IntRange(0, 2).Draw(t, "use"))}
	if row.Form == "resource" {
		row.Land = rapid.SampledFrom(layout.Land).Draw(t, "land")
	}
	return row
}

// TestTotalsAddAndKeepTheIdentity: totals of parts add to the total of the whole, in any order, and
// the identity of a row holds for every form and class.
func TestTotalsAddAndKeepTheIdentity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.Custom(drawRow), 0, 40).Draw(t, "rows")
		whole, err := layout.Total(rows)
		if err != nil {
			t.Fatal(err)
		}
		cut := rapid.IntRange(0, len(rows)).Draw(t, "cut")
		first, _ := layout.Total(rows[:cut])
		second, _ := layout.Total(rows[cut:])
		if err := count.Add(second, first); err != nil || !slices.Equal(second, whole) {
			t.Fatalf("parts add to %v, the whole is %v (%v)", second, whole, err)
		}
		for _, form := range layout.Forms {
			f := func(figure int) int64 { return whole[layout.Form(form, figure)] }
			if f(count.FormGain)-f(count.FormLoss) != f(count.FormVerified)-f(count.FormBook) ||
				f(count.FormOperating)+f(count.FormNonOperating) != f(count.FormVerified) {
				t.Fatalf("form %s breaks the identity: %v", form, whole)
			}
		}
		for _, class := range layout.Land {
			f := func(figure int) int64 { return whole[layout.LandAt(class, figure)] }
			if f(count.LandGain)-f(count.LandLoss) != f(count.LandVerified)-f(count.LandBook) ||
				f(count.LandContracted)+f(count.LandRetained)+f(count.LandDisputed) != f(count.LandVerified) {
				t.Fatalf("class %s breaks the identity: %v", class, whole)
			}
		}
		back, err := count.Decode(count.Encode(whole), layout.Size())
		if err != nil || !slices.Equal(back, whole) {
			t.Fatalf("packed and unpacked: %v, %v", back, err)
		}
	})
}

func TestUnsettledTitleStaysOut(t *testing.T) {
	v, err := layout.Total([]count.Row{{Form: "fixed", Amount: count.Quantity{Book: 7, Counted: 7},
		Unsettled: true}})
	if err != nil || v[layout.Form("fixed", count.FormVerified)] != 0 ||
		v[layout.Check(count.CheckUnsettled)] != 1 ||
		v[layout.Check(count.CheckUnsettledAmount)] != 7 {
		t.Errorf("%v, %v", v, err)
	}
	for _, row := range []count.Row{{Form: "other"}, {Form: "resource", Land: "sea"}} {
		if _, err := layout.Total([]count.Row{row}); !errors.Is(err, count.ErrForm) {
			t.Errorf("%+v: %v", row, err)
		}
	}
}

func TestAddLeavesAllOrNothing(t *testing.T) {
	a := []int64{1, math.MaxInt64, 3}
	if err := count.Add(a, []int64{1, 1, 1}); !errors.Is(err, count.ErrRange) || a[0] != 1 || a[2] != 3 {
		t.Errorf("%v, %v", a, err)
	}
}

func TestASampleCanBeDrawnAgain(t *testing.T) {
	var all []int64
	for i := range int64(2500) {
		all = append(all, i+1)
	}
	seed := []byte("a seed drawn at random and stored")
	first := count.Sample(seed, all, 500)
	reversed := slices.Clone(all)
	slices.Reverse(reversed)
	if again := count.Sample(seed, reversed, 500); len(first) != 125 || !slices.Equal(first, again) {
		t.Errorf("%d drawn, then others", len(first))
	}
	if other := count.Sample([]byte("another"), all, 500); slices.Equal(first, other) {
		t.Error("the seed does not matter")
	}
	if one := count.Sample(seed, all[:3], 500); len(one) != 1 {
		t.Errorf("of three %d were drawn", len(one))
	}
	if count.Sample(seed, nil, 500) != nil || count.Sample(seed, all, 0) != nil {
		t.Error("something was drawn from nothing")
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(count.Encode([]int64{0, 5, 0, 0, -7}), 5)
	f.Fuzz(func(t *testing.T, b []byte, size int) {
		if size < 0 || size > 1000 {
			return
		}
		if v, err := count.Decode(b, size); err == nil && len(v) != size {
			t.Fatalf("%d figures of %d", len(v), size)
		}
	})
}
