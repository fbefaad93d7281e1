// Package cli is what the commands share: where they print, in which language, how they show
// tables, progress and refusals, and with which exit code they end.
package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
	"golang.org/x/text/width"

	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Console is where a command talks to its user.
type Console struct {
	Out        io.Writer
	Err        io.Writer
	In         io.Reader
	Dictionary *locale.Dictionary
	Language   locale.Language
}

// T is the text of a key.
func (c *Console) T(key string, args ...any) string {
	return c.Dictionary.Text(c.Language, key, args...)
}

// Say prints the text of a key on a line of its own.
func (c *Console) Say(key string, args ...any) { fmt.Fprintln(c.Out, c.T(key, args...)) }

// Table prints rows under headings in columns. A Chinese character takes the room of two letters.
func (c *Console) Table(headings []string, rows [][]string) {
	all := rows
	if len(headings) > 0 {
		all = append([][]string{headings}, rows...)
	}
	var widths []int
	for _, row := range all {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], Width(cell))
		}
	}
	for _, row := range all {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(cell)
			line.WriteString(strings.Repeat(" ", widths[i]-Width(cell)+columnGap))
		}
		fmt.Fprintln(c.Out, strings.TrimRight(line.String(), " "))
	}
}

// columnGap is the room between two columns.
const columnGap = 2

// Width is the room a text takes on a terminal, in letters.
func Width(text string) int {
	n := 0
	for _, r := range text {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n += 2
		default:
			if !unicode.In(r, unicode.Mn, unicode.Cf) {
				n++
			}
		}
	}
	return n
}

// Findings prints findings, one a line.
func (c *Console) Findings(findings []fault.Finding) {
	for _, f := range findings {
		fmt.Fprintf(
			c.Out,
			"%s  %s\n",
			c.T("severity."+string(f.Severity)),
			c.Dictionary.Finding(c.Language, f),
		)
	}
}

// Progress starts a bar and returns what moves it on: Progress("import", 700000)(done). It draws on the
// error stream, so that output can be piped; into a file or a pipe it writes a line for every tenth.
func (c *Console) Progress(text string, total int64) func(done int64) {
	if f, ok := c.Err.(*os.File); !ok || !term.IsTerminal(int(f.Fd())) {
		return c.tenths(text, total)
	}
	bar := progressbar.NewOptions64(
		total,
		progressbar.OptionSetWriter(c.Err),
		progressbar.OptionSetDescription(text),
		progressbar.OptionShowCount(),
		progressbar.OptionSetWidth(30),
		progressbar.OptionThrottle(200*time.Millisecond),
		progressbar.OptionShowIts(),
		progressbar.OptionSetPredictTime(
			true,
		),
		progressbar.OptionOnCompletion(func() { fmt.Fprintln(c.Err) }),
	)
	return func(done int64) {
		bar.Set64(done) //nolint:errcheck // a bar that cannot be drawn is no reason to stop
	}
}

// tenths tells in lines how far something is.
func (c *Console) tenths(text string, total int64) func(done int64) {
	var mutex sync.Mutex
	told := int64(0)
	return func(done int64) {
		mutex.Lock()
		defer mutex.Unlock()
		if tenth := done * 10 / max(total, 1); tenth > told {
			told = tenth
			fmt.Fprintf(c.Err, "%s: %d %% (%d/%d)\n", text, 10*tenth, done, total)
		}
	}
}

// exits are the exit codes of refusals, in one place. 1 is a bug or a broken machine, 2 a wrong
// call (cobra's own).
var exits = map[fault.Code]int{
	fault.Invalid: 3, fault.NotFound: 4, fault.Conflict: 5, fault.Stale: 5, fault.Forbidden: 6,
	fault.Unauthenticated: 6, fault.TooLarge: 7, fault.Unsupported: 7, fault.Limited: 8,
	fault.Unavailable: 8,
}

// Fail prints a refusal on the error stream and returns the exit code.
func (c *Console) Fail(err error) int {
	f := fault.Of(err)
	words := c.Dictionary.Explain(c.Language, f)
	fmt.Fprintf(c.Err, "%s\n  %s\n  %s\n", words.What, words.Rule, words.Next)
	for _, finding := range f.Findings {
		fmt.Fprintf(c.Err, "  - %s\n", c.Dictionary.Finding(c.Language, finding))
	}
	if f.Code == fault.Internal || f.Code == fault.Unavailable {
		if cause := f.Unwrap(); cause != nil {
			fmt.Fprintf(c.Err, "  (%v)\n", cause)
		}
	}
	if code, ok := exits[f.Code]; ok {
		return code
	}
	return 1
}

// LanguageFrom reads the language from the usual environment variables.
func LanguageFrom(environment func(string) string) locale.Language {
	for _, name := range []string{"TERRACE_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"} {
		value := environment(name)
		switch {
		case strings.HasPrefix(value, "zh"):
			return locale.Chinese
		case strings.HasPrefix(value, "en"):
			return locale.English
		}
	}
	return locale.English
}
