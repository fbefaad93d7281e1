package returns_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/reporting"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/division"
)

const statistics = "collective-economy"

func open(t *testing.T, city *apptest.City) []reporting.Report {
	t.Helper()
	city.Populate()
	city.Clock.Set("2026-01-12")
	_, err := city.Reporting.Begin(t.Context(), city.As("county-officer", 1), reporting.Order{
		County: city.Counties[0], Form: statistics, Period: "2025"})
	if err == nil {
		err = city.Host.Jobs.Drain(apptest.Machine(t.Context()))
	}
	if err != nil {
		t.Fatal(err)
	}
	list, err := store.Read(t.Context(), city.Host.Store, func(v *store.View) ([]reporting.Report, error) {
		return city.Reporting.Search(v,
			reporting.Query{Scope: access.Under(city.Host.Access.Path(city.Top)), Limit: 99})
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestPages: every page opens for those it is for, in both languages, with no text missing, and for nobody
// else.
func TestPages(t *testing.T) {
	apptest.Each(t, func(t *testing.T, city *apptest.City) {
		p := open(t, city)[0]
		scene := fmt.Sprintf("?form=%s&period=2025&place=%d", statistics, city.Counties[0])
		pages := []string{"/reports", "/reports?late=1", "/reports/calendar", "/reports/board" + scene,
			"/reports/sums" + scene, "/reports/sums" + scene + "&format=xlsx", "/reports/published" + scene,
			"/reports/asks", "/reports/forms", "/reports/forms/" + statistics, "/figures",
			p.Address(), p.Address() + "/sheet.xlsx", p.Address() + "/sheet.csv"}
		officer, neighbour, nobody := city.SignIn(apptest.Login("county-officer", 1)),
			city.SignIn(apptest.Login("county-officer", 2)), city.Nobody()
		for _, page := range pages {
			for _, language := range []string{"zh", "en"} {
				join := "?"
				if strings.Contains(page, "?") {
					join = "&"
				}
				code, body := officer.Get(page + join + "lang=" + language)
				body = strings.ReplaceAll(body, "<code>reporting.", "") // the key of a measure
				if code != http.StatusOK || strings.Contains(body, ">returns.") || strings.Contains(body,
					">reporting.") {
					t.Errorf("%s: %d\n%.600s", page, code, body)
				}
			}
			if code, _ := nobody.Get(page); code != http.StatusUnauthorized {
				t.Errorf("nobody gets %d at %s", code, page)
			}
		}
		for _, page := range []string{p.Address(), p.Address() + "/sheet.xlsx", "/reports/board" + scene,
			"/reports/sums" + scene, fmt.Sprintf("/figures/sdmx.csv?from=2025&place=%d",
				city.Counties[0])} {
			if code, _ := neighbour.Get(page); code != http.StatusNotFound {
				t.Errorf("the neighbour gets %d at %s", code, page)
			}
		}
		if _, body := officer.Get("/reports"); strings.Count(body,
			`href="/reports/`+fmt.Sprint(p.Home)) != 12 {
			t.Errorf("the list has not twelve reports: %.300s", body)
		}
	})
}

// TestTyping: what is typed on the page and what comes back in the workbook are the same report, and what
// cannot be read is shown again.
func TestTyping(t *testing.T) {
	apptest.Each(t, func(t *testing.T, city *apptest.City) {
		p := open(t, city)[0]
		i := slices.Index(city.IDs, p.Place)
		for city.Drafts[i].Level > division.Village {
			i = city.Drafts[i].Parent
		}
		accountant := city.SignIn(apptest.Login("accountant", i))
		code, body := accountant.Post(p.Address(), url.Values{"operating_revenue": {"42o000"}})
		if code != http.StatusUnprocessableEntity && code != http.StatusBadRequest ||
			!strings.Contains(body, "42o000") {
			t.Errorf("%d\n%.400s", code, body)
		}
		code, body = accountant.Post(p.Address(), url.Values{"operating_revenue": {"420,000.50"},
			"employed": {"5"}})
		if code != http.StatusSeeOther {
			t.Fatalf("%d\n%.800s", code, body)
		}
		if _, body = accountant.Get(p.Address()); !strings.Contains(body, "420,000.50") {
			t.Errorf("it was not kept")
		}
		_, file := accountant.Get(p.Address() + "/sheet.csv")
		edited := strings.Replace(file, "420000.50", "500000.00", 1)
		if edited == file {
			t.Fatalf("the workbook has not what was typed: %s", file)
		}
		if code, body := sent(t, accountant, p.Address()+"/sheet", edited); code != http.StatusSeeOther {
			t.Fatalf("%d\n%.800s", code, body)
		}
		if _, body = accountant.Get(p.Address()); !strings.Contains(body, "500,000.00") {
			t.Errorf("the workbook was not taken")
		}
		other := strings.Replace(edited, fmt.Sprintf("%d/%d", p.Home, p.ID), fmt.Sprintf("%d/%d", p.Home,
			p.ID+1), 1)
		if code, _ := sent(t, accountant, p.Address()+"/sheet", other); code == http.StatusSeeOther {
			t.Error("a workbook of another unit was taken")
		}
	})
}

func sent(t *testing.T, s *apptest.Session, path, content string) (int, string) {
	t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part, err := form.CreateFormFile("sheet", "report.csv")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(part, content); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, s.Base()+path, &b)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Origin", s.Base())
	return s.Do(r)
}

// TestTheInterface: a report by the API with its ETag, its cells, and the figures as SDMX.
func TestTheInterface(t *testing.T) {
	apptest.Each(t, func(t *testing.T, city *apptest.City) {
		p := open(t, city)[0]
		officer := city.SignIn(apptest.Login("county-officer", 1))
		for _, path := range []string{"/report-forms", "/reports?form=" + statistics,
			fmt.Sprintf("/reports/%d/%d", p.Home, p.ID),
			fmt.Sprintf("/report-sums/%d/%s/2025", p.Home, statistics),
			fmt.Sprintf("/figures.sdmx?place=%d&from=2025&format=json", p.Home),
			fmt.Sprintf("/figures.sdmx?place=%d&from=2025", p.Home)} {
			if code, body := officer.Get("/api/v1" + path); code != http.StatusOK {
				t.Errorf("%s: %d %.300s", path, code, body)
			}
		}
		if _, body := officer.Get(fmt.Sprintf("/figures/sdmx.csv?from=2025&place=%d",
			p.Home)); !strings.HasPrefix(
			body, "STRUCTURE,STRUCTURE_ID,ACTION,MEASURE,REF_AREA,TIME_PERIOD,OBS_VALUE") {
			t.Errorf("%.200s", body)
		}
	})
}
