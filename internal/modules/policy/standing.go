package policy

import (
	"math"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/rating/path"
)

// places are the decimals that ratios of the arithmetic are shown with where a series has none of its own.
const places = 3

// shown writes a figure with the decimals of the series, at least three: paths and forecasts lie between.
func (s *Study) shown(x float64) string { return plainly(x, max(s.Decimals, places)) }

func plainly(x float64, decimals int) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return ""
	}
	return strconv.FormatFloat(x, 'f', decimals, 64)
}

// percent shows a share: .0614 is 6.14%.
func percent(x float64) string { return plainly(x*100, 2) + "%" }

// share shows a share in whole per cents: .8 is 80%.
func share(x float64) string { return plainly(x*100, 0) + "%" }

// chance shows how likely something is; nothing that is guessed is certain.
func chance(x float64) string {
	switch {
	case x > .99:
		return ">99%"
	case x < .01:
		return "<1%"
	}
	return share(x)
}

// signed shows a part of a ratio with its sign; a part that rounds to nothing has none.
func signed(x float64) string {
	text := plainly(x, 4)
	if strings.Trim(text, "-0.") == "" {
		return "0.0000"
	}
	if x > 0 {
		return "+" + text
	}
	return text
}

// changing shows a step a year: of a geometric path per cents, of a linear one the difference.
func (s *Study) changing(step float64) string {
	if s.Shape == path.Linear {
		text := s.shown(step)
		if step > 0 {
			return "+" + text
		}
		return text
	}
	text := percent(step - 1)
	if step > 1 {
		return "+" + text
	}
	return text
}

// texter gives the text of a key in some language.
type texter func(key string, args ...any) string

// joined are sentences one after another.
func joined(t texter, sentences ...string) (text string) {
	for i, one := range sentences {
		if i == 0 {
			text = one
			continue
		}
		text = t("policy.joined", text, one)
	}
	return text
}

// standing says in one or two sentences where the city stands and where its trends lead.
func (s *Study) standing(t texter) string {
	var all []string
	if now, known := s.now(); known {
		all = append(all, t("policy.stands."+string(now.Light), now.Year, s.shown(now.Actual),
			s.shown(now.Required), s.shown(math.Abs(now.Gap))))
	} else if len(s.Path) > 0 {
		all = append(all, t("policy.stands.none", s.From, s.shown(s.Path[0].Required)))
	}
	meets := 0
	for _, f := range s.Forecasts {
		if f.Meets {
			meets++
		}
	}
	switch {
	case len(s.Forecasts) == 0:
	case len(s.Forecasts) == 1:
		key := "policy.leads.one.short"
		if meets == 1 {
			key = "policy.leads.one.meets"
		}
		f := s.Forecasts[0]
		all = append(all, t(key, s.To, t("policy.forecast."+string(f.Model)), s.shown(f.End.Median), s.Aim))
	default:
		key := [3]string{"policy.leads.short", "policy.leads.split", "policy.leads.meets"}[meets]
		all = append(all, t(key, s.To, s.shown(s.Forecasts[0].End.Median),
			s.shown(s.Forecasts[1].End.Median), s.Aim))
	}
	return joined(t, all...)
}
