package holdings

import (
	"fmt"
	"html/template"
	"strings"

	"rsc.io/qr"

	"github.com/terrace-project/terrace/internal/platform/web"
)

// quiet is the light margin of a code, in its points.
const quiet = 4

// code draws an address as a QR code. It is a picture of paths: sharp in any print, and nothing that
// the page's policy would have to allow.
func code(address string) (template.HTML, error) {
	c, err := qr.Encode(address, qr.M)
	if err != nil {
		return "", err
	}
	var path strings.Builder
	for y := range c.Size {
		for x := 0; x < c.Size; x++ {
			first := x
			for x < c.Size && c.Black(x, y) {
				x++
			}
			if x > first {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", first+quiet, y+quiet, x-first, x-first)
			}
		}
	}
	side := c.Size + 2*quiet
	return template.HTML(fmt.Sprintf( //nolint:gosec // numbers and letters of our own
		`<svg class="code" viewBox="0 0 %d %d" role="img" aria-label="QR" shape-rendering="crispEdges">`+
			`<path class="code-ground" d="M0 0h%dv%dh-%dz"/><path class="code-ink" d="%s"/></svg>`,
		side, side, side, side, side, path.String())), nil
}

// absolute is an address of this site with its name, as a telephone's camera needs it.
func (s *Holdings) absolute(r *web.Request, address string) string {
	scheme := "http"
	if r.TLS != nil || s.host.Config != nil && s.host.Config.Flag("secure") {
		scheme = "https"
	}
	return scheme + "://" + r.Host + address
}
