// Package pinyin spells Chinese names without tones, for searching: 重庆市 is chongqingshi and cqs.
//
// The readings of single characters come from a well-kept list; in names of places another reading
// is often the right one, and this package corrects those it knows.
package pinyin

import (
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"
)

// readings are characters that read so in names of places.
const readings = `长chang 都du 蚌beng 圩wei 咀zui 薄bo 曾zeng 藏zang 什shi 碚bei 垴nao 畈fan 塝bang 漯luo
	莞guan 泊bo 覃qin 硚qiao 碛qi`

// words are names, or parts of them, with readings of their own.
const words = `重庆chong-qing 长子zhang-zi 家长jia-zhang 单县shan-xian 单于chan-yu 东阿dong-e 洪洞hong-tong
	乐清yue-qing 乐亭lao-ting 乐陵lao-ling 厦门xia-men 六安lu-an 六合lu-he 枞阳zong-yang 荥阳xing-yang
	荥经ying-jing 浚县xun-xian 牟平mu-ping 中牟zhong-mu 莘庄xin-zhuang 番禺pan-yu 大埔da-bu
	犍为qian-wei 泌阳bi-yang 闵行min-hang 太行tai-hang 银行yin-hang 商行shang-hang 大城县dai-cheng-xian
	尉犁yu-li 蔚县yu-xian 涡阳guo-yang 句容ju-rong 吴堡wu-bu 十里堡shi-li-pu 解州xie-zhou 黄陂huang-pi
	罗布泊luo-bu-po 筠连jun-lian 大栅栏da-shi-lan 藏龙cang-long 重阳chong-yang 重石chong-shi
	重岩chong-yan 重兴chong-xing 般若bo-re 万俟mo-qi 台州tai-zhou 丽水li-shui 临朐lin-qu 儋州dan-zhou`

// Speller turns names into pinyin. It is safe for concurrent use.
type Speller struct {
	syllables []string // of the characters from firstHan
	words     map[rune][]word
}

type word struct {
	text      string
	syllables []string
}

const (
	firstHan = 0x3400
	lastHan  = 0x9fff
)

// Default is the speller with the corrections above, made when it is first asked for.
var Default = sync.OnceValue(func() *Speller {
	s := &Speller{syllables: make([]string, lastHan-firstHan+1), words: map[rune][]word{}}
	args := pinyin.NewArgs()
	for r := rune(firstHan); r <= lastHan; r++ {
		if found := pinyin.SinglePinyin(r, args); len(found) > 0 {
			s.syllables[r-firstHan] = found[0]
		}
	}
	for _, entry := range strings.Fields(readings) {
		r, size := utf8.DecodeRuneInString(entry)
		s.syllables[r-firstHan] = entry[size:]
	}
	for _, entry := range strings.Fields(words) {
		at := strings.IndexFunc(entry, func(r rune) bool { return r < firstHan })
		r, _ := utf8.DecodeRuneInString(entry)
		s.words[r] = append(s.words[r], word{entry[:at], strings.Split(entry[at:], "-")})
	}
	return s
})

// Append appends a name's pinyin to full and its initials to initials. Letters and digits stand for
// themselves; other signs are left out.
func (s *Speller) Append(name string, full, initials []byte) ([]byte, []byte) {
	for len(name) > 0 {
		r, size := utf8.DecodeRuneInString(name)
		if w := s.wordAt(r, name); w != nil {
			for _, syllable := range w.syllables {
				full, initials = append(full, syllable...), append(initials, syllable[0])
			}
			name = name[len(w.text):]
			continue
		}
		switch {
		case r < utf8.RuneSelf && (r >= '0' && r <= '9' || r|0x20 >= 'a' && r|0x20 <= 'z'):
			full, initials = append(full, byte(r|0x20)), append(initials, byte(r|0x20))
		case r >= firstHan && r <= lastHan && s.syllables[r-firstHan] != "":
			syllable := s.syllables[r-firstHan]
			full, initials = append(full, syllable...), append(initials, syllable[0])
		}
		name = name[size:]
	}
	return full, initials
}

func (s *Speller) wordAt(r rune, name string) *word {
	list := s.words[r]
	for i := range list {
		if strings.HasPrefix(name, list[i].text) {
			return &list[i]
		}
	}
	return nil
}

// Spell gives a name's pinyin without tones, and its initials: 重庆市 is chongqingshi and cqs.
func Spell(name string) (full, initials string) {
	f, i := Default().Append(name, nil, nil)
	return string(f), string(i)
}
