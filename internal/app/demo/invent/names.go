package invent

import "strconv"

// What land, water, trees and hopes are called: the first and the second half of a name.
var (
	firsts = []rune("石金龙凤青白黄双大小长高天云水清花柏松竹桂梅柳杨红永太福兴新三五九马牛黑银玉桐枫梨桃杏荷莲茶盐铜" +
		"乐安和平仁义丰南北东西古响观朝迎飞鹤鱼鹿燕星月春")
	seconds = []rune("桥坝湾沟溪坪岩坡垭垱槽岭峡山河塘井滩寨洞林园堡场店坎垣台梁门洲口田坳屋庙泉源柱峰石关岗盘池")
)

// Names gives names that are unique under one parent.
type Names struct {
	draw  *Draw
	taken map[string]bool
}

// NewNames begins the names under a parent; taken are those that are there already.
func NewNames(d *Draw, taken ...string) *Names {
	n := &Names{d, map[string]bool{}}
	for _, name := range taken {
		n.taken[name] = true
	}
	return n
}

// Next is another name of two characters with an ending: 石桥 with 镇.
func (n *Names) Next(ending string) string {
	for {
		first, second := Pick(n.draw, firsts), Pick(n.draw, seconds)
		name := string([]rune{first, second})
		if first != second && !n.taken[name] && !n.taken[name+ending] {
			n.taken[name] = true
			return name + ending
		}
	}
}

// numerals are the numbers of groups.
var numerals = []string{"", "一", "二", "三", "四", "五", "六", "七", "八", "九"}

// Numeral writes 1 to 99 as villages do: 十二.
func Numeral(n int) string {
	switch {
	case n < 10:
		return numerals[n]
	case n < 20:
		return "十" + numerals[n-10]
	case n < 100:
		return numerals[n/10] + "十" + numerals[n%10]
	}
	return strconv.Itoa(n)
}
