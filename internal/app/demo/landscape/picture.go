package landscape

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
)

// scenes are the colours of the pictures: sky, ground and the thing that is counted.
var scenes = [][3]color.RGBA{
	{{186, 214, 235, 255}, {122, 153, 92, 255}, {201, 190, 170, 255}}, // a house by a field
	{{206, 214, 219, 255}, {150, 140, 118, 255}, {92, 118, 135, 255}}, // a pond in winter
	{{230, 224, 205, 255}, {105, 124, 74, 255}, {164, 92, 66, 255}},   // a barn in the evening
}

// Pictures are photos of the countryside as JPEG. They show nothing that exists.
func Pictures() ([][]byte, error) {
	var all [][]byte
	for _, scene := range scenes {
		var file bytes.Buffer
		if err := jpeg.Encode(&file, drawn(scene), &jpeg.Options{Quality: 70}); err != nil {
			return nil, err
		}
		all = append(all, file.Bytes())
	}
	return all, nil
}

// drawn is a picture of a scene: the sky lightens towards the ground, and something stands on it.
func drawn(scene [3]color.RGBA) image.Image {
	const width, height, ground = 480, 360, 230
	p := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		c := scene[0]
		if y >= ground {
			c = scene[1]
		}
		shade := uint8(y * 24 / height)
		row := image.Rect(0, y, width, y+1)
		c.R, c.G, c.B = c.R-shade, c.G-shade, c.B-shade
		draw.Draw(p, row, image.NewUniform(c), image.Point{}, draw.Src)
	}
	draw.Draw(p, image.Rect(150, 150, 330, 260), image.NewUniform(scene[2]), image.Point{}, draw.Src)
	dark := color.RGBA{60, 56, 52, 255}
	draw.Draw(p, image.Rect(150, 138, 330, 150), image.NewUniform(dark), image.Point{}, draw.Src)
	draw.Draw(p, image.Rect(222, 200, 258, 260), image.NewUniform(dark), image.Point{}, draw.Src)
	return p
}
