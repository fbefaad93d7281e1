package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
)

//go:embed static
var staticFiles embed.FS

// assets serves the embedded files under addresses that carry a hash of their content, so that a
// browser keeps them for good.
type assets struct {
	content map[string][]byte
	hashes  map[string]string
}

func newAssets() *assets {
	a := &assets{map[string][]byte{}, map[string]string{}}
	files, err := fs.ReadDir(staticFiles, "static")
	if err != nil {
		panic(err) // the folder is embedded
	}
	for _, f := range files {
		content, err := staticFiles.ReadFile("static/" + f.Name())
		if err != nil {
			panic(err)
		}
		sum := sha256.Sum256(content)
		a.content[f.Name()] = content
		a.hashes[f.Name()] = hex.EncodeToString(sum[:6])
	}
	return a
}

// path is the address of a file.
func (a *assets) path(name string) string { return "/static/" + a.hashes[name] + "/" + name }

func (a *assets) serve(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	content, ok := a.content[name]
	if !ok || r.PathValue("hash") != a.hashes[name] {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Write(content) //nolint:errcheck // the reader has gone
}
