package invent

import "fmt"

// The most frequent surnames, the frequent ones more than once, and characters of given names.
var (
	surnames = []rune("王王王李李李张张张刘刘陈陈陈杨杨黄黄赵周周吴吴徐孙马朱胡林郭何何高罗罗郑梁谢宋唐唐许邓邓冯韩" +
		"曹曾彭彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭谭廖廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹冉向")
	givens = []rune("伟芳秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华玉萍红鹏飞建国文辉力永健世广志义兴良海山仁波宁贵福" +
		"生龙元全胜学祥才发武新利清彬富顺信子昌成康星光天达安岩中茂进林有坚和彪博诚先敬震振壮会思群豪心邦承乐绍功松善厚庆" +
		"裕河哲江亮政谦亨奇固之轮翰朗伯宏言若鸣朋斌梁栋维启克伦翔旭晨辰士以家致树炎德行时泰盛雄琛钧冠策腾楠榕风航弘")
)

// Person is somebody who does not exist.
type Person struct {
	Name, Phone string
}

// NewPerson draws a person.
func NewPerson(d *Draw) Person {
	name := []rune{Pick(d, surnames), Pick(d, givens)}
	if !d.PerMille(120) {
		name = append(name, Pick(d, givens))
	}
	return Person{string(name), fmt.Sprintf("1990000%04d", d.Below(10_000))}
}
