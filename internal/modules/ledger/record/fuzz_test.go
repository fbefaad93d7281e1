package record

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/modules/ledger/book"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// FuzzDraft: whatever is sent as a draft, it is refused with findings or kept so that it comes back as it
// was; tidying it again changes nothing, and its seal says everything that it says: the canonical text of
// its lines is read back, and any change of a word is another seal.
func FuzzDraft(f *testing.F) {
	f.Add([]byte(`{"Series":" 记 ","Date":"2025-03-10","Summary":"租金 ","Postings":[
		{"account":"102","amount":5},
		{"account":"501","amount":-5,"counterparty":"张三\t",
		"red":true,"note":"a\\b"}],"Source":"x/1"}`))
	f.Add([]byte(`{"Date":"2025-03-10","Postings":[{"amount":9223372036854775807},{"amount":1}]}`))
	f.Add([]byte(`{"Attachments":["AB"],"Postings":[{"account":"\u0000"}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var d Draft
		if json.Unmarshal(body, &d) != nil {
			return
		}
		d = d.Tidy()
		if again := d.Tidy(); !reflect.DeepEqual(again, d) {
			t.Fatalf("tidied again %+v is %+v", d, again)
		}
		if fault.Stops(d.Envelope()) {
			return
		}
		v, err := d.Voucher()
		if err != nil {
			return // more than can be counted
		}
		back, err := v.AsDraft()
		if err != nil {
			t.Fatal(err)
		}
		if len(d.Attachments) == 0 {
			d.Attachments, back.Attachments = nil, nil
		}
		if !strings.ContainsRune(string(body), '\ufffd') && !reflect.DeepEqual(back, d) &&
			len(d.Postings) > 0 {
			t.Fatalf("kept as %q, %+v comes back as %+v", v.Content, d, back)
		}
		lines := Rows(&v, back.Postings, true)
		text := book.Canonical(Postings(lines))
		if read, err := book.ParseCanonical(text); err != nil || len(read) != len(lines) {
			t.Fatalf("%q is read as %v, %v", text, read, err)
		}
		seal := Seal(&v, lines)
		for i := range lines {
			changed := append([]PostingRow(nil), lines...)
			changed[i].Note += "\t"
			if Seal(&v, changed) == seal {
				t.Fatalf("a changed line has the same seal: %+v", lines[i])
			}
		}
		for _, change := range []func(*Voucher){func(v *Voucher) { v.Summary += "\n" },
			func(v *Voucher) { v.Number++ }, func(v *Voucher) { v.Date += "0" },
			func(v *Voucher) { v.Source, v.Summary = v.Summary+v.Source+"1", "" }} {
			other := v
			if change(&other); Seal(&other, lines) == seal {
				t.Fatalf("%+v has the seal of %+v", other, v)
			}
		}
	})
}

// FuzzMonths: the month of a text that is no day is empty or its beginning, and nothing panics.
func FuzzMonths(f *testing.F) {
	f.Add("2025-03-10")
	f.Add("")
	f.Add("2025-13")
	f.Fuzz(func(t *testing.T, day string) {
		month := MonthOf(period.Date(day))
		if !strings.HasPrefix(day, month) || period.Date(day).Valid() && len(month) != len("2025-03") {
			t.Fatalf("the month of %q is %q", day, month)
		}
		b := Book{From: "2025-01-01", Until: period.Open, Closed: "2025-01"}
		if err := b.Fits(period.Date(day), "2025-06-30"); err == nil && (month <= "2025-01" ||
			month > "2025-06") {
			t.Fatalf("%q fits", day)
		}
	})
}
