package assets

import (
	"iter"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/store"
)

// liveOf are all live cards of an organisation, by number of card.
func liveOf(r store.Reader, home, organisation int64) iter.Seq2[Asset, error] {
	return func(yield func(Asset, error) bool) {
		const page = 500
		for after := ""; ; {
			cards, err := OfOrganisation(r, home, organisation, after, page)
			if err != nil {
				yield(Asset{}, err)
				return
			}
			for _, a := range cards {
				if after = a.Number; !yield(a, nil) {
					return
				}
			}
			if len(cards) < page {
				return
			}
		}
	}
}

// TwinsOf finds, of the live cards of an organisation, those whose parcel or certificate stands on another
// live card, wherever that is: the other's name by the number of the card.
func TwinsOf(r store.Reader, home, organisation int64) (map[int64]string, error) {
	own, err := store.All[telling](r, `SELECT id, parcel, certificate FROM asset
		WHERE home = ? AND organisation = ? AND state = 'live' AND (parcel <> '' OR certificate <> '')`, home,
		organisation)
	if err != nil {
		return nil, err
	}
	parcels, certificates := marked{}, marked{}
	for _, a := range own {
		parcels.add(a.Parcel, a.ID)
		certificates.add(a.Certificate, a.ID)
	}
	twins := map[int64]string{}
	err = parcels.others(r, home, `SELECT home, id, parcel AS mark, name FROM asset
		WHERE parcel <> '' AND state = 'live' AND parcel IN (?`, twins)
	if err == nil {
		err = certificates.others(r, home, `SELECT home, id, certificate AS mark, name FROM asset
			WHERE certificate <> '' AND state = 'live' AND certificate IN (?`, twins)
	}
	return twins, err
}

// telling is what tells a card's thing from others.
type telling struct {
	ID          int64  `db:"id"`
	Parcel      string `db:"parcel"`
	Certificate string `db:"certificate"`
}

// marked are cards by what tells a thing from others: its parcel or its certificate.
type marked map[string][]int64

func (m marked) add(mark string, card int64) {
	if mark != "" {
		m[mark] = append(m[mark], card)
	}
}

// bearer is a card that bears a mark.
type bearer struct {
	Home int64  `db:"home"`
	ID   int64  `db:"id"`
	Mark string `db:"mark"`
	Name string `db:"name"`
}

// others notes, for each card, the first other one with its mark. It asks for some hundred marks at once.
func (m marked) others(r store.Reader, home int64, query string, twins map[int64]string) error {
	const page = 400
	asked := make([]any, 0, page)
	ask := func() error {
		if len(asked) == 0 {
			return nil
		}
		found, err := store.All[bearer](r, query+strings.Repeat(", ?", len(asked)-1)+") ORDER BY home, id",
			asked...)
		asked = asked[:0]
		for _, other := range found {
			for _, card := range m[other.Mark] {
				if _, known := twins[card]; !known && (other.Home != home || other.ID != card) {
					twins[card] = other.Name
				}
			}
		}
		return err
	}
	for mark := range m {
		if asked = append(asked, mark); len(asked) == page {
			if err := ask(); err != nil {
				return err
			}
		}
	}
	return ask()
}
