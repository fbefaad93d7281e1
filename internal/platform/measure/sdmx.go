package measure

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/pure/decimal"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// Figures leave Terrace as SDMX, the format in which statistical offices exchange data: SDMX-CSV 2.0 and
// SDMX-JSON 2.0 (both of the SDMX 3.0 information model). Every observation has the same parts: measure,
// place by its code, period; the value; and as attributes numerator, denominator, how many of how many
// reported, and its status.

// SDMX media types.
const (
	SDMXCSV  = "application/vnd.sdmx.data+csv; version=2.0.0"
	SDMXJSON = "application/vnd.sdmx.data+json; version=2.0.0"
)

// Dataflow names what is exported, as SDMX refers to it.
const Dataflow = "TERRACE:FIGURES(1.0.0)"

const (
	sdmxSchema = "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/data-message/tools/schemas/" +
		"2.0.0/sdmx-json-data-schema.json"
	sdmxURN = "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=" + Dataflow
)

// The statuses of an observation (CL_OBS_STATUS).
const (
	statusNormal      = "A"
	statusProvisional = "P" // not all that should have reported have
	statusMissing     = "O"
)

// Observation is a value with the place it is of, as SDMX names it.
type Observation struct {
	Code  string // of the place, else P and its number
	Name  string
	Value Value
}

// sdmxID makes a key an SDMX identifier, which has no dots.
func sdmxID(key string) string { return strings.ReplaceAll(key, ".", "-") }

// PlaceID is the SDMX identifier of a place: its code, or P and its number if it has none.
func PlaceID(code string, place int64) string {
	if code != "" {
		return code
	}
	return "P" + strconv.FormatInt(place, 10)
}

// sdmxPeriod writes a period as SDMX does: 2025, 2025-S1, 2025-Q3, 2025-11.
func sdmxPeriod(p period.Period) string {
	text := p.String()
	switch p.Kind() {
	case period.Half:
		return strings.Replace(text, "H", "-S", 1)
	case period.Quarter:
		return strings.Replace(text, "Q", "-Q", 1)
	}
	return text
}

func (o Observation) status() string {
	switch {
	case !o.Value.Known:
		return statusMissing
	case o.Value.Covered < o.Value.Expected:
		return statusProvisional
	}
	return statusNormal
}

// value is the figure as a plain decimal; "" if there is none.
func (o Observation) value() string {
	if !o.Value.Known {
		return ""
	}
	return decimal.Format(o.Value.Amount, o.Value.Definition.Decimals)
}

var sdmxColumns = []string{"STRUCTURE", "STRUCTURE_ID", "ACTION", "MEASURE", "REF_AREA", "TIME_PERIOD",
	"OBS_VALUE", "NUMERATOR", "DENOMINATOR", "COVERED", "EXPECTED", "OBS_STATUS"}

// WriteSDMXCSV writes observations as SDMX-CSV 2.0, a line each, and returns how many.
func WriteSDMXCSV(w io.Writer, all []Observation) (int, error) {
	out := csv.NewWriter(w)
	out.UseCRLF = true // RFC 4180
	if err := out.Write(sdmxColumns); err != nil {
		return 0, err
	}
	whole := func(n int64) string { return strconv.FormatInt(n, 10) }
	for _, o := range all {
		v := o.Value
		line := []string{"dataflow", Dataflow, "I", sdmxID(v.Definition.Key), o.Code, sdmxPeriod(v.Period),
			o.value(), whole(v.Numerator), whole(v.Denominator), whole(v.Covered), whole(v.Expected),
			o.status()}
		if !v.Known && v.Expected == 0 {
			line[7], line[8], line[9], line[10] = "", "", "", ""
		}
		if err := out.Write(line); err != nil {
			return 0, err
		}
	}
	out.Flush()
	return len(all), out.Error()
}

// sdmxValues are the members of a dimension in the order they were met.
type sdmxValues struct {
	index  map[string]int
	values []sdmxMember
}

type sdmxMember struct {
	ID    string            `json:"id"`
	Name  string            `json:"name"`
	Names map[string]string `json:"names,omitempty"`
	Start string            `json:"start,omitempty"`
	End   string            `json:"end,omitempty"`
}

func (s *sdmxValues) at(m sdmxMember) string {
	i, known := s.index[m.ID]
	if !known {
		if s.index == nil {
			s.index = map[string]int{}
		}
		i = len(s.values)
		s.index[m.ID], s.values = i, append(s.values, m)
	}
	return strconv.Itoa(i)
}

type sdmxDimension struct {
	ID          string            `json:"id"`
	Name        string            `json:"name"`
	Names       map[string]string `json:"names"`
	KeyPosition int               `json:"keyPosition"`
	Roles       []string          `json:"roles,omitempty"`
	Values      []sdmxMember      `json:"values"`
}

type sdmxComponent struct {
	ID           string            `json:"id"`
	Name         string            `json:"name"`
	Names        map[string]string `json:"names"`
	Relationship map[string]any    `json:"relationship,omitempty"`
	Values       []sdmxMember      `json:"values,omitempty"`
}

type sdmxLink struct {
	URN string `json:"urn"`
	Rel string `json:"rel"`
}

type sdmxDataSet struct {
	Structure    int              `json:"structure"`
	Action       string           `json:"action"`
	Links        []sdmxLink       `json:"links"`
	Observations map[string][]any `json:"observations"`
}

type sdmxStructure struct {
	DataSets   []int                      `json:"dataSets"`
	Links      []sdmxLink                 `json:"links"`
	Dimensions map[string][]sdmxDimension `json:"dimensions"`
	Measures   map[string][]sdmxComponent `json:"measures"`
	Attributes map[string][]sdmxComponent `json:"attributes"`
}

type sdmxMessage struct {
	Meta map[string]any `json:"meta"`
	Data struct {
		DataSets   []sdmxDataSet   `json:"dataSets"`
		Structures []sdmxStructure `json:"structures"`
	} `json:"data"`
}

var statuses = []struct {
	code string
	name words.Words
}{{statusNormal, words.Words{Chinese: "正常", English: "Normal value"}},
	{statusProvisional, words.Words{Chinese: "暂缺部分上报", English: "Provisional: not all have reported"}},
	{statusMissing, words.Words{Chinese: "缺失", English: "Missing value"}}}

func names(w words.Words) map[string]string {
	return map[string]string{"zh": w.Chinese, "en": w.English}
}

func component(id, zh, en string) sdmxComponent {
	w := words.Words{Chinese: zh, English: en}
	return sdmxComponent{ID: id, Name: en, Names: names(w)}
}

// attributes of an observation; only the status is coded.
func sdmxAttributes() []sdmxComponent {
	all := []sdmxComponent{component("NUMERATOR", "分子", "Numerator"),
		component("DENOMINATOR", "分母", "Denominator"), component("COVERED", "已报", "Reported"),
		component("EXPECTED", "应报", "Due"), component("OBS_STATUS", "状态", "Observation status")}
	for i := range all {
		all[i].Relationship = map[string]any{"observation": struct{}{}}
	}
	for _, s := range statuses {
		last := &all[len(all)-1]
		last.Values = append(last.Values, sdmxMember{ID: s.code, Name: s.name.English,
			Names: names(s.name)})
	}
	return all
}

// WriteSDMXJSON writes observations as one SDMX-JSON 2.0 data message and returns how many. at is when
// it was prepared, in RFC 3339; id names the message.
func WriteSDMXJSON(w io.Writer, id, at string, all []Observation) (int, error) {
	var measures, areas, periods sdmxValues
	observations := make(map[string][]any, len(all))
	for _, o := range all {
		v := o.Value
		key := measures.at(sdmxMember{ID: sdmxID(v.Definition.Key), Name: v.Definition.Title.English,
			Names: names(v.Definition.Title)}) + ":" +
			areas.at(sdmxMember{ID: o.Code, Name: o.Name}) + ":" + periods.at(sdmxMember{
			ID: sdmxPeriod(v.Period), Name: sdmxPeriod(v.Period), Start: string(v.Period.First()) +
				"T00:00:00+08:00",
			End: string(v.Period.Last()) + "T23:59:59+08:00"})
		observations[key] = o.components()
	}
	message := sdmxMessage{Meta: map[string]any{"schema": sdmxSchema, "id": id, "test": false,
		"prepared":         at,
		"contentLanguages": []string{"zh", "en"}, "sender": map[string]string{"id": "TERRACE"}}}
	links := []sdmxLink{{sdmxURN, "dataflow"}}
	message.Data.DataSets = []sdmxDataSet{{0, "Information", links, observations}}
	structure := sdmxStructure{DataSets: []int{0}, Links: links,
		Measures: map[string][]sdmxComponent{"observation": {component("OBS_VALUE", "数值",
			"Observation value")}},
		Attributes: map[string][]sdmxComponent{"observation": sdmxAttributes()}}
	structure.Dimensions = map[string][]sdmxDimension{"observation": {
		dimension("MEASURE", 0, words.Words{Chinese: "指标", English: "Measure"}, measures.values),
		dimension("REF_AREA", 1, words.Words{Chinese: "地方", English: "Reference area"}, areas.values),
		dimension("TIME_PERIOD", 2, words.Words{Chinese: "时期", English: "Time period"}, periods.values)}}
	if len(all) == 0 { // a dimension has at least one value: an empty set has no dimensions
		structure.Dimensions = map[string][]sdmxDimension{"observation": {}}
	}
	message.Data.Structures = []sdmxStructure{structure}
	out := bufio.NewWriter(w)
	if err := json.NewEncoder(out).Encode(message); err != nil {
		return 0, err
	}
	return len(all), out.Flush()
}

func dimension(id string, at int, name words.Words, values []sdmxMember) sdmxDimension {
	d := sdmxDimension{ID: id, Name: name.English, Names: names(name), KeyPosition: at, Values: values}
	if id == "TIME_PERIOD" {
		d.Roles = []string{"TIME_PERIOD"}
	}
	return d
}

// components are the value and the attributes of an observation. Values are written as decimal texts
// turned into JSON numbers as they stand, so that no digit is lost on the way.
func (o Observation) components() []any {
	v := o.Value
	line := []any{nil, v.Numerator, v.Denominator, v.Covered, v.Expected, 0}
	if v.Known {
		line[0] = json.Number(o.value())
	}
	for i, s := range statuses {
		if s.code == o.status() {
			line[5] = i
		}
	}
	return line
}
