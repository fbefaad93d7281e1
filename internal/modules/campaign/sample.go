package campaign

import (
	"context"
	"encoding/hex"
	"slices"

	"github.com/terrace-project/terrace/internal/modules/inventory"
	"github.com/terrace-project/terrace/internal/modules/inventory/count"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// seedSize is the number of random bytes a sample is drawn from.
const seedSize = 16

type sampleBody struct {
	Seed  string `json:"seed"`
	Share int64  `json:"share_0001"`
	From  int    `json:"from"`
	Drawn int    `json:"drawn"`
}

// DrawSample draws the organisations whose check is counted again, once a campaign: from all checks
// there are, by a random seed that is stored and published. It returns how many were drawn.
func (m *Campaigns) DrawSample(ctx context.Context, actor access.Actor, home int64, year int) (drawn int,
	err error) {
	err = m.host.Store.Write(ctx, func(tx *store.Tx) error {
		c, err := Get(tx, home, year)
		if err != nil {
			return err
		}
		if err := m.host.Access.Require(actor, inventory.MaySample, c.Place); err != nil {
			return err
		}
		if c.State != Open {
			return fault.New(fault.Conflict, "campaign.not_open", year)
		}
		if c.Sampled != "" {
			return fault.New(fault.Conflict, "campaign.sampled_twice", string(c.Sampled))
		}
		seed := make([]byte, seedSize)
		tx.Random(seed)
		c.SampleSeed, c.Sampled = hex.EncodeToString(seed), tx.Now().Date()
		if err := campaigns.Update(tx, &c); err != nil {
			return err
		}
		all, err := inventory.Running(tx, home, year)
		if err != nil {
			return err
		}
		if drawn, err = inventory.Sampled(tx, all, count.Sample(seed, organisations(all),
			c.SampleShare)); err != nil {
			return err
		}
		_, err = tx.Record(store.Event{Home: home, Kind: "campaign.sampled", Subject: subject(year),
			Place: c.Place,
			Actor: actor.Account, Body: sampleBody{c.SampleSeed, c.SampleShare, len(all), drawn}})
		return err
	})
	return drawn, err
}

func organisations(all []inventory.Check) []int64 {
	ids := make([]int64, len(all))
	for i, c := range all {
		ids[i] = c.Organisation
	}
	return ids
}

// checkSamples draws every sample again and compares it with what is marked.
func (m *Campaigns) checkSamples(ctx context.Context, report func(fault.Finding)) error {
	return m.host.Store.View(ctx, func(v *store.View) error {
		all, err := campaigns.All(v, "WHERE sample_seed <> '' ORDER BY home, year")
		if err != nil {
			return err
		}
		for _, c := range all {
			fits, err := redrawn(v, c)
			if err != nil {
				return err
			}
			if !fits {
				report(fault.Wrong("campaign.verify.sample", m.places.Name(c.Place), c.Year))
			}
		}
		return nil
	})
}

// redrawn reports whether drawing a campaign's sample again gives what is marked.
func redrawn(r store.Reader, c Campaign) (bool, error) {
	from, err := inventory.Concerned(r, c.Home, c.Year)
	if err != nil {
		return false, err
	}
	seed, err := hex.DecodeString(c.SampleSeed)
	if err != nil {
		return false, nil
	}
	var marked []int64
	for _, one := range from {
		if one.Sample == inventory.Drawn {
			marked = append(marked, one.Organisation)
		}
	}
	slices.Sort(marked)
	return slices.Equal(marked, count.Sample(seed, organisations(from), c.SampleShare)), nil
}
