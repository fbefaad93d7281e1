package sheet

import (
	"testing"
	"testing/fstest"

	"github.com/terrace-project/terrace/internal/platform/form"
)

func TestOtherUnit(t *testing.T) {
	l, findings := form.Load(fstest.MapFS{"forms/a.yaml": {Data: []byte(`
key: a
version: 1
title: {zh: 表, en: Form}
basis: 无
mark: config
fields:
  - {key: balance, label: {zh: 余额（年末）, en: Balance (year end)}, kind: money}
  - {key: land, label: {zh: 面积, en: Area}, kind: area_m2}
  - {key: name, label: {zh: 名称, en: Name}, kind: text}
`)}})
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	d := l.Forms()[0]
	for _, c := range []struct {
		field         int
		heading, want string
	}{
		{0, "余额（年末）", ""}, {0, "余额（年末）（元）*", ""}, {0, "余额（年末）(万元)", "万元"}, {0, "Balance (year end)", ""},
		{0, "balance (year end) (yuan)", ""}, {1, "面积（㎡）", ""}, {1, "面积（平方米，两位小数）", ""}, {1, "面积（亩）", "亩"},
		{1, "面积", ""}, {2, "名称（全称）", ""},
	} {
		if got := d.Fields[c.field].OtherUnit(c.heading); got != c.want {
			t.Errorf("%s: %q, want %q", c.heading, got, c.want)
		}
		if i := d.Finder()(c.heading); i != c.field {
			t.Errorf("%s is found as field %d", c.heading, i)
		}
	}
}
