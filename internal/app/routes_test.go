package app_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/terrace-project/terrace/internal/app/apptest"
)

// TestTheWholeProgramServes: all pages and operations of all modules stand side by side, and the front
// door opens. Routes of two modules that overlap stop the program here.
func TestTheWholeProgramServes(t *testing.T) {
	city := apptest.Open(t, t.TempDir()+"/terrace.db")
	handler, err := city.Handler()
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{"/sign-in": http.StatusOK, "/": http.StatusSeeOther,
		"/api/openapi.json": http.StatusOK, "/nothing": http.StatusNotFound} {
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, nil))
		if answer.Code != want {
			t.Errorf("%s answers %d, not %d: %.300s", path, answer.Code, want, answer.Body)
		}
	}
}
