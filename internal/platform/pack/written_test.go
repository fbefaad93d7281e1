package pack

import (
	"reflect"
	"testing"
)

// TestNumbersAsWritten: where a text is asked for, a number without quotes is the text it is written as,
// in every place a value can stand; where a number is asked for, it is its value.
func TestNumbersAsWritten(t *testing.T) {
	type code string
	for _, text := range []string{"1001.10", "0101", "1001.00", "-1.50", "1_001", "+5", "1.", ".5", "007",
		"1001",
		"0", "-0", "1.0e3", "0x1F", "12345678901234567890"} {
		var v struct {
			Plain string
			Named code
			List  []string
			Of    map[string]string
			Link  *string
		}
		err := decodeText([]byte("plain: "+text+"\nnamed: "+text+" # why\nlist: ["+text+"]\nof: {"+text+": "+
			text+
			"}\nlink: "+text+"\n"), &v)
		if err != nil || v.Plain != text || v.Named != code(text) || v.List[0] != text ||
			!reflect.DeepEqual(v.Of, map[string]string{text: text}) || *v.Link != text {
			t.Errorf("%s is read as %+v, %v", text, v, err)
		}
	}
	for text, want := range map[string][2]float64{"1_000": {1000, 1000}, "0101": {101, 101}, "+5": {5, 5},
		"12": {12, 12}} {
		var v struct {
			Whole int
			Exact float64
		}
		err := decodeText([]byte("whole: "+text+"\nexact: "+text+"\n"), &v)
		if err != nil || float64(v.Whole) != want[0] || v.Exact != want[1] {
			t.Errorf("%s is read as %+v, %v", text, v, err)
		}
	}
	var v struct{ Whole int }
	if err := decodeText([]byte("whole: -1.50\n"), &v); err == nil {
		t.Errorf("a part of a number was left out: %d", v.Whole)
	}
}
