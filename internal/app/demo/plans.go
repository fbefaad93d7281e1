package demo

import (
	"github.com/terrace-project/terrace/internal/app/demo/invent"
	"github.com/terrace-project/terrace/internal/app/demo/tally"
	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/pure/division"
)

// plan is how far the check of an organisation comes, and what goes wrong on the way.
type plan struct {
	key   string
	until inventory.Stage // where it stands on the last day
	late  bool            // counted at the end of February only
	again bool            // returned once
	spoil tally.Spoil     // what is wrong with its count; nil: nothing
	told  bool            // it is in the answer key, as check_KEY
}

// The plans that others refer to.
var (
	smooth    = plan{key: "smooth", until: inventory.Approved}
	untouched = plan{key: "untouched", until: inventory.Counting}
	begun     = plan{key: "begun", until: inventory.Counting}
	counted   = plan{key: "counted", until: inventory.Counting}
	called    = plan{key: "called", until: inventory.AtVote}
	clean     = plan{key: "clean", until: inventory.InReview}
	waiting   = plan{key: "waiting", until: inventory.AtCounty}
	onNotice  = plan{key: "on_notice", until: inventory.OnNotice, late: true}
	differs   = plan{key: "differs", until: inventory.AtCounty, told: true}
	sampled   = plan{key: "sampled", until: inventory.AtCounty, told: true}
)

// courses are all plans but smooth and those that follow from the sample. Those who are behind in a
// county get them in turn, going on from county to county, so that even a small city has all.
var courses = []plan{
	begun,
	{key: "balance", until: inventory.InReview, spoil: (*tally.Tally).Unbalance, told: true},
	{key: "objected", until: inventory.OnNotice, late: true, told: true},
	{key: "no_quorum", until: inventory.AtVote, told: true},
	{key: "upheld", until: inventory.Counting, again: true, told: true},
	{key: "misused", until: inventory.InReview, spoil: (*tally.Tally).Misuse, told: true},
	waiting,
	{key: "photographed", until: inventory.Approved},
	{key: "dismissed", until: inventory.OnNotice, late: true, told: true},
	{key: "arable", until: inventory.InReview, spoil: (*tally.Tally).MeasureMore, told: true},
	untouched,
	{key: "sent_back", until: inventory.Counting, again: true, spoil: (*tally.Tally).Unbalance, told: true},
	{key: "no_document", until: inventory.InReview, spoil: (*tally.Tally).LoseDocument, told: true},
	{key: "round_two", until: inventory.InReview, again: true, told: true},
	onNotice,
	{key: "no_contract", until: inventory.InReview, spoil: (*tally.Tally).LetWithoutContract, told: true},
	{key: "outvoted", until: inventory.AtVote, told: true},
	{key: "unsettled", until: inventory.InReview, spoil: (*tally.Tally).Dispute, told: true},
	counted,
	{key: "unposted", until: inventory.OnNotice, late: true},
	called,
	clean,
}

// behind are the plans of the others who are behind, with how likely each is.
var behind = []struct {
	plan
	weight int
}{{untouched, 60}, {begun, 120}, {counted, 90}, {onNotice, 160}, {called, 150}, {clean, 190}, {waiting,
	230}}

// ofBooks are the checks that come to the township with a fault that stands in the books already.
var ofBooks = map[string]plan{
	"twin_parcel":      {key: "twice", until: inventory.InReview, told: true},
	"twin_certificate": {key: "twice", until: inventory.InReview, told: true},
	"survey_exceeded":  {key: "arable", until: inventory.InReview, told: true},
	"no_contract":      {key: "no_contract", until: inventory.InReview, told: true},
}

// pace is how far a county comes.
type pace int

const (
	working   pace = iota
	compiling      // all is approved, its roll-up has begun
	submitted      // its roll-up waits for the city
	locked         // the city has accepted it
)

// finished are the counties that are done, by their order in a city of many. The first is the one whose
// people are printed: there everybody has something to do.
var finished = map[int]pace{4: locked, 9: compiling, 14: submitted, 19: locked}

// paceOf is how far a county comes: of a few, the last two are done.
func paceOf(number, of int) pace {
	switch {
	case of >= 20:
		return finished[number]
	case of > 2 && number == of-1:
		return locked
	case of > 3 && number == of-2:
		return submitted
	}
	return working
}

// lags are of how many thousand checks a county is behind.
var lags = []int{350, 220, 420, 130, 300, 560, 260, 180, 480, 330, 90}

// assign gives the checks of a county their plans. number is the county's among all.
func (k *checking) assign(number int, list []*task) {
	if k.paces[list[0].Home] != working {
		for _, t := range list {
			t.plan = smooth
		}
		return
	}
	flawed := k.flawed()
	lag, special, own := lags[number%len(lags)], 0, 0
	for i, t := range list {
		d := k.lot("pace", t)
		late := d.PerMille(lag) || special == 0 && i == len(list)-1 // somebody is behind everywhere
		one, known := flawed[t.organisation()]
		switch {
		case known:
			t.plan, t.facts = one.plan, one.facts
		case k.inShown(t) && len(shown) > own:
			t.plan = shown[own]
			own++
		case !late:
			t.plan = smooth
		case special < len(courses):
			t.plan = courses[k.next%len(courses)]
			k.next++
			special++
		default:
			t.plan = anyBehind(d)
		}
	}
}

// shown are the plans of the village whose people are printed: each of them finds something to do.
var shown = []plan{begun, {key: "objected", until: inventory.OnNotice, late: true, told: true}, called,
	{key: "misused", until: inventory.InReview, spoil: (*tally.Tally).Misuse, told: true}, waiting}

func (k *checking) inShown(t *task) bool {
	village := k.Modules.Places.Ancestor(t.Place, division.Village)
	m, found := k.Cast.Holder("village_accountant", village)
	return found && m.Example
}

func anyBehind(d *invent.Draw) plan {
	weights := make([]int, len(behind))
	for i, b := range behind {
		weights[i] = b.weight
	}
	return behind[d.Weighted(weights...)].plan
}
