package statement_test

import (
	"testing"

	"github.com/terrace-project/terrace/internal/modules/inventory/count"
	"github.com/terrace-project/terrace/internal/modules/inventory/statement"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// plan has one form of each side and two classes of land.
var plan = statement.Plan{Layout: count.Layout{Forms: []string{"fixed", "payable", "equity", "resource"},
	Land: []string{"arable", "forest"}},
	Forms: []statement.Form{{Key: "fixed", Number: "08", Side: statement.AssetSide, Line: "fixed"},
		{Key: "payable", Number: "12", Side: statement.LiabilitySide, Line: "payable"},
		{Key: "equity", Number: "18", Side: statement.EquitySide, Line: "equity"},
		{Key: "resource", Number: "20", Side: statement.ResourceSide}},
	Lines: []statement.Line{{Key: "fixed"}, {Key: "payable"}, {Key: "equity"}},
	Land:  func(class string) words.Words { return words.Plain(class) }}

// figures: fixed 1,000.00 of which 300.00 written off; owed 200.00; equity 500.00; 3 mu of arable land.
func figures() []int64 {
	v := make([]int64, plan.Layout.Size())
	v[plan.Layout.Form("fixed", count.FormRows)] = 2
	v[plan.Layout.Form("fixed", count.FormVerified)] = 1000_00
	v[plan.Layout.Form("fixed", count.FormOperating)] = 400_00
	v[plan.Layout.Form("payable", count.FormVerified)] = 200_00
	v[plan.Layout.Form("equity", count.FormVerified)] = 500_00
	v[plan.Layout.Check(count.CheckWrittenOff)] = 300_00
	v[plan.Layout.Check(count.CheckIdle)] = 90_00
	v[plan.Layout.LandAt("arable", count.LandVerified)] = 2000_00
	return v
}

func TestBalanceIsNetOfWhatWasWrittenOff(t *testing.T) {
	v := figures()
	if b := plan.Balance(v); b != (statement.Balance{Assets: 700_00, Claims: 700_00}) {
		t.Errorf("the balance is %+v", b)
	}
	v[plan.Layout.Form("equity", count.FormVerified)] = 499_99
	if b := plan.Balance(v); b.Difference != 1 {
		t.Errorf("a fen is missing and the difference is %v", b.Difference)
	}
}

func TestHeadlineTakesAssetsOnly(t *testing.T) {
	want := statement.Headline{Verified: 1000_00, Operating: 400_00, Idle: 90_00, Land: 2000_00}
	if h := plan.Headline(figures()); h != want {
		t.Errorf("the headline is %+v", h)
	}
}

// TestEmptyLinesAreLeftOut, and every total stays, where it stood.
func TestEmptyLinesAreLeftOut(t *testing.T) {
	whole := plan.Resources(figures())
	short := statement.WithoutEmpty(whole)
	if len(whole.Rows) != 3 || len(short.Rows) != 2 || len(short.Bold) != 1 || short.Bold[0] != 1 {
		t.Fatalf("of %d lines %d are left, bold %v", len(whole.Rows), len(short.Rows), short.Bold)
	}
	if short.Rows[0][0].Chinese != "arable" || short.Rows[1][0].English != "Total" {
		t.Errorf("left are %v", short.Rows)
	}
}
