package score

import (
	"encoding/csv"
	"strings"
	"testing"
)

// FuzzCoinTables: whatever the two tables hold, they are read or refused, and what is read computes or is
// refused; nothing panics.
func FuzzCoinTables(f *testing.F) {
	f.Add(metaText, "uCode,Time,x,y,pop,g\nA,2020,1,2,3,n\nB,2020,4,,6,s\nA,2021,7,8,0,n\n", uint8(0))
	f.Add(metaText, "uCode,x,y\nA,1,1\nB,1,1\n", uint8(1))
	f.Add("iCode,Type,Parent,Direction,Weight\nx,Indicator,x,1,0\n", "x\n1e308\n-1e308\n", uint8(2))
	f.Add("iCode,Type,Parent,Direction,Weight\nP,Aggregate,P,,\n", "", uint8(3))
	f.Fuzz(func(t *testing.T, meta, data string, steps uint8) {
		read := func(text string) Sheet {
			r := csv.NewReader(strings.NewReader(text))
			r.FieldsPerRecord = -1
			rows, _ := r.ReadAll() //nolint:errcheck // what could be read is enough
			return Sheet{Name: "f", Rows: rows}
		}
		s, _, err := ReadMeta(read(meta))
		if err != nil {
			return
		}
		table, _, err := ReadData(read(data), s)
		if err != nil {
			return
		}
		s.Denominate = steps&1 != 0
		s.Impute = &Impute{Method: imputations[int(steps)%len(imputations)], Group: "",
			Level: int(steps) % 4}
		s.Treat = &Treat{Combine: steps&2 != 0, Always: steps&4 != 0}
		s.Normalise = &Normalise{Method: normalisations[int(steps)%len(normalisations)], Reference: "1"}
		s.Aggregate = []Aggregation{{Method: aggregations[int(steps)%len(aggregations)]}}
		plan, err := Compile(s, table, Methods{})
		if err != nil {
			return
		}
		o, err := plan.Run()
		if err != nil {
			return
		}
		for row := range o.Areas {
			if top := o.Top(); top >= 0 {
				o.Contributions(top, row)
				o.Strengths(top, row, 3)
			}
		}
	})
}
