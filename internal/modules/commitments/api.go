package commitments

import (
	"context"
	"net/http"

	"github.com/terrace-project/terrace/internal/modules/commitments/record"
	"github.com/terrace-project/terrace/internal/modules/ledger"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/money"
	"github.com/terrace-project/terrace/internal/pure/period"
)

// Input names a commitment or a transfer. It is exported because embedded fields are filled only so.
type Input struct {
	Home int64 `path:"home" minimum:"0"`
	ID   int64 `path:"id" minimum:"1"`
}

type commitmentOutput struct {
	ETag string `header:"ETag"`
	Body record.Body
}

func operation(method, path, id, summary string, permit access.Permit) api.Operation {
	o := api.Operation{Method: method, Path: path, ID: id, Tag: "commitments", Summary: summary,
		Access: web.Permitted(permit)}
	if method == http.MethodPost {
		o.Status = http.StatusCreated
	}
	return o
}

func (s *Commitments) endpoints(a *api.API) {
	api.Add(a, operation(http.MethodGet, "/commitments", "listCommitments",
		"Loans, money lent and guarantees of the collectives of your places.", MayRead), s.apiList)
	api.Add(a, operation(http.MethodGet, "/commitments/{home}/{id}", "getCommitment",
		"A loan, lending or guarantee.", MayRead), s.apiGet)
	api.Add(a, operation(http.MethodPost, "/organisations/{home}/{id}/commitments", "enterCommitment",
		"Enter a loan, lending or guarantee of an organisation.", MayChange), s.apiEnter)
	api.Add(a, operation(http.MethodPost, "/commitments/{home}/{id}/repayments", "repayCommitment",
		"Enter a repayment, at the version you read.", MayChange), s.apiRepay)
	api.Add(a, operation(http.MethodPost, "/commitments/{home}/{id}/release", "releaseGuarantee",
		"Release a guarantee, at the version you read.", MayChange), s.apiRelease)
	s.transferEndpoints(a)
	for _, kind := range record.Kinds {
		s.files[kind].Endpoints(a)
	}
	s.announce.Endpoints(a)
}

func (s *Commitments) apiList(ctx context.Context, in *struct {
	api.Paged
	Place        string `query:"place" maxLength:"100" doc:"Only in this place: #id, code or whole name."`
	Organisation string `query:"organisation" maxLength:"50" doc:"500102/37"`
	Kind         string `query:"kind" enum:"loan,lending,guarantee"`
	State        string `query:"state" enum:"standing,settled,withdrawn"`
	Look         string `query:"look" enum:"unvoted,improper,related,overdue"`
	Text         string `query:"text" maxLength:"100"`
	Sort         string `query:"sort" enum:"newest,amount,due"`
}) (*api.List[record.Body], error) {
	p, err := s.apiPage(ctx, in.Paged, in.Place, in.Organisation, in.Sort)
	if err != nil {
		return nil, err
	}
	rows, err := load(ctx, s, p, func(v *store.View, p page) (Found[Commitment], error) {
		return Search(v, Query{page: p, Kind: Kind(in.Kind), State: State(in.State), Look: Look(in.Look),
			Text: in.Text, Today: s.host.Today()})
	}, ownerOf)
	if err != nil {
		return nil, err
	}
	bodies := make([]record.Body, len(rows.Items))
	for i, one := range rows.Items {
		bodies[i] = record.BodyOf(one.Row)
	}
	return api.Listed(in.Paged, bodies, rows.Next), nil
}

// apiPage reads what every list of programs asks.
func (s *Commitments) apiPage(ctx context.Context, in api.Paged, place, organisation,
	sort string) (page, error) {
	actor := access.From(ctx)
	after, err := web.DecodeCursor(in.After)
	if err != nil {
		return page{}, err
	}
	if sort == "" {
		sort = sortKeys[0]
	}
	return s.paged(ctx, s.host.Access.Scope(actor, MayRead), actor, web.Query{Sort: sort, Limit: in.Limit,
		After: after, Filter: map[string]string{"place": place, "organisation": organisation}})
}

// output reads a commitment for an answer.
func (s *Commitments) output(ctx context.Context, ref Ref) (*commitmentOutput, error) {
	return store.Read(ctx, s.host.Store, func(v *store.View) (*commitmentOutput, error) {
		c, err := Get(v, ref)
		if err == nil {
			err = s.host.Access.Require(access.From(ctx), MayRead, c.Place)
		}
		return &commitmentOutput{ETag: api.ETag(c.Version), Body: record.BodyOf(c)}, err
	})
}

func (s *Commitments) apiGet(ctx context.Context, in *Input) (*commitmentOutput, error) {
	return s.output(ctx, Ref(*in))
}

func (s *Commitments) apiEnter(ctx context.Context, in *struct {
	Home int64 `path:"home" minimum:"0"`
	ID   int64 `path:"id" minimum:"1"`
	Body record.EntryBody
}) (*commitmentOutput, error) {
	c, err := s.Enter(ctx, access.From(ctx), registry.Ref{Home: in.Home, ID: in.ID}, in.Body.Entry())
	if err != nil {
		return nil, err
	}
	return s.output(ctx, refOf(c))
}

// voucherNamed reads the voucher a program names; "" names none.
func voucherNamed(text string) (ledger.VoucherRef, error) {
	if text == "" {
		return ledger.VoucherRef{}, nil
	}
	ref, ok := ledger.ParseVoucherRef(text)
	if !ok {
		f := fault.Wrong("commitments.voucher").At("", 0, "voucher").Saw(text)
		return ref, fault.New(fault.Invalid, "commitments.invalid").With([]fault.Finding{f})
	}
	return ref, nil
}

func (s *Commitments) apiRepay(ctx context.Context, in *struct {
	Input
	Body struct {
		Version  int64       `json:"version" doc:"At which you read the commitment."`
		On       period.Date `json:"on" maxLength:"10"`
		Amount   money.Fen   `json:"amount" doc:"Fen."`
		Voucher  string      `json:"voucher,omitempty" maxLength:"50" doc:"That booked it: 500102/37."`
		Document string      `json:"document,omitempty" maxLength:"100"`
	}
}) (*commitmentOutput, error) {
	b := in.Body
	voucher, err := voucherNamed(b.Voucher)
	if err != nil {
		return nil, err
	}
	c, err := s.Repay(ctx, access.From(ctx), Repaid{Act: Act{Ref: Ref(in.Input), Version: b.Version,
		On: b.On, Document: b.Document}, Amount: b.Amount, Voucher: voucher})
	if err != nil {
		return nil, err
	}
	return s.output(ctx, refOf(c))
}

func (s *Commitments) apiRelease(ctx context.Context, in *struct {
	Input
	Body struct {
		Version  int64       `json:"version" doc:"At which you read the guarantee."`
		On       period.Date `json:"on" maxLength:"10"`
		Document string      `json:"document" maxLength:"100"`
	}
}) (*commitmentOutput, error) {
	b := in.Body
	c, err := s.Release(ctx, access.From(ctx), Act{Ref: Ref(in.Input), Version: b.Version, On: b.On,
		Document: b.Document})
	if err != nil {
		return nil, err
	}
	return s.output(ctx, refOf(c))
}
