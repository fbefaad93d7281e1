package counting_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/terrace-project/terrace/internal/app/apptest"
	"github.com/terrace-project/terrace/internal/modules/inventory/count"
)

// here lets the device of a screen be at a place.
const here = `navigator.geolocation.getCurrentPosition = (found) =>
	found({ coords: { latitude: 29.5628491, longitude: 106.5516433, accuracy: 8.2 } });`

func script(text string) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, runtime.Evaluate, runtime.EvaluateParams{Expression: text})
		return chromedp.Void{}, err
	}
}

// TestCountingInTheYard: on a phone, in both languages, with the position of the device.
func TestCountingInTheYard(t *testing.T) {
	v := open(t, apptest.Open(t, filepath.Join(t.TempDir(), "terrace.db")))
	for number, language := range []string{"zh", "en"} {
		w := v.row(int64(number + 1))
		s := v.NewScreen(t, apptest.Phone, language)
		s.SignIn(apptest.Login("accountant", v.index))
		s.Open(v.address("/count"))
		s.Sees(w.Name)
		s.Run(script(here), chromedp.Click(chromedp.CSS("[data-locate]"), chromedp.NodeVisible),
			chromedp.Click(chromedp.CSS(`.verdicts label:has([value="match"])`)))
		s.Fits()
		s.Picture("count-" + language)
		s.Press("form.counting button.main")
		s.Sees(v.row(w.Number + 1).Name)
		w = v.row(w.Number)
		if w.Verdict != count.Match || w.Latitude != 29_562_849 || w.Longitude != 106_551_643 {
			t.Errorf("%s: %+v", language, w)
		}
		for name, path := range map[string]string{"rows": "/rows", "row": "/rows/1", "new": "/rows/new",
			"sheet": "/sheet"} {
			s.Open(v.address("%s", path))
			s.Fits()
			s.Picture(name + "-" + language)
		}
	}
}
