package contracts

import (
	"context"
	"net/http"

	"github.com/terrace-project/terrace/internal/modules/contracts/record"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/area"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// EntryBody is exported because embedded fields are described only so.
type EntryBody = record.ContractEntryBody

func enteredOf(b EntryBody) (Entry, error) {
	objects, readable := record.ReadObjects(b.Objects)
	if !readable {
		f := fault.Wrong("contracts.objects", ObjectsMax).At("", 0, "objects")
		return Entry{}, fault.New(fault.Invalid, "contracts.invalid").With([]fault.Finding{f})
	}
	return Entry{Objects: objects, Schedule: b.Phases, Owed: b.Owed, Document: b.Document,
		Contract: Contract{Number: b.Number, Name: b.Name, Kind: b.Kind, Party: b.Party,
			PartyKind: b.PartyKind, PartyCode: b.PartyCode, Related: b.Related, Signed: b.Signed,
			Area: area.Area(b.Area), PriceClass: b.PriceClass, Manner: b.Manner, Project: b.Project,
			Decision: b.Decision, DecisionBody: b.DecisionBody, Decided: b.Decided,
			DecisionValid: b.DecisionValid, DecisionShare: b.DecisionShare, Approval: b.Approval,
			Approved: b.Approved, HouseholdEnd: b.HouseholdEnd, BuyBack: b.BuyBack, Paper: b.Paper,
			ClaimsFrom: b.ClaimsFrom, Note: b.Note}}, nil
}

// contractBody is a contract as programs see it.
type contractBody struct {
	Home         int64       `json:"home"`
	ID           int64       `json:"id"`
	Version      int64       `json:"version"`
	Organisation int64       `json:"organisation"`
	State        State       `json:"state"`
	Begins       period.Date `json:"begins"`
	Ends         period.Date `json:"ends"`
	Yearly       money.Fen   `json:"yearly"`
	Total        money.Fen   `json:"total"`
	Received     money.Fen   `json:"received"`
	Overdue      money.Fen   `json:"overdue"`
	OverdueSince period.Date `json:"overdue_since,omitempty"`
	Held         money.Fen   `json:"deposit_held,omitempty" doc:"Of the deposit."`
	NextDue      period.Date `json:"next_due,omitempty"`
	record.ContractEntryBody
}

func bodyOf(c Contract, objects []Object, a Arrears) contractBody {
	return contractBody{Home: c.Home, ID: c.ID, Version: c.Version, Organisation: c.Organisation,
		State: c.State, Begins: c.Begins, Ends: c.Ends, Yearly: c.Yearly, Total: c.Total,
		Received: c.Received, Overdue: a.Open, OverdueSince: a.Since, NextDue: period.Date(day(c.NextDue)),
		ContractEntryBody: EntryBody{Number: c.Number, Name: c.Name, Kind: c.Kind, Party: c.Party,
			PartyKind: c.PartyKind, PartyCode: c.PartyCode, Related: c.Related, Signed: c.Signed,
			Area: int64(c.Area), PriceClass: c.PriceClass, Objects: record.WriteObjects(objects),
			Phases: c.Phases(), Manner: c.Manner, Project: c.Project, Decision: c.Decision,
			DecisionBody: c.DecisionBody, Decided: c.Decided, DecisionValid: c.DecisionValid,
			DecisionShare: c.DecisionShare, Approval: c.Approval, Approved: c.Approved,
			HouseholdEnd: c.HouseholdEnd, BuyBack: c.BuyBack, Paper: c.Paper, ClaimsFrom: c.ClaimsFrom,
			Note: c.Note}}
}

// ContractInput names a contract. It is exported because embedded fields are filled only so.
type ContractInput struct {
	Home int64 `path:"home" minimum:"0"`
	ID   int64 `path:"id" minimum:"1"`
}

type contractOutput struct {
	ETag string `header:"ETag"`
	Body contractBody
}

func (s *Contracts) endpoints(a *api.API) {
	operation := func(method, path, id, summary string, permit access.Permit) api.Operation {
		return api.Operation{Method: method, Path: path, ID: id, Tag: "contracts", Summary: summary,
			Access: web.Permitted(permit)}
	}
	api.Add(a, operation(http.MethodGet, "/contracts", "listContracts",
		"Contracts of the collectives of your places.", Read), s.apiList)
	api.Add(a, operation(http.MethodGet, "/contracts/{home}/{id}", "getContract", "A contract.", Read),
		s.apiGet)
	create := operation(http.MethodPost, "/organisations/{home}/{id}/contracts", "enterContract",
		"Enter a contract of an organisation; one that is signed is in force at once.", Change)
	create.Status = http.StatusCreated
	api.Add(a, create, s.apiEnter)
	s.ageingEndpoint(a)
	move := operation(http.MethodPost, "/contracts/{home}/{id}/deposits", "moveDeposit",
		"A deposit that comes in, goes back or is kept, at the version you read.", Receiving)
	move.Status = http.StatusCreated
	api.Add(a, move, s.apiDeposit)
	receive := operation(http.MethodPost, "/contracts/{home}/{id}/receipts", "receivePayment",
		"Take a payment under a contract, at the version you read.", Receiving)
	receive.Status = http.StatusCreated
	api.Add(a, receive, s.apiReceive)
	s.files.Endpoints(a)
}

func (s *Contracts) apiList(ctx context.Context, in *struct {
	api.Paged
	Place        string `query:"place" maxLength:"100" doc:"Only in this place: #id, code or whole name."`
	Organisation string `query:"organisation" maxLength:"50" doc:"500102/37"`
	Kind         string `query:"kind" maxLength:"30"`
	State        string `query:"state" enum:"draft,in_force,expired_in_use,ended,terminated"`
	Look         string `query:"look" enum:"overdue,due,expiring,no_decision"`
	Object       string `query:"object" maxLength:"50" doc:"On this card or parcel."`
	Text         string `query:"text" maxLength:"100"`
}) (*api.List[contractBody], error) {
	actor := access.From(ctx)
	q, err := s.query(ctx, s.host.Access.Scope(actor, Read), actor, map[string]string{"place": in.Place,
		"organisation": in.Organisation, "kind": in.Kind, "state": in.State, "look": in.Look,
		"object": in.Object, "q": in.Text})
	if err != nil {
		return nil, err
	}
	after, err := web.DecodeCursor(in.After)
	if err == nil {
		q.After, _, err = parseCursor(after)
	}
	if err != nil {
		return nil, err
	}
	q.Limit = in.Limit
	found, items, err := s.find(ctx, q)
	if err != nil {
		return nil, err
	}
	rows := make([]contractBody, len(items))
	for i, one := range items {
		rows[i] = bodyOf(one.Contract, nil, one.Arrears)
	}
	next := ""
	if found.Next != (Ref{}) {
		next = cursor(found.Next, 0)
	}
	return api.Listed(in.Paged, rows, next), nil
}

// output reads a contract for an answer.
func (s *Contracts) output(ctx context.Context, ref Ref) (*contractOutput, error) {
	return store.Read(ctx, s.host.Store, func(v *store.View) (*contractOutput, error) {
		c, err := Get(v, ref)
		if err == nil {
			err = s.host.Access.Require(access.From(ctx), Read, c.Place)
		}
		if err != nil {
			return nil, err
		}
		objects, err := ObjectsOf(v, ref)
		if err != nil {
			return nil, err
		}
		dues, err := DuesOf(v, ref)
		if err != nil {
			return nil, err
		}
		moves, err := DepositsOf(v, ref)
		body := bodyOf(c, objects, record.ArrearsOf(dues, s.host.Today()))
		body.Held = record.Held(moves)
		return &contractOutput{ETag: api.ETag(c.Version), Body: body}, err
	})
}

func (s *Contracts) apiGet(ctx context.Context, in *ContractInput) (*contractOutput, error) {
	return s.output(ctx, Ref(*in))
}

func (s *Contracts) apiEnter(ctx context.Context, in *struct {
	Home int64 `path:"home" minimum:"0"`
	ID   int64 `path:"id" minimum:"1"`
	Body EntryBody
}) (*contractOutput, error) {
	e, err := enteredOf(in.Body)
	if err != nil {
		return nil, err
	}
	c, err := s.Enter(ctx, access.From(ctx), registry.Ref{Home: in.Home, ID: in.ID}, e)
	if err != nil {
		return nil, err
	}
	return s.output(ctx, c.Ref())
}

func (s *Contracts) apiReceive(ctx context.Context, in *struct {
	ContractInput
	Body struct {
		Version  int64       `json:"version" doc:"At which you read the contract."`
		On       period.Date `json:"on" maxLength:"10"`
		Amount   money.Fen   `json:"amount" doc:"Fen."`
		Into     string      `json:"into,omitempty" enum:"bank,cash"`
		Document string      `json:"document,omitempty" maxLength:"100"`
	}
}) (*contractOutput, error) {
	b := in.Body
	c, err := s.Receive(ctx, access.From(ctx), Payment{Act: Act{Ref: Ref(in.ContractInput),
		Version: b.Version, On: b.On, Document: b.Document}, Amount: b.Amount, Into: b.Into})
	if err != nil {
		return nil, err
	}
	return s.output(ctx, c.Ref())
}

func (s *Contracts) apiDeposit(ctx context.Context, in *struct {
	ContractInput
	Body struct {
		Version  int64              `json:"version" doc:"At which you read the contract."`
		On       period.Date        `json:"on" maxLength:"10"`
		Kind     record.DepositKind `json:"kind" enum:"received,refunded,kept"`
		Amount   money.Fen          `json:"amount" doc:"Fen."`
		Into     string             `json:"into,omitempty" enum:"bank,cash"`
		Document string             `json:"document,omitempty" maxLength:"100"`
	}
}) (*contractOutput, error) {
	b := in.Body
	c, err := s.MoveDeposit(ctx, access.From(ctx), DepositMove{Act: Act{Ref: Ref(in.ContractInput),
		Version: b.Version, On: b.On, Document: b.Document}, Kind: b.Kind, Amount: b.Amount, Into: b.Into})
	if err != nil {
		return nil, err
	}
	return s.output(ctx, c.Ref())
}
