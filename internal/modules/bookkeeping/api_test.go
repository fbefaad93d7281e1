package bookkeeping_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/app/apptest"
)

// call asks an operation of the API: method and path in one, as "POST /books/1/2/close".
func (x *site) call(s *apptest.Session, what, body string, status int, header ...string) map[string]any {
	x.t.Helper()
	method, path, _ := strings.Cut(what, " ")
	r, err := http.NewRequest(method, s.Base()+"/api/v1"+path, strings.NewReader(body))
	x.Must(err)
	r.Header.Set("Origin", s.Base())
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	code, text := s.Do(r)
	if code != status {
		x.t.Errorf("%s %s answers %d, want %d: %.600s", method, path, code, status, text)
	}
	value := map[string]any{}
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		x.t.Fatalf("%s %s answers %s", method, path, text)
	}
	return value
}

// TestOperations: a program enters, looks ahead, checks, returns and reverses, reads figures and closes.
func TestOperations(t *testing.T) {
	each(t, func(x *site) {
		accountant, head, other := x.as("accountant", village), x.as("head", village),
			x.as("accountant", otherVillage)
		one := fmt.Sprintf("/books/%d/%d", x.books.Home, x.books.ID)
		entry := `{"date":"2025-01-10","summary":"租金","postings":[{"account":"102","amount_fen":123450},
			{"account":"501","amount_fen":-123450}]}`
		if f := x.call(accountant, "POST "+one+"/vouchers/forecast", entry, 200); f["word"] != "记-1" {
			t.Errorf("forecast %v", f)
		}
		made := x.call(accountant, "POST "+one+"/vouchers", entry, 201, "Idempotency-Key", "k1")
		again := x.call(accountant, "POST "+one+"/vouchers", entry, 201, "Idempotency-Key", "k1")
		if made["id"] != again["id"] || made["total_fen"] != 123450.0 {
			t.Errorf("made %v and %v", made, again)
		}
		x.call(accountant, "POST "+one+"/vouchers", strings.ReplaceAll(entry, "租金", "别的"), 409,
			"Idempotency-Key",
			"k1")
		x.call(accountant, "POST "+one+"/vouchers", strings.Replace(entry, "-123450", "-1", 1), 422)
		x.call(other, "POST "+one+"/vouchers", entry, 404)
		v := fmt.Sprintf("/vouchers/%v/%v", made["home"], made["id"])
		x.call(head, "POST "+v+"/check", "", 428)
		x.call(accountant, "POST "+v+"/check", "", 403, "If-Match", `"1"`)
		x.call(head, "POST "+v+"/check", "", 412, "If-Match", `"9"`)
		posted := x.call(head, "POST "+v+"/check", "", 200, "If-Match", `"1"`)
		if posted["number"] != 1.0 || posted["status"] != "posted" {
			t.Errorf("posted %v", posted)
		}
		x.call(head, "POST "+v+"/return", `{"reason":"late"}`, 409, "If-Match", `"2"`)
		x.call(other, "GET "+v, "", 404)
		if rows := x.call(accountant, "GET "+v, "", 200)["postings"].([]any); len(rows) != 2 {
			t.Errorf("lines %v", rows)
		}
		count := func(path string, want int) {
			t.Helper()
			if rows := x.call(accountant, "GET "+path, "", 200)["rows"].([]any); len(rows) != want {
				t.Errorf("%s lists %v", path, rows)
			}
		}
		count("/books", 1)
		count(one+"/vouchers?from=2025-01&to=2025-01", 1)
		count(one+"/vouchers?open=true", 0)
		count(one+"/balances?on=2025-01-31", 2)
		count(one+"/balances?on=2025-01-09", 0)
		count(one+"/postings?account=102", 1)
		sheet := x.call(accountant, "GET "+one+"/statements/income?period=2025-01", "", 200)
		if !strings.Contains(fmt.Sprint(sheet["lines"]), "123450") {
			t.Errorf("income %v", sheet)
		}
		x.call(accountant, "GET "+one+"/statements/income?period=never", "", 422)
		red := x.call(accountant, "POST "+v+"/reverse", `{"on":"2025-01-31","reason":"错"}`, 201)
		if red["reverses"] != made["id"] {
			t.Errorf("reversal %v", red)
		}
		reviewer := x.as("reviewer", township)
		x.call(reviewer, "POST "+one+"/close", `{"month":"2025-01"}`, 409) // the reversal waits
		x.call(reviewer, "POST "+fmt.Sprintf("/vouchers/%v/%v/check", red["home"], red["id"]), "", 200,
			"If-Match", `"1"`)
		if b := x.call(reviewer, "POST "+one+"/close", `{"month":"2025-01"}`,
			200); b["closed"] != "2025-01" {
			t.Errorf("closed %v", b)
		}
		reopen := `{"month":"2025-01","reason":"a","decision":"b"}`
		x.call(reviewer, "POST "+one+"/reopen", reopen, 403)
		x.call(x.as("county-officer", county), "POST "+one+"/reopen", reopen, 200)
		if b := x.call(accountant, "GET "+one, "", 200); b["closed"] != nil {
			t.Errorf("open again it is %v", b)
		}
	})
}
