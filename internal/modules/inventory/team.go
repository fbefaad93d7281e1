package inventory

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// nameColumn is the column under which members' names are sealed.
const nameColumn = "inventory_member.name"

// teamMax bounds a team.
const teamMax = 50

// Member is somebody of a check's team.
type Member struct {
	Role string
	Name string
}

// SetTeam records who counts. It replaces the team as a whole.
func (n *Inventory) SetTeam(ctx context.Context, actor access.Actor, ref Ref, team []Member) error {
	return n.host.Store.Write(ctx, func(tx *store.Tx) error { return n.SetTeamIn(tx, actor, ref, team) })
}

// SetTeamIn is SetTeam inside a transaction of the caller.
func (n *Inventory) SetTeamIn(tx *store.Tx, actor access.Actor, ref Ref, team []Member) error {
	kept, err := n.members(team)
	if err != nil {
		return err
	}
	c, _, err := n.counting(tx, actor, ref)
	if err != nil {
		return err
	}
	if err := n.replaceTeam(tx, ref, kept); err != nil {
		return err
	}
	_, err = tx.Record(store.Event{Home: c.Home, Kind: "check.team", Subject: checkSubject(c.ID),
		Place: c.Place,
		Actor: actor.Account, Body: teamBody{len(kept)}, Personal: commitments(kept)})
	return err
}

// members are those of a team who have a name, or the refusal.
func (n *Inventory) members(team []Member) (kept []Member, err error) {
	for _, m := range team {
		m.Name = strings.TrimSpace(m.Name)
		if m.Name == "" {
			continue
		}
		list, ok := n.Forms().Codes("team_role")
		if !ok || utf8.RuneCountInString(m.Name) > 50 {
			return nil, fault.New(fault.Invalid, "inventory.member")
		}
		if _, ok := list.Entry(m.Role, ""); !ok {
			return nil, fault.New(fault.Invalid, "inventory.member")
		}
		kept = append(kept, m)
	}
	if len(kept) > teamMax {
		return nil, fault.New(fault.TooLarge, "inventory.team_large", teamMax)
	}
	return kept, nil
}

type teamBody struct {
	Members int `json:"members"`
}

// commitments hide the names in the event, by position.
func commitments(team []Member) map[string]string {
	hidden := map[string]string{}
	for i, m := range team {
		hidden[strconv.Itoa(i+1)] = m.Role + " " + m.Name
	}
	return hidden
}

// replaceTeam updates the rows of the team in place: a key that was deleted is not used again.
func (n *Inventory) replaceTeam(tx *store.Tx, ref Ref, team []Member) error {
	old, err := members.All(tx, "WHERE home = ? AND inventory = ? ORDER BY number", ref.Home, ref.ID)
	if err != nil {
		return err
	}
	for i := range max(len(old), len(team)) {
		row := memberRow{Home: ref.Home, Check: ref.ID, Number: int64(i + 1), Name: []byte{}}
		if i < len(team) {
			row.Role = team[i].Role
			if row.Name, err = n.host.Keys.Seal(tx.Randomness(), nameColumn, team[i].Name); err != nil {
				return err
			}
		}
		if i >= len(old) {
			err = members.Insert(tx, &row)
		} else {
			row.Version = old[i].Version
			err = members.Update(tx, &row)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Team reads who counts.
func (n *Inventory) Team(r store.Reader, ref Ref) ([]Member, error) {
	list, err := members.All(r, "WHERE home = ? AND inventory = ? AND role <> '' ORDER BY number", ref.Home,
		ref.ID)
	if err != nil {
		return nil, err
	}
	team := make([]Member, len(list))
	for i, m := range list {
		team[i].Role = m.Role
		if team[i].Name, err = n.host.Keys.Open(nameColumn, m.Name); err != nil {
			return nil, err
		}
	}
	return team, nil
}
