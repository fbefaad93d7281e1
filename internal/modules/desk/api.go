package desk

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/procedure"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/decision"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/flow"
	"github.com/terrace-project/terrace/internal/pure/period"
	"github.com/terrace-project/terrace/internal/pure/words"
)

type tagView struct {
	Tag        string
	Operations []api.Operation
}

// apiPage lists the operations for people; programs read the description.
func (d *Desk) apiPage(r *web.Request) (web.Answer, error) {
	byTag := map[string][]api.Operation{}
	for _, op := range d.host.API.Operations() {
		byTag[op.Tag] = append(byTag[op.Tag], op)
	}
	var tags []tagView
	for tag, operations := range byTag {
		tags = append(tags, tagView{tag, operations})
	}
	slices.SortFunc(tags, func(a, b tagView) int { return strings.Compare(a.Tag, b.Tag) })
	return web.View("desk/api", web.Page{Title: r.T("web.api"), Data: tags}), nil
}

// caseBody is a case as programs see it.
type caseBody struct {
	Home      int64       `json:"home"`
	ID        int64       `json:"id"`
	Version   int64       `json:"version"`
	Procedure string      `json:"procedure"`
	Subject   string      `json:"subject"`
	Place     int64       `json:"place"`
	Title     words.Words `json:"title"`
	Year      int         `json:"year"`
	Status    flow.Status `json:"status"`
	Step      string      `json:"step"`
	Round     int         `json:"round"`
	Due       period.Date `json:"due,omitempty" doc:"The day by which the step is due; absent if never."`
	Why       string      `json:"why,omitempty" doc:"Why it is in the inbox."`
}

func bodyOf(row procedure.Row, why procedure.Why) caseBody {
	b := caseBody{row.Home, row.ID, row.Version, row.Procedure, row.Subject, row.Place, row.Title(),
		row.Year, row.Status,
		row.Step, row.Round, row.Due, string(why)}
	if row.Due == period.Open {
		b.Due = ""
	}
	return b
}

// CaseInput names a case. It is exported because embedded fields are filled only so.
type CaseInput struct {
	Home int64 `path:"home" minimum:"0"`
	ID   int64 `path:"id" minimum:"1"`
}

type caseOutput struct {
	ETag string `header:"ETag"`
	Body caseBody
}

type actInput struct {
	CaseInput
	api.Matching
	Body actBody
}

// actBody is what is to be done.
type actBody struct {
	Verb     string           `json:"verb" maxLength:"20" doc:"submit, approve, return … as the case offers."`
	Reason   string           `json:"reason,omitempty" maxLength:"2000"`
	To       string           `json:"to,omitempty" maxLength:"100" doc:"return: the step."`
	Accounts []int64          `json:"accounts,omitempty" maxItems:"20" doc:"transfer, add, drop: whom."`
	Need     int              `json:"need,omitempty" minimum:"0" maximum:"20" doc:"add: how many; 0 all."`
	Record   *decision.Record `json:"record,omitempty" doc:"decide: what the minutes say."`
}

func (d *Desk) endpoints(a *api.API) {
	api.Add(a, api.Operation{Method: http.MethodGet, Path: "/inbox", ID: "listInbox", Tag: "desk",
		Access:  web.SignedIn(),
		Summary: "What waits for you, soonest due first."}, d.apiInbox)
	api.Add(a, api.Operation{Method: http.MethodGet, Path: "/cases/{home}/{id}", ID: "getCase", Tag: "desk",
		Access: web.SignedIn(), Summary: "A case of any procedure."}, d.apiCase)
	api.Add(a, api.Operation{Method: http.MethodPost, Path: "/cases/{home}/{id}/acts", ID: "actOnCase",
		Tag:    "desk",
		Access: web.SignedIn(), Summary: "Act on a case at the version you read."}, d.apiAct)
	api.Add(a, api.Operation{Method: http.MethodGet, Path: "/notices", ID: "listNotices", Tag: "desk",
		Access:  web.Public(),
		Summary: "What is on public notice, soonest end first."}, d.apiNotices)
}

func (d *Desk) apiInbox(ctx context.Context, in *struct {
	api.Paged
	Procedure string `query:"procedure" maxLength:"100"`
}) (*api.List[caseBody], error) {
	after, err := web.DecodeCursor(in.After)
	if err != nil {
		return nil, err
	}
	q := procedure.InboxQuery{Procedure: in.Procedure, Limit: in.Limit + 1}
	if after != "" {
		if q.After, err = inboxKey(after); err != nil {
			return nil, err
		}
	}
	items, err := store.Read(ctx, d.host.Store, func(v *store.View) ([]procedure.Item, error) {
		return d.host.Procedures.Inbox(v, access.From(ctx), q)
	})
	if err != nil {
		return nil, err
	}
	next := ""
	if len(items) > in.Limit {
		items = items[:in.Limit]
		next = cursorOf(items[in.Limit-1].Key())
	}
	var rows []caseBody
	for _, i := range items {
		rows = append(rows, bodyOf(i.Row, i.Why))
	}
	return api.Listed(in.Paged, rows, next), nil
}

func cursorOf(k procedure.InboxKey) string {
	return strings.Join([]string{string(k.Due), strconv.FormatInt(k.Home, 10), strconv.FormatInt(k.ID, 10)},
		" ")
}

func (d *Desk) apiCase(ctx context.Context, in *CaseInput) (*caseOutput, error) {
	f, err := store.Read(ctx, d.host.Store, func(v *store.View) (procedure.File, error) {
		f, err := d.host.Procedures.Load(v, procedure.Ref{Home: in.Home, ID: in.ID})
		if err != nil {
			return f, err
		}
		return f, d.visible(v, access.From(ctx), f)
	})
	if err != nil {
		return nil, err
	}
	return &caseOutput{ETag: api.ETag(f.Version), Body: bodyOf(f.Row, "")}, nil
}

func (d *Desk) apiAct(ctx context.Context, in *actInput) (*caseOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	verb := flow.Verb(in.Body.Verb)
	if verb == flow.Object || verb == flow.Answer || verb == flow.Open || verb == flow.Escalate {
		return nil, fault.New(fault.Invalid, "flow.verb", in.Body.Verb)
	}
	f, err := d.host.Procedures.Do(ctx, access.From(ctx), procedure.Ref{Home: in.Home, ID: in.ID}, version,
		flow.Act{Verb: verb, Reason: in.Body.Reason, To: in.Body.To, Accounts: in.Body.Accounts,
			Need:   in.Body.Need,
			Record: in.Body.Record})
	if err != nil {
		return nil, err
	}
	return &caseOutput{ETag: api.ETag(f.Version), Body: bodyOf(f.Row, "")}, nil
}

// noticeBody is a posting as programs see it.
type noticeBody struct {
	Home   int64       `json:"home"`
	ID     int64       `json:"id"`
	Place  int64       `json:"place"`
	Title  words.Words `json:"title"`
	Posted period.Date `json:"posted"`
	Ends   period.Date `json:"ends"`
	Hash   string      `json:"sha256"`
}

func (d *Desk) apiNotices(ctx context.Context, in *api.Paged) (*api.List[noticeBody], error) {
	after, err := noticeKey(in.After)
	if err != nil {
		return nil, err
	}
	found, err := store.Read(ctx, d.host.Store, func(v *store.View) ([]procedure.NoticeRow, error) {
		return d.host.Procedures.NoticesUp(v, d.host.Access.Scope(access.Machine, ""), after, in.Limit+1)
	})
	if err != nil {
		return nil, err
	}
	next := ""
	if len(found) > in.Limit {
		found = found[:in.Limit]
		last := found[in.Limit-1]
		next = cursorOf(procedure.InboxKey{Due: last.Ends, Home: last.Home, ID: last.ID})
	}
	var rows []noticeBody
	for _, n := range found {
		rows = append(rows, noticeBody{n.Home, n.ID, n.Place, words.Words{Chinese: n.TitleZh,
			English: n.TitleEn},
			n.Posted, n.Ends, n.Hash})
	}
	return api.Listed(*in, rows, next), nil
}

// check proves the cases again for terrace verify.
func (d *Desk) check(ctx context.Context, report func(fault.Finding)) error {
	return d.host.Procedures.Check(ctx, report)
}
