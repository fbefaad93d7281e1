package commitments

import (
	"context"
	"net/http"

	"github.com/terrace-project/terrace/internal/modules/commitments/record"
	"github.com/terrace-project/terrace/internal/modules/registry"
	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/pure/period"
)

type transferOutput struct {
	ETag string `header:"ETag"`
	Body record.TransferBody
}

func (s *Commitments) transferEndpoints(a *api.API) {
	api.Add(a, operation(http.MethodGet, "/transfers", "listTransfers",
		"Transfers announced to the collectives of your places.", MayRead), s.apiTransfers)
	api.Add(a, operation(http.MethodGet, "/transfers/{home}/{id}", "getTransfer", "A transfer.", MayRead),
		s.apiTransfer)
	api.Add(a, operation(http.MethodPost, "/organisations/{home}/{id}/transfers", "announceTransfer",
		"Announce a transfer to an organisation.", MayAnnounce), s.apiAnnounce)
	api.Add(a, operation(http.MethodPost, "/transfers/{home}/{id}/match", "matchTransfer",
		"Say which voucher booked a transfer, at the version you read.", MayChange), s.apiMatch)
}

func (s *Commitments) apiTransfers(ctx context.Context, in *struct {
	api.Paged
	Place        string `query:"place" maxLength:"100" doc:"Only in this place: #id, code or whole name."`
	Organisation string `query:"organisation" maxLength:"50" doc:"500102/37"`
	Kind         string `query:"kind" maxLength:"30"`
	Course       string `query:"course" enum:"announced,booked,withdrawn,late"`
	Text         string `query:"text" maxLength:"100"`
	Sort         string `query:"sort" enum:"newest,oldest,amount"`
}) (*api.List[record.TransferBody], error) {
	p, err := s.apiPage(ctx, in.Paged, in.Place, in.Organisation, in.Sort)
	if err != nil {
		return nil, err
	}
	q := map[string]string{"kind": in.Kind, "course": in.Course, "q": in.Text}
	rows, err := load(ctx, s, p, func(v *store.View, p page) (Found[Transfer], error) {
		return SearchTransfers(v, s.transferQuery(p, q))
	}, ownerOfTransfer)
	if err != nil {
		return nil, err
	}
	bodies := make([]record.TransferBody, len(rows.Items))
	for i, one := range rows.Items {
		bodies[i] = record.TransferBodyOf(one.Row)
	}
	return api.Listed(in.Paged, bodies, rows.Next), nil
}

func (s *Commitments) transferOutput(ctx context.Context, ref Ref) (*transferOutput, error) {
	return store.Read(ctx, s.host.Store, func(v *store.View) (*transferOutput, error) {
		t, err := GetTransfer(v, ref)
		if err == nil {
			err = s.host.Access.Require(access.From(ctx), MayRead, t.Place)
		}
		return &transferOutput{ETag: api.ETag(t.Version), Body: record.TransferBodyOf(t)}, err
	})
}

func (s *Commitments) apiTransfer(ctx context.Context, in *Input) (*transferOutput, error) {
	return s.transferOutput(ctx, Ref(*in))
}

func (s *Commitments) apiAnnounce(ctx context.Context, in *struct {
	Home int64 `path:"home" minimum:"0"`
	ID   int64 `path:"id" minimum:"1"`
	Body record.AnnouncedBody
}) (*transferOutput, error) {
	b := in.Body
	t, err := s.Announce(ctx, access.From(ctx), registry.Ref{Home: in.Home, ID: in.ID},
		Transfer{Document: b.Document, Kind: b.Kind, Project: b.Project, Amount: b.Amount, Day: b.Day,
			Note: b.Note})
	if err != nil {
		return nil, err
	}
	return s.transferOutput(ctx, refOfTransfer(t))
}

func (s *Commitments) apiMatch(ctx context.Context, in *struct {
	Input
	Body struct {
		Version int64       `json:"version" doc:"At which you read the transfer."`
		On      period.Date `json:"on" maxLength:"10"`
		Voucher string      `json:"voucher" maxLength:"50" doc:"500102/37"`
		Reason  string      `json:"reason,omitempty" maxLength:"500"`
	}
}) (*transferOutput, error) {
	b := in.Body
	voucher, err := voucherNamed(b.Voucher)
	if err != nil {
		return nil, err
	}
	t, err := s.Match(ctx, access.From(ctx), Act{Ref: Ref(in.Input), Version: b.Version, On: b.On,
		Reason: b.Reason}, voucher)
	if err != nil {
		return nil, err
	}
	return s.transferOutput(ctx, refOfTransfer(t))
}
