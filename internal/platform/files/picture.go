package files

import (
	"context"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"

	"golang.org/x/image/draw"

	"github.com/terrace-project/terrace/internal/pure/exif"
	"github.com/terrace-project/terrace/internal/pure/fault"
)

// Derived is a copy made from a picture's pixels.
type Derived struct {
	folder  string
	side    int // longest, in pixels
	quality int
	scaler  draw.Scaler
}

// The copies there are. The better scaler takes memory for each row of the original: it is for small
// ones only.
var (
	Thumbnail = Derived{"thumbnails", 320, 75, draw.BiLinear}
	Published = Derived{"published", 2048, 85, draw.ApproxBiLinear}
)

// Limits of a picture.
const (
	// DecodeMax is how many bytes of memory decoding a picture may take. A photo of 50 megapixels from
	// a phone takes 150 million.
	DecodeMax = 256 << 20
	sideMax   = 20_000 // pixels
)

// derivedPath is where a copy lies. Copies can be made again: losing them loses nothing.
func (s *Service) derivedPath(hash string, d Derived) string {
	return filepath.Join(s.Folder, d.folder, hash[:2], hash[2:]+".jpg")
}

// derive makes a copy, unless it is there.
func (s *Service) derive(ctx context.Context, original content, hash string, d Derived) error {
	path := s.derivedPath(hash, d)
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	plan, err := look(original)
	if err != nil {
		return err
	}
	if err := s.decoding.Acquire(ctx, plan.cost); err != nil {
		return fault.New(fault.Unavailable, "files.busy").Because(err)
	}
	defer s.decoding.Release(plan.cost)
	picture, err := plan.decode(original)
	if err != nil {
		return fault.New(fault.Invalid, "files.picture").Because(err)
	}
	file, err := os.CreateTemp(filepath.Join(s.Folder, arriving), "upload-*")
	if err != nil {
		return fault.New(fault.Unavailable, "files.write").Because(err)
	}
	defer os.Remove(file.Name()) //nolint:errcheck // it has been renamed, or it goes
	defer file.Close()
	err = jpeg.Encode(file, upright(shrunk(picture, d), plan.orientation),
		&jpeg.Options{Quality: d.quality})
	if err == nil {
		err = s.keep(file, path)
	}
	if err != nil {
		return fault.New(fault.Unavailable, "files.write").Because(err)
	}
	return nil
}

// plan is how a picture is to be decoded, and what that takes.
type plan struct {
	decode      func(content) (image.Image, error)
	cost        int64 // bytes of memory
	orientation int
}

// look finds out what a picture would cost before it is decoded.
func look(r content) (plan, error) {
	head := make([]byte, headSize)
	n, err := r.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return plan{}, fault.New(fault.Unavailable, "files.write").Because(err)
	}
	head = head[:n]
	decodeConfig, decode := jpeg.DecodeConfig, jpeg.Decode
	isPNG := len(head) > 0 && head[0] == 0x89
	if isPNG {
		decodeConfig, decode = png.DecodeConfig, png.Decode
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return plan{}, fault.New(fault.Unavailable, "files.write").Because(err)
	}
	config, err := decodeConfig(r)
	if err != nil {
		return plan{}, fault.New(fault.Invalid, "files.picture").Because(err)
	}
	cost := int64(config.Width) * int64(config.Height) * pixelCost(config, head, isPNG)
	if config.Width > sideMax || config.Height > sideMax || cost > DecodeMax {
		return plan{}, fault.New(fault.TooLarge, "files.pixels", config.Width, config.Height)
	}
	from := func(c content) (image.Image, error) {
		if _, err := c.Seek(0, io.SeekStart); err != nil {
			return nil, err
		}
		return decode(c)
	}
	return plan{from, cost, exif.Read(head).Orientation}, nil
}

// pixelCost is how many bytes a pixel takes while it is decoded: what image/jpeg and image/png allocate.
func pixelCost(config image.Config, head []byte, isPNG bool) int64 {
	switch config.ColorModel {
	case color.RGBA64Model, color.NRGBA64Model:
		return 2 * 8 // interlaced pictures are decoded pass by pass into a second one
	case color.Gray16Model:
		return 2 * 2
	}
	if isPNG {
		return 2 * 4
	}
	for marker := range exif.Segments(head) {
		if marker == exif.MarkerProgressive {
			return 3 + 4*4 // and every coefficient of up to four components
		}
	}
	return 4
}

// shrunk is a picture whose longer side has at most so many pixels, on white. What is much larger is
// brought near first, by a scaler that only looks at the pixels it needs.
func shrunk(p image.Image, d Derived) *image.RGBA {
	if near := 4 * d.side; max(p.Bounds().Dx(), p.Bounds().Dy()) > near {
		p = scaled(p, near, draw.ApproxBiLinear)
	}
	return scaled(p, d.side, d.scaler)
}

func scaled(p image.Image, side int, scaler draw.Scaler) *image.RGBA {
	width, height := p.Bounds().Dx(), p.Bounds().Dy()
	if longest := max(width, height); longest > side {
		width, height = max(1, width*side/longest), max(1, height*side/longest)
	}
	small := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(small, small.Bounds(), image.White, image.Point{}, draw.Src)
	scaler.Scale(small, small.Bounds(), p, p.Bounds(), draw.Over, nil)
	return small
}

// upright turns a picture as EXIF tells: 1 to 8, of which 5 to 8 lie on their side.
func upright(p *image.RGBA, orientation int) image.Image {
	if orientation < 2 || orientation > 8 {
		return p
	}
	width, height := p.Rect.Dx(), p.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	if orientation >= 5 {
		out = image.NewRGBA(image.Rect(0, 0, height, width))
	}
	for y := range height {
		for x := range width {
			toX, toY := x, y
			if orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8 {
				toX = width - 1 - x
			}
			if orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7 {
				toY = height - 1 - y
			}
			if orientation >= 5 {
				toX, toY = toY, toX
			}
			out.SetRGBA(toX, toY, p.RGBAAt(x, y))
		}
	}
	return out
}
