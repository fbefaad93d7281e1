package measure_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/platform/measure"
	"github.com/terrace-project/terrace/internal/pure/period"
)

func observed(t *testing.T) []measure.Observation {
	t.Helper()
	quarter, err := period.Parse("2025Q3")
	if err != nil {
		t.Fatal(err)
	}
	d := measure.Definition{Key: "ledger.income", Decimals: 2,
		Title: locale.Words{Chinese: "收入", English: "Income, gross"}}
	return []measure.Observation{
		{Code: "500101", Name: "东岭区", Value: measure.Value{Definition: d, Period: quarter, Known: true,
			Amount: 9007199254740993, Sum: measure.Sum{Numerator: 9007199254740993, Covered: 11,
				Expected: 12}}},
		{Code: "500102", Name: "西江县", Value: measure.Value{Definition: d, Period: quarter.Next(),
			Known:  true,
			Amount: -5, Sum: measure.Sum{Numerator: -5, Covered: 3, Expected: 3}}},
		{Code: "P7", Name: "一组", Value: measure.Value{Definition: d, Period: quarter}},
	}
}

func TestSDMXCSV(t *testing.T) {
	var b bytes.Buffer
	if n, err := measure.WriteSDMXCSV(&b, observed(t)); n != 3 || err != nil {
		t.Fatal(n, err)
	}
	lines, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		"STRUCTURE,STRUCTURE_ID,ACTION,MEASURE,REF_AREA,TIME_PERIOD,OBS_VALUE,NUMERATOR,DENOMINATOR," +
			"COVERED,EXPECTED,OBS_STATUS",
		"dataflow,TERRACE:FIGURES(1.0.0),I,ledger-income,500101,2025-Q3," +
			"90071992547409.93,9007199254740993,0,11,12,P",
		"dataflow,TERRACE:FIGURES(1.0.0),I,ledger-income,500102,2025-Q4,-0.05,-5,0,3,3,A",
		"dataflow,TERRACE:FIGURES(1.0.0),I,ledger-income,P7,2025-Q3,,,,,,O"} {
		if got := strings.Join(lines[i], ","); got != want {
			t.Errorf("line %d is\n%s, not\n%s", i, got, want)
		}
	}
}

// TestSDMXJSON: every observation is found again through the dimensions, no digit is lost, and the parts
// that the schema demands are there.
func TestSDMXJSON(t *testing.T) {
	var b bytes.Buffer
	if n, err := measure.WriteSDMXJSON(&b, "figures", "2026-01-05T09:00:00+08:00", observed(t)); n != 3 ||
		err != nil {
		t.Fatal(n, err)
	}
	var message struct {
		Meta struct{ ID, Prepared, Schema string }
		Data struct {
			DataSets []struct {
				Links        []struct{ URN, Rel string }
				Observations map[string][]any
			}
			Structures []struct {
				Dimensions struct {
					Observation []struct {
						ID          string
						KeyPosition int
						Values      []struct{ ID, Start string }
					}
				}
				Attributes struct {
					Observation []struct {
						ID           string
						Relationship map[string]any
						Values       []struct{ ID string }
					}
				}
			}
		}
	}
	decoder := json.NewDecoder(&b)
	decoder.UseNumber()
	if err := decoder.Decode(&message); err != nil {
		t.Fatal(err)
	}
	set, structure := message.Data.DataSets[0], message.Data.Structures[0]
	dimensions, attributes := structure.Dimensions.Observation, structure.Attributes.Observation
	if message.Meta.ID == "" || message.Meta.Prepared == "" || len(set.Links) != 1 || len(dimensions) != 3 {
		t.Fatalf("%+v", message)
	}
	first := set.Observations["0:0:0"]
	if len(set.Observations) != 3 || len(first) != 1+len(attributes) ||
		first[0] != json.Number("90071992547409.93") ||
		attributes[4].Values[0].ID != "A" || first[5] != json.Number("1") {
		t.Errorf("%+v", set.Observations)
	}
	if missing := set.Observations["0:2:0"]; missing[0] != nil || missing[5] != json.Number("2") {
		t.Errorf("what is missing is %v", missing)
	}
	if dimensions[1].Values[1].ID != "500102" || dimensions[2].Values[1].ID != "2025-Q4" ||
		dimensions[2].Values[0].Start != "2025-07-01T00:00:00+08:00" || dimensions[2].KeyPosition != 2 {
		t.Errorf("%+v", dimensions)
	}
}
