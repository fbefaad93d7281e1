package supervision

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"

	"github.com/terrace-project/terrace/internal/platform/access"
	"github.com/terrace-project/terrace/internal/platform/api"
	"github.com/terrace-project/terrace/internal/platform/files"
	"github.com/terrace-project/terrace/internal/platform/store"
	"github.com/terrace-project/terrace/internal/platform/web"
	"github.com/terrace-project/terrace/internal/pure/fault"
	"github.com/terrace-project/terrace/internal/pure/period"
)

func (m *Supervision) evidenceEndpoints(a *api.API) {
	const path = "/findings/{home}/{id}/evidence"
	api.Add(a, api.Operation{Method: http.MethodGet, Path: path, ID: "listRuleFindingEvidence",
		Summary: "Photos and scans of a finding.", Tag: tag, Access: web.Permitted(MayRead)}, m.apiEvidence)
	api.Add(a, api.Operation{Method: http.MethodGet, Path: path + "/{file}", ID: "getRuleFindingEvidence",
		Summary: "One of them, with its content.", Tag: tag, Access: web.Permitted(MayRead)},
		m.apiEvidenceFile)
	api.Add(a, api.Operation{Method: http.MethodPost, Path: path, ID: "addRuleFindingEvidence",
		Summary: "Put a photo or scan on a finding that is being answered. The same again changes nothing.",
		Tag:     tag, Access: web.Permitted(MayAnswer), BodyMax: evidenceBytes * 4 / 3}, m.apiAttach)
}

// evidenceOut is a file as programs see it.
type evidenceOut struct {
	ID      int64       `json:"id"`
	Name    string      `json:"name"`
	Kind    string      `json:"kind" doc:"Media type."`
	Size    int64       `json:"size" doc:"Bytes."`
	Hash    string      `json:"sha256"`
	On      period.Date `json:"on"`
	Content []byte      `json:"content,omitempty" doc:"In base64; only of one file."`
}

func evidenceOf(f files.File) evidenceOut {
	return evidenceOut{ID: f.ID, Name: f.Name, Kind: f.Kind, Size: f.Size, Hash: f.Hash, On: f.At.Date()}
}

type evidenceListAnswer struct {
	Body struct {
		Files []evidenceOut `json:"files"`
	}
}

type evidenceAnswer struct{ Body evidenceOut }

func (m *Supervision) evidenceFor(ctx context.Context, in Named) ([]files.File, error) {
	return store.Read(ctx, m.host.Store, func(v *store.View) ([]files.File, error) {
		return m.Evidence(v, access.From(ctx), Ref(in))
	})
}

func (m *Supervision) apiEvidence(ctx context.Context, in *Named) (*evidenceListAnswer, error) {
	list, err := m.evidenceFor(ctx, *in)
	if err != nil {
		return nil, err
	}
	out := &evidenceListAnswer{}
	out.Body.Files = make([]evidenceOut, len(list))
	for i, f := range list {
		out.Body.Files[i] = evidenceOf(f)
	}
	return out, nil
}

type evidenceNamed struct {
	Named
	File int64 `path:"file" minimum:"1"`
}

func (m *Supervision) apiEvidenceFile(ctx context.Context, in *evidenceNamed) (*evidenceAnswer, error) {
	list, err := m.evidenceFor(ctx, in.Named)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(f files.File) bool { return f.ID == in.File })
	if i < 0 {
		return nil, fault.New(fault.NotFound, "files.absent")
	}
	body, err := m.host.Files.Open(list[i])
	if err != nil {
		return nil, err
	}
	defer body.Close()
	out := &evidenceAnswer{evidenceOf(list[i])}
	out.Body.Content, err = io.ReadAll(body)
	return out, err
}

type evidenceIn struct {
	Named
	Body struct {
		Name    string `json:"name" minLength:"1" maxLength:"200"`
		Content []byte `json:"content" doc:"The file, in base64."`
	}
}

func (m *Supervision) apiAttach(ctx context.Context, in *evidenceIn) (*evidenceAnswer, error) {
	f, err := m.Attach(ctx, access.From(ctx), Ref{in.Home, in.ID}, in.Body.Name,
		bytes.NewReader(in.Body.Content))
	if err != nil {
		return nil, err
	}
	return &evidenceAnswer{evidenceOf(f)}, nil
}
