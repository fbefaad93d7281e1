package counting_test

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// village is a check that is being counted, and the accountant who counts.
type village struct {
	*apptest.City
	t     *testing.T
	index int // in Drafts
	check inventory.Check
	*apptest.Session
}

// each runs a test on a village's open check, on each engine. Afterwards the invariants are proved.
func each(t *testing.T, fn func(*village)) {
	t.Helper()
	apptest.Each(t, func(t *testing.T, city *apptest.City) {
		v := open(t, city)
		fn(v)
		v.verify()
	})
}

func open(t *testing.T, city *apptest.City) *village {
	t.Helper()
	city.Populate()
	city.Clock.Set("2025-12-01")
	v := &village{City: city, t: t}
	officer := city.As("county-officer", 1)
	_, err := city.Campaigns.Begin(t.Context(), officer, city.Counties[0], 2025, "")
	v.must(err)
	_, err = city.Campaigns.OpenChecks(t.Context(), officer, city.Counties[0], 2025, nil)
	v.must(err)
	city.Clock.Set("2026-01-12")
	for i, d := range city.Drafts {
		if d.Level == division.Village {
			v.index = i
			break
		}
	}
	list, err := store.Read(t.Context(), city.Host.Store, func(r *store.View) ([]inventory.Check, error) {
		return inventory.OfYear(r, city.Counties[0], 2025)
	})
	v.must(err)
	for _, c := range list {
		if c.Place == city.IDs[v.index] {
			v.check = c
		}
	}
	if v.check.Rows != 4 {
		t.Fatalf("the check has %d rows", v.check.Rows)
	}
	v.Session = city.SignIn(apptest.Login("accountant", v.index))
	return v
}

func (v *village) must(err error) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(fault.Of(err).Key, err)
	}
}

// verify proves every invariant of the inventory again.
func (v *village) verify() {
	v.t.Helper()
	for _, m := range v.Modules() {
		if m.Name != "inventory" {
			continue
		}
		for _, c := range m.Checks {
			v.must(c.Run(v.t.Context(), func(f fault.Finding) { v.t.Errorf("verify: %s", f) }))
		}
	}
}

// address is a page of the check.
func (v *village) address(format string, args ...any) string {
	return v.check.Address() + fmt.Sprintf(format, args...)
}

var rows = store.NewTable[inventory.Row]("inventory_row")

func (v *village) row(number int64) inventory.Row {
	v.t.Helper()
	list := v.all()
	for _, w := range list {
		if w.Number == number {
			return w
		}
	}
	v.t.Fatalf("there is no row %d", number)
	return inventory.Row{}
}

func (v *village) all() []inventory.Row {
	v.t.Helper()
	list, err := store.Read(v.t.Context(), v.Host.Store, func(r *store.View) ([]inventory.Row, error) {
		return rows.All(r, "WHERE home = ? AND inventory = ? ORDER BY number", v.check.Home, v.check.ID)
	})
	v.must(err)
	return list
}

// upload is a file sent with a form.
type upload struct {
	field, name string
	content     []byte
}

// send posts a form as browsers send one with files; fields are name, value, name, value …
func (v *village) send(path string, file *upload, fields ...string) (int, string) {
	v.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i+1 < len(fields); i += 2 {
		v.must(w.WriteField(fields[i], fields[i+1]))
	}
	if file != nil {
		part, err := w.CreateFormFile(file.field, file.name)
		v.must(err)
		_, err = part.Write(file.content)
		v.must(err)
	}
	v.must(w.Close())
	r, err := http.NewRequestWithContext(v.t.Context(), http.MethodPost, v.Base()+path, &body)
	v.must(err)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Origin", v.Base())
	r.Header.Set("Accept", "text/html")
	return v.Do(r)
}

// count posts the page of a row at the version it has.
func (v *village) count(number int64, fields ...string) (int, string) {
	v.t.Helper()
	w := v.row(number)
	fields = append([]string{"version", fmt.Sprint(w.Version), "use_state", w.UseState, "land_use",
		w.LandUse}, fields...)
	return v.send(v.address("/rows/%d", number), nil, fields...)
}

// want demands a status and texts in the answer.
func want(t *testing.T, code int, body string, status int, texts ...string) {
	t.Helper()
	if code != status {
		t.Fatalf("answered %d, want %d:\n%s", code, status, plain(body))
	}
	for _, text := range texts {
		if !strings.Contains(body, text) {
			t.Fatalf("the answer lacks %q:\n%s", text, plain(body))
		}
	}
}

var tags = regexp.MustCompile(`(?s)<[^>]*>|\n\s*`)

func plain(body string) string { return tags.ReplaceAllString(body, " ") }

func photo(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 30)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// otherCheck is the check of the next village.
func (v *village) otherCheck() int64 {
	v.t.Helper()
	list, err := store.Read(v.t.Context(), v.Host.Store, func(r *store.View) ([]inventory.Check, error) {
		return inventory.OfYear(r, v.check.Home, 2025)
	})
	v.must(err)
	for _, c := range list {
		if c.Place == v.IDs[v.index+1] {
			return c.ID
		}
	}
	v.t.Fatal("there is no other village")
	return 0
}
