package demo

import (
	"bytes"
	"context"
	"fmt"

	"github.com/terrace-project/terrace/internal/app/demo/landscape"
)

// photosMax is how many rows of the whole city are counted with a photo: a page to look at, not a disk
// to fill.
const photosMax = 300

// picture puts the pictures on disk.
func (k *checking) picture(ctx context.Context) error {
	pictures, err := landscape.Pictures()
	for i, content := range pictures {
		blob, err := k.Host.Files.Put(ctx, fmt.Sprintf("现场照片%d.jpg", i+1), bytes.NewReader(content))
		if err != nil {
			return err
		}
		k.photos = append(k.photos, blob)
	}
	return err
}
