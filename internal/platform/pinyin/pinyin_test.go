package pinyin_test

import (
	"testing"

	"github.com/terrace-project/terrace/internal/platform/pinyin"
)

// TestNamesOfPlaces: characters that read otherwise in names of places than elsewhere.
func TestNamesOfPlaces(t *testing.T) {
	for name, want := range map[string][2]string{
		"重庆市": {"chongqingshi", "cqs"}, "长寿区": {"changshouqu", "csq"}, "涪陵区": {"fulingqu", "flq"},
		"綦江区": {"qijiangqu", "qjq"}, "北碚区": {"beibeiqu", "bbq"}, "酉阳土家族苗族自治县": {
			"youyangtujiazumiaozuzizhixian", "yytjzmzzzx"},
		"垫江县": {"dianjiangxian", "djx"}, "丰都县": {"fengduxian", "fdx"}, "成都市": {"chengdushi", "cds"},
		"单县": {"shanxian", "sx"}, "东阿县": {"dongexian", "dex"}, "六安市": {"luanshi", "las"},
		"厦门市": {"xiamenshi", "xms"}, "长子县": {"zhangzixian", "zzx"}, "长沙市": {"changshashi", "css"},
		"蚌埠市": {"bengbushi", "bbs"}, "台州市": {"taizhoushi", "tzs"}, "番禺区": {"panyuqu", "pyq"},
		"大城县": {"daichengxian", "dcx"}, "大足区": {"dazuqu", "dzq"}, "鄂州市": {"ezhoushi", "ezs"},
		"涂家垴镇": {"tujianaozhen", "tjnz"}, "长港镇": {"changgangzhen", "cgz"}, "黄陂区": {"huangpiqu", "hpq"},
		"漯河市": {"luoheshi", "lhs"}, "东莞市": {"dongguanshi", "dgs"}, "乐清市": {"yueqingshi", "yqs"},
		"洪洞县": {"hongtongxian", "htx"}, "重阳村": {"chongyangcun", "cyc"}, "第1社区A组": {"di1shequazu", "d1sqaz"},
		"青?村": {"qingcun", "qc"}, "": {"", ""},
	} {
		if full, initials := pinyin.Spell(name); full != want[0] || initials != want[1] {
			t.Errorf("%s is %s (%s), want %s (%s)", name, full, initials, want[0], want[1])
		}
	}
}
