package browsing_test

import (
	"testing"

	"github.com/terrace-project/terrace/internal/app/apptest"
)

// eachScreen walks through a city of its own in each language, at a desk and on a phone. screen opens the
// browser: a walk prepares first what it is to find.
func eachScreen(t *testing.T, walk func(t *testing.T, city *apptest.City, language string,
	screen func() *apptest.Screen)) {
	t.Helper()
	for _, language := range []string{"zh", "en"} {
		for name, width := range map[string]int{"desk": apptest.Desk, "phone": apptest.Phone} {
			t.Run(language+"/"+name, func(t *testing.T) {
				city := apptest.Open(t, t.TempDir()+"/terrace.db").Populate()
				walk(t, city, language, func() *apptest.Screen { return city.NewScreen(t, width, language) })
			})
		}
	}
}
