package reporting

import (
	"slices"
	"strings"

	"github.com/terrace-project/terrace/internal/modules/reporting/form"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// ruleText is the text of a rule with the values of its cells in it: {cell} stands for a value.
func (f *Form) ruleText(key string, facts []string) words.Words {
	for _, r := range f.Rules {
		if r.Key == key {
			return words.Each(func(l words.Language) string { return inserted(r, facts, l) })
		}
	}
	return words.Plain(key)
}

func inserted(r form.Rule, facts []string, l words.Language) string {
	text := r.Text.In(l)
	for i, name := range r.Cells {
		if i < len(facts) {
			text = strings.ReplaceAll(text, "{"+name+"}", facts[i])
		}
	}
	return text
}

// TextOf explains a finding in words: the title of its cell and, of a rule, its text with the values.
func (f *Form) TextOf(one Finding) (cell, rule words.Words) {
	if i := f.Index(one.Cell); i >= 0 {
		cell = f.Cells[i].Title
	}
	if one.Layer == form.AcrossOf {
		var facts []string
		for _, fact := range FactsOf(one) {
			if text, ok := fact.(string); ok {
				facts = append(facts, text)
			}
		}
		rule = f.ruleText(one.Rule, facts)
	}
	return cell, rule
}

// Plain are the rules that speak of the named cells only and look back on nothing: those that a workbook
// or a page can ask by itself.
func (f *Form) Plain(cells []string) (all []form.Rule) {
	for _, r := range f.rules {
		uses := r.holds.Uses()
		if r.when != nil {
			uses = append(slices.Clone(uses), r.when.Uses()...)
		}
		whole := r.Back == 0
		for _, name := range append(uses, r.Cells...) {
			whole = whole && slices.Contains(cells, name)
		}
		if whole {
			all = append(all, r.Rule)
		}
	}
	return all
}
