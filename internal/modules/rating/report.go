package rating

import (
	"html/template"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/rating/score"
	"github.com/terrace-project/terrace/internal/platform/locale"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// The limits of a report, in rows; the tables beside it are whole.
const (
	reportAreasMax   = 1_000
	reportChangesMax = 1_000
	reportPartsMax   = 12 // columns beside the score
	scoreBar         = 160
	weightBar        = 120
)

// report is what the page of a run shows.
type report struct {
	Language, Title, Top       string
	Areas, Indicators, Dropped int
	Cut                        int // areas that are not shown
	Panel                      bool
	Chain                      []string
	Parts                      []reportNode
	Ranked                     []reportArea
	Weights                    []reportNode
	Notes                      []string // how weights came about
	Treated                    []reportTreatment
	Changes                    []reportChange
}

type reportNode struct {
	Code, Name, Parent, Weight, Effective string
	Level, Bar                            int
}

type reportArea struct {
	Rank, Bar               int
	Area, Name, Time, Score string
	Parts                   []string
}

type reportTreatment struct {
	Indicator, Time, Done, Skewness, Kurtosis string
	Moved                                     int
}

type reportChange struct{ Area, Time, Indicator, Step, From, To, Why, About string }

// texter is the dictionary in the language of a report.
type texter func(key string, args ...any) string

// report writes the run as report.html, which needs nothing beside it.
func (f folder) report(t *task, language locale.Language, text texter) error {
	page, err := template.New("report.html").Funcs(template.FuncMap{"t": text}).ParseFS(views,
		"views/report.html")
	if err != nil {
		return err
	}
	file, err := os.Create(filepath.Join(f.path, "report.html"))
	if err != nil {
		return fault.New(fault.Invalid, "rating.folder", f.path).Because(err)
	}
	err = page.Execute(file, reportOf(t, language, text))
	if later := file.Close(); err == nil {
		err = later
	}
	return err
}

func reportOf(t *task, language locale.Language, text texter) report {
	o := t.outcome
	r := report{Language: language.Tag(), Title: t.scheme.Title.In(language), Areas: len(o.Areas),
		Indicators: o.Indicators, Panel: panel(o), Chain: chain(t.scheme, text)}
	if r.Title == "" {
		r.Title = text("rating.report.title")
	}
	for _, a := range o.Screened {
		if !a.Included {
			r.Dropped++
		}
	}
	r.rank(o)
	for n, node := range o.Nodes {
		shown := reportNode{Code: node.Code, Name: node.Name, Level: node.Level,
			Weight:    shortFigure(o.Weights[n]),
			Effective: shown(100*o.Effective[n]) + " %", Bar: barOf(o.Effective[n], 0, 1, weightBar)}
		if node.Parent >= 0 {
			shown.Parent = o.Nodes[node.Parent].Code
		}
		r.Weights = append(r.Weights, shown)
	}
	for _, note := range o.Notes {
		r.Notes = append(r.Notes, text(note.Key, note.Args...))
	}
	for _, x := range o.Treatments {
		if x.Done == "" {
			continue
		}
		last := min(strings.Count(x.Done, "+")+1, 2)
		if x.Skewness[2] == x.Skewness[2] {
			last = 2
		}
		r.Treated = append(r.Treated, reportTreatment{x.Indicator, x.Time, worded(text, x.Done),
			shown(x.Skewness[0]) + " → " + shown(x.Skewness[last]),
			shown(x.Kurtosis[0]) + " → " + shown(x.Kurtosis[last]), x.Moved})
	}
	for _, c := range o.Changes {
		if len(r.Changes) == reportChangesMax {
			break
		}
		if c.Step == score.Denominating && c.Why == "divided" {
			continue // a whole column; the chain says so
		}
		r.Changes = append(r.Changes, reportChange{c.Area, c.Time, c.Indicator, text("rating.step." +
			string(c.Step)),
			shortFigure(c.From), shortFigure(c.To), worded(text, c.Why), c.About})
	}
	return r
}

// rank fills the table of areas, best first, each time of a panel after the other.
func (r *report) rank(o *score.Outcome) {
	top := o.Top()
	if top < 0 || o.Rules[top].Method == "" {
		return
	}
	r.Top = o.Nodes[top].Code
	var parts []int
	for n := o.Indicators; n < len(o.Nodes); n++ {
		if n != top && o.Rules[n].Method != "" {
			parts = append(parts, n)
		}
	}
	slices.SortStableFunc(parts, func(a, b int) int { return o.Nodes[b].Level - o.Nodes[a].Level })
	parts = parts[:min(len(parts), reportPartsMax)]
	for _, n := range parts {
		r.Parts = append(r.Parts, reportNode{Code: o.Nodes[n].Code, Name: o.Nodes[n].Name})
	}
	low, high := 0.0, 0.0
	order := make([]int, 0, len(o.Areas))
	for row, x := range o.Scores[top] {
		if o.Ranks[top][row] > 0 {
			order = append(order, row)
			low, high = min(low, x), max(high, x)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if r.Panel && o.Times[a] != o.Times[b] {
			return a - b
		}
		return o.Ranks[top][a] - o.Ranks[top][b]
	})
	r.Cut = max(len(order)-reportAreasMax, 0)
	for _, row := range order[:len(order)-r.Cut] {
		a := reportArea{Rank: o.Ranks[top][row], Area: o.Areas[row], Name: nameOf(o, row),
			Score: shown(o.Scores[top][row]), Bar: barOf(o.Scores[top][row], low, high, scoreBar)}
		if o.Times != nil {
			a.Time = o.Times[row]
		}
		for _, n := range parts {
			a.Parts = append(a.Parts, shown(o.Scores[n][row]))
		}
		r.Ranked = append(r.Ranked, a)
	}
}

// worded says names of methods and reasons in words, with what stands behind a name as it is: of
// winsorise+log_CT and minmax:0:100 the names before the colons.
func worded(text texter, said string) string {
	var words []string
	for _, name := range strings.Split(said, "+") {
		name, parameters, some := strings.Cut(name, ":")
		word := text("rating.word." + name)
		if some {
			word += " " + parameters
		}
		words = append(words, word)
	}
	return strings.Join(words, " + ")
}

// barOf is the length of a bar of a figure between two others.
func barOf(x, low, high float64, length int) int {
	if !(high > low) || x != x {
		return 0
	}
	return int(max(0, min((x-low)/(high-low), 1))*float64(length) + 0.5)
}

// shortFigure writes a figure with six digits.
func shortFigure(x float64) string {
	if x != x {
		return "–"
	}
	return strconv.FormatFloat(x, 'g', 6, 64)
}

// chain says the method step by step.
func chain(s score.Scheme, text texter) (steps []string) {
	add := func(key string, args ...any) { steps = append(steps, text(key, args...)) }
	if s.Denominate {
		add("rating.chain.denominate")
	}
	if i := s.Impute; i != nil {
		about := i.Group
		if i.Method == score.ImputeRow && i.Level > 0 {
			about = strconv.Itoa(i.Level)
		}
		add("rating.chain.impute", worded(text, strings.TrimSuffix(i.Method+":"+about, ":")))
	}
	if x := s.Screen; x != nil {
		add("rating.chain.screen", x.Availability)
	}
	if x := s.Treat; x != nil {
		add("rating.chain.treat", treatmentWords(*x, text))
	}
	if n := s.Normalise; n != nil {
		add("rating.chain.normalise", worded(text, normaliseWords(*n)))
	}
	var weights, means []string
	for _, w := range s.Weights {
		weights = append(weights, weightWords(w, text))
	}
	if len(weights) == 0 {
		weights = []string{worded(text, score.GivenWeights)}
	}
	add("rating.chain.weights", strings.Join(weights, ", "))
	threshold := 0.0
	for _, a := range s.Aggregate {
		word := a.Method
		if a.Method == score.Generalised {
			word += ":" + cell(a.Power)
		}
		means, threshold = append(means, worded(text, word)), max(threshold, a.Threshold)
	}
	if len(means) > 0 {
		add("rating.chain.aggregate", strings.Join(means, ", "))
	}
	if threshold > 0 {
		add("rating.chain.threshold", threshold)
	}
	return steps
}

// weightWords says a method of weights, of a combination with its parts.
func weightWords(w score.Weighting, text texter) string {
	said := worded(text, w.Method)
	if len(w.Of) == 0 {
		return said
	}
	var parts []string
	for _, part := range w.Of {
		parts = append(parts, weightWords(part, text))
	}
	return said + " (" + worded(text, w.How) + ": " + strings.Join(parts, " + ") + ")"
}

// treatmentWords and normaliseWords say a step as the command line does.
func treatmentWords(t score.Treat, text texter) string {
	first, second := t.First, t.Second
	if first == "" {
		first = score.Winsorise
	}
	if first == score.Winsorise && t.WinMax > 0 {
		first += ":" + strconv.Itoa(t.WinMax)
	}
	if second == "" {
		second = score.LogCT
	}
	for _, word := range []*string{&first, &second} {
		if *word == score.BoxCox {
			*word += ":" + cell(t.Lambda)
		}
	}
	first, second = worded(text, first), worded(text, second)
	if t.Always {
		return first
	}
	if t.Combine {
		second += ", " + text("rating.word.combine")
	}
	return first + ", " + second
}

func normaliseWords(n score.Normalise) string {
	words := []string{n.Method}
	switch n.Method {
	case score.MinMax:
		if n.Low == 0 && n.High == 0 {
			n.High = 100
		}
		words = append(words, cell(n.Low), cell(n.High))
	case score.ZScore:
		if n.Deviation == 0 {
			n.Deviation = 1
		}
		words = append(words, cell(n.Mean), cell(n.Deviation))
	case score.Scaled:
		words = append(words, cell(n.Low), cell(n.High), cell(n.Factor))
	case score.DistanceRef:
		words = append(words, n.Reference)
	case score.Goalposts:
		if n.Factor != 0 {
			words = append(words, cell(n.Factor))
		}
	}
	return strings.Join(words, ":")
}
