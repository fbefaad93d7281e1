package edition

import (
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// levelWords are the words for a level.
var levelWords = map[string]division.Level{
	"国家": division.Nation, "全国": division.Nation, "国家级": division.Nation, "nation": division.Nation,
	"country": division.Nation,
	"省":       division.Province, "省级": division.Province, "直辖市": division.Province,
	"自治区": division.Province,
	"省份":  division.Province, "province": division.Province,
	"地": division.Prefecture, "地级": division.Prefecture, "地市": division.Prefecture,
	"地市级": division.Prefecture,
	"市级":  division.Prefecture, "地级市": division.Prefecture, "prefecture": division.Prefecture,
	"city": division.Prefecture,
	"县":    division.County, "县级": division.County, "区县": division.County, "区县级": division.County,
	"区": division.County, "区级": division.County, "county": division.County, "district": division.County,
	"乡": division.Township, "乡级": division.Township, "乡镇": division.Township, "乡镇级": division.Township,
	"镇": division.Township, "街道": division.Township, "镇街": division.Township, "town": division.Township,
	"township": division.Township, "street": division.Township,
	"村": division.Village, "村级": division.Village, "村居": division.Village, "社区": division.Village,
	"居委会": division.Village, "村委会": division.Village, "village": division.Village,
	"community": division.Village,
	"组":         division.Group, "组级": division.Group, "村民小组": division.Group, "小组": division.Group,
	"group": division.Group,
}

// parseLevel reads a level as a number (1 is a province) or a word.
func parseLevel(text string) (division.Level, bool) {
	s := strings.ToLower(strings.TrimSuffix(bare(text), ".0"))
	if l, ok := levelWords[s]; ok {
		return l, true
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < int(division.Nation) || n > int(division.Group) {
		return unset, false
	}
	return division.Level(n), true
}

// level reads what the row states of its level.
func (r *reader) level(d *draft, text string) {
	if r.columns.level < 0 {
		return
	}
	if len(text) == 1 && text[0] >= '0' && text[0] <= '6' {
		d.stated = division.Level(text[0] - '0')
		return
	}
	if strings.TrimSpace(text) == "" {
		r.add(fault.Told("territory.anomaly.level_missing", levelKey(d.digits)), int(d.Line), "level", "")
		return
	}
	l, ok := parseLevel(text)
	if !ok {
		r.add(fault.Doubt("territory.anomaly.level_unknown", levelKey(d.digits)), int(d.Line), "level",
			text)
		return
	}
	d.stated = l
}

// levelKey is the dictionary key of a level, which the dictionary puts into words.
func levelKey(l division.Level) string { return "territory.level." + l.String() }

// above reads the stated parent.
func (r *reader) above(d *draft, text string) {
	if text == "" || len(text) < division.CodeDigits && (strings.TrimSpace(text) == "" ||
		bare(text) == "0") {
		return
	}
	code, _, finding := parseCode(text)
	if finding.Severity == fault.Error {
		r.add(fault.Doubt("territory.anomaly.parent_unreadable"), int(d.Line), "parent", text)
		return
	}
	d.parent = code
}

// category reads the urban-rural class.
func (r *reader) category(d *draft, text string) {
	s := text
	if len(s) != 3 {
		if s = strings.TrimSuffix(bare(text), ".0"); s == "" {
			return
		}
	}
	n, err := strconv.Atoi(s)
	c := division.Category(n)
	if err != nil || n > 999 || !c.Valid() {
		r.add(fault.Doubt("territory.anomaly.category"), int(d.Line), "category", text)
		return
	}
	d.Category = c
}
