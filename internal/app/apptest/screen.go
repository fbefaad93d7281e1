package apptest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/terrace-project/terrace/internal/platform/identity"
	"github.com/terrace-project/terrace/internal/platform/web"
)

// The variables of tests in a real browser.
const (
	ChromiumVariable    = "TERRACE_TEST_CHROMIUM"    // the program; unset: such tests are skipped
	ScreenshotsVariable = "TERRACE_TEST_SCREENSHOTS" // folder that keeps the pictures; unset: a temporary one
)

// Widths of a screen in CSS pixels.
const (
	Desk  = 1280
	Phone = 390
)

// Screen is somebody at a real browser.
type Screen struct {
	t        testing.TB
	ctx      context.Context
	base     string
	pictures string
	mu       sync.Mutex
	problems []string // what scripts complained of
}

// NewScreen opens a browser window of a width in a language, or skips the test.
func (c *City) NewScreen(t testing.TB, width int, language string) *Screen {
	t.Helper()
	return ScreenAt(t, c.Serve(), width, language)
}

// ScreenAt is NewScreen for a server that runs by itself.
func ScreenAt(t testing.TB, base string, width int, language string) *Screen {
	t.Helper()
	program := os.Getenv(ChromiumVariable)
	if program == "" {
		t.Skipf("needs a browser: set %s to a Chromium", ChromiumVariable)
	}
	pictures := os.Getenv(ScreenshotsVariable)
	if pictures == "" {
		pictures = t.TempDir()
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(program),
		chromedp.NoSandbox, chromedp.Flag("lang", language), chromedp.Flag("disable-dev-shm-usage", true))
	allocator, free := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, end := chromedp.NewContext(allocator)
	t.Cleanup(func() { end(); free() })
	s := &Screen{t: t, ctx: ctx, base: base, pictures: pictures}
	address, err := url.Parse(s.base)
	if err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Listen(ctx, s.listen); err != nil { // starts the browser
		t.Fatal(err)
	}
	s.Run(chromedp.EmulateViewport(int64(width), 900))
	_, err = chromedp.Call(ctx, network.SetCookie, network.SetCookieParams{Name: web.LanguageCookie,
		Value:  language,
		Domain: address.Hostname(), Path: "/"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// listen hears what scripts complain of.
func (s *Screen) listen(event any) {
	if e, ok := event.(*runtime.EventExceptionThrown); ok && e.ExceptionDetails != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.problems = append(s.problems, e.ExceptionDetails.Text)
	}
}

// patience is how long a step may take before it counts as stuck.
const patience = 30 * time.Second

// Run does things in the browser and stops the test at the first that fails.
func (s *Screen) Run(actions ...chromedp.Action[chromedp.Void]) {
	s.t.Helper()
	ctx, stop := context.WithTimeout(s.ctx, patience)
	defer stop()
	if err := chromedp.Do(ctx, actions...); err != nil {
		s.stuck(err)
	}
}

// stuck ends the test with what the page says.
func (s *Screen) stuck(err error) {
	s.t.Helper()
	where, _ := chromedp.Run(s.ctx, chromedp.Location())
	body, _ := chromedp.Run(s.ctx, chromedp.Evaluate[string](`document.body.innerText`))
	s.Picture("failed")
	s.t.Fatalf("at %s: %v\n%.900s", where, err, body)
}

// ask evaluates something in the page.
func ask[T any](s *Screen, expression string) T {
	s.t.Helper()
	ctx, stop := context.WithTimeout(s.ctx, patience)
	defer stop()
	answer, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		s.stuck(err)
	}
	return answer
}

// SignIn signs somebody in.
func (s *Screen) SignIn(login string) {
	s.t.Helper()
	s.SignInWith(login, Password)
}

// SignInWith signs somebody in with a password of their own.
func (s *Screen) SignInWith(login, password string) {
	s.t.Helper()
	s.Open("/sign-in")
	s.Fill("login", login)
	s.Fill("password", password)
	s.Press(`form[action="/sign-in"] button`)
}

// SignOut ends the session by forgetting its cookie.
func (s *Screen) SignOut() {
	s.t.Helper()
	_, err := chromedp.Call(s.ctx, network.DeleteCookies,
		network.DeleteCookiesParams{Name: identity.CookieName, URL: s.base})
	if err != nil {
		s.stuck(err)
	}
}

// Open opens a page and waits until it is there.
func (s *Screen) Open(path string) {
	s.t.Helper()
	ctx, stop := context.WithTimeout(s.ctx, patience)
	defer stop()
	answer, err := chromedp.Run(ctx, chromedp.NavigateResponse(s.base+path))
	if err == nil && answer.Status >= 400 {
		err = fmt.Errorf("%s answers %d", path, answer.Status)
	}
	if err != nil {
		s.stuck(err)
	}
	s.Run(chromedp.WaitReady(chromedp.CSS("main")))
}

// Fill types into a field by its name.
func (s *Screen) Fill(name, value string) {
	s.t.Helper()
	s.FillAt(`[name="`+name+`"]`, value)
}

// FillAt types into the field that a selector finds.
func (s *Screen) FillAt(selector, value string) {
	s.t.Helper()
	s.Run(chromedp.SetValue(chromedp.CSS(selector), value))
}

// Press clicks on something that leads to another page, and waits for that page.
func (s *Screen) Press(selector string) {
	s.t.Helper()
	ctx, stop := context.WithTimeout(s.ctx, patience)
	defer stop()
	answer, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
	if err == nil && answer.Status >= 400 {
		err = fmt.Errorf("%s leads to a page with status %d", selector, answer.Status)
	}
	if err != nil {
		s.stuck(fmt.Errorf("%s: %w", selector, err))
	}
	s.Run(chromedp.WaitReady(chromedp.CSS("main")))
}

// Unfold opens a folded part of a page, that in which the selector finds something.
func (s *Screen) Unfold(selector string) {
	s.t.Helper()
	ask[bool](s, `document.querySelector(`+quoted(selector)+`).closest('details').open = true`)
}

func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `\'`) + "'" }

// Text is what a part of the page says.
func (s *Screen) Text(selector string) string {
	s.t.Helper()
	return ask[string](s, `document.querySelector(`+quoted(selector)+`).innerText`)
}

// Sees demands that the page says something.
func (s *Screen) Sees(words ...string) {
	s.t.Helper()
	text := s.Text("body")
	for _, w := range words {
		if !strings.Contains(text, w) {
			s.Picture("failed")
			s.t.Errorf("the page does not say %q:\n%.900s", w, text)
		}
	}
}

// Fits demands that nothing is wider than the screen, and that no script failed.
func (s *Screen) Fits() {
	s.t.Helper()
	over := ask[float64](s, `document.documentElement.scrollWidth - document.documentElement.clientWidth`)
	if over > 0 {
		s.t.Errorf("the page is %v pixels wider than the screen", over)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.problems) > 0 {
		s.t.Errorf("scripts failed: %v", s.problems)
		s.problems = nil
	}
}

// Picture saves the whole page as NAME.png, after looking that it fits.
func (s *Screen) Picture(name string) {
	s.t.Helper()
	picture, err := chromedp.Run(s.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		s.t.Errorf("no picture of %s: %v", name, err)
		return
	}
	if err := os.MkdirAll(s.pictures, 0o755); err != nil {
		s.t.Fatal(err)
	}
	file := filepath.Join(s.pictures, strings.ReplaceAll(s.t.Name(), "/", "-")+"-"+name+".png")
	if err := os.WriteFile(file, picture, 0o644); err != nil {
		s.t.Fatal(err)
	}
}

// Has reports whether something is on the page.
func (s *Screen) Has(selector string) bool {
	s.t.Helper()
	return ask[bool](s, `document.querySelector(`+quoted(selector)+`) !== null`)
}

// Choose marks a radio button, or an option of a list, by its value.
func (s *Screen) Choose(name, value string) {
	s.t.Helper()
	ask[bool](s, `(() => { const e = document.querySelector('[name="`+name+`"][value="`+value+`"]');
		if (e) { e.checked = true; return true }
		document.querySelector('select[name="`+name+`"]').value = '`+value+`'; return true })()`)
}
