package edition_test

import (
	"testing"

	"github.com/terrace-project/terrace/internal/modules/territory/edition"
	"github.com/terrace-project/terrace/internal/pure/division"
)

// TestSpellingsAreNotRenames holds the list of suffix changes; all pairs but the last group stand in
// the editions of 2016 and 2020.
func TestSpellingsAreNotRenames(t *testing.T) {
	for _, c := range []struct {
		level      division.Level
		a, b       string
		aboveA     string
		aboveB     string
		wantRename bool
	}{
		{division.Township, "高笋塘街道办事处", "高笋塘街道", "万州区", "万州区", false},
		{division.Township, "南津街街道办事处", "南津街街道", "", "", false},
		{division.Township, "鱼嘴镇人民政府", "鱼嘴镇", "江北区", "江北区", false},
		{division.Township, "梁平县梁山街道办事处", "梁山街道", "梁平县", "梁平区", false},
		{division.Township, "龙华山办事处", "龙华山街道", "仙桃市", "仙桃市", false},
		{division.Township, "清水土家族自治乡", "清水土家族乡", "", "", false},
		{division.Village, "太平村委会", "太平村村民委员会", "", "", false},
		{division.Village, "太平村委会", "太平村民委员会", "", "", false},
		{division.Village, "太平村民委员会", "太平村村民委员会", "", "", false},
		{division.Village, "双村村委会", "双村村村民委员会", "", "", false},
		{division.Village, "中村村民委员会", "中村村村民委员会", "", "", false},
		{division.Village, "两路社区居委会", "两路社区居民委员会", "", "", false},
		{division.Village, "两路居委会", "两路社区居民委员会", "", "", false},
		{division.Village, "农安社区居委", "农安社区居民委员会", "", "", false},
		{division.Village, "凤凰台社区", "凤凰台社区居民委员会", "", "", false},
		{division.Village, "华润．凌江居委会", "华润·凌江社区居民委员会", "", "", false},
		{division.Village, "第１社区", "第1社区", "", "", false},
		{division.Village, "大青㭎村委会", "大青?村村民委员会", "", "", false},
		{division.Village, "青??村村民委员会", "青杠村委会", "", "", false},
		{division.Village, "平河乡庙堂村民委员会", "庙堂村村民委员会", "平河乡", "平河乡", false},
		{division.County, "重庆市 涪陵区", "重庆市涪陵区", "", "", false},

		{division.Village, "柴藤村委会", "紫藤村村民委员会", "", "", true},
		{division.Village, "兴发社区居委会", "兴发路社区居民委员会", "", "", true},
		{division.Village, "太平村委会", "太平社区居委会", "", "", true},
		{division.Village, "大桥社区", "司徒社区", "", "", true},
		{division.Village, "水土镇社区居委会", "水土社区居委会", "水土镇", "水土镇", true},
		{division.Township, "跳石镇", "圣灯山镇", "", "", true},
		{division.Township, "歇马镇", "歇马街道", "", "", true},
		{division.Township, "梁子生态管理区（镇）", "梁子镇", "", "", true},
		{division.County, "梁平县", "梁平区", "", "", true},
		{division.Village, "大青㭎村委会", "大?树村委会", "", "", true},
		{division.Group, "第一组", "第二组", "", "", true},
	} {
		if same := edition.SameName(c.a, c.b, c.level, c.aboveA, c.aboveB); same == c.wantRename {
			t.Errorf("%s → %s: same name %v", c.a, c.b, same)
		}
		if edition.SameName(c.a, c.b, c.level, c.aboveA, c.aboveB) !=
			edition.SameName(c.b, c.a, c.level, c.aboveB, c.aboveA) {
			t.Errorf("%s and %s: not the same both ways", c.a, c.b)
		}
	}
}

func TestProperNames(t *testing.T) {
	for _, c := range []struct {
		name  string
		level division.Level
		want  edition.Name
	}{
		{"黔江土家族苗族自治县", division.County, edition.Name{Base: "黔江", Class: "county"}},
		{"两江新区", division.County, edition.Name{Base: "两江", Class: "district"}},
		{"后坪苗族土家族乡", division.Township, edition.Name{Base: "后坪", Class: "township"}},
		{"巴彦嘎查村", division.Village, edition.Name{Base: "巴彦", Class: "village"}},
		{"村委会", division.Village, edition.Name{Base: "村委会"}},
		{"红池坝经济开发区", division.Township, edition.Name{Base: "红池坝经济开发区"}},
	} {
		if got := edition.ParseName(c.name, c.level, ""); got != c.want {
			t.Errorf("%s is %+v, want %+v", c.name, got, c.want)
		}
	}
}
