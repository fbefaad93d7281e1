package inventory

import (
	"fmt"
	"strconv"

	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

// Procedure is the procedure of a check.
const Procedure = "annual-check"

func checkSubject(id int64) string { return "check/" + strconv.FormatInt(id, 10) }

// Opening is what a campaign says of the checks it opens.
type Opening struct {
	Year      int
	Reference period.Date
	Sample    Sample // Late once the county's sample has been drawn
}

// Open opens the check of an organisation, unless it has one of that year: the case, and the rows of
// its ledger. It reports whether it did. The caller has asked for permission.
func (n *Inventory) Open(tx *store.Tx, actor access.Actor, o registry.Organisation, as Opening) (bool,
	error) {
	_, found, err := checks.First(tx, "WHERE home = ? AND year = ? AND organisation = ?", o.Home, as.Year,
		o.ID)
	if err != nil || found {
		return false, err
	}
	c := Check{Home: o.Home, Year: as.Year, Organisation: o.ID, Place: o.Place, Level: o.Level,
		Name:      o.Name,
		Reference: as.Reference, Sample: as.Sample, Stage: Counting}
	if c.ID, err = tx.NextID(o.Home, "inventory_check"); err != nil {
		return false, err
	}
	file, err := n.host.Procedures.Open(tx, actor, procedure.Opening{Procedure: Procedure, Home: o.Home,
		Place: o.Place, Subject: checkSubject(c.ID), Year: as.Year, Title: words.Words{
			Chinese: fmt.Sprintf("%s %d 年度资产清查", o.Name, as.Year),
			English: fmt.Sprintf("Inventory check %d of %s", as.Year, o.Name)}})
	if err != nil {
		return false, err
	}
	c.Case = file.ID
	list, err := n.ledger(tx, c)
	if err != nil {
		return false, err
	}
	c.Rows = int64(len(list))
	if err := checks.Insert(tx, &c); err != nil {
		return false, err
	}
	return true, rows.Bulk(tx, list)
}
