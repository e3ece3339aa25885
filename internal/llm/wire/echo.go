package wire

import (
	"bytes"
	"encoding/json"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	// shortestEcho is how many bytes in a row, white space and quotes left out, a vendor has to repeat of a request to be taken at its word.
	shortestEcho = 12

	// longestSearched is how much of an answer is searched for what it repeats, in bytes. The rest is never quoted.
	longestSearched = 8 << 10

	omission = "[…]"
)

// withoutEcho is an answer that refuses a request, less what it repeats of the texts in it: servers like to show what they did not like, and that is
// what a user wrote. What names the model stays. However the answer escapes what it repeats makes no difference.
func withoutEcho(answer, request []byte) []byte {
	answer = answer[:min(len(answer), longestSearched)]
	said := fold(answer, true)
	windows := map[uint64]bool{} // by hash: whether the request has the same one
	said.windows(func(_ int, hash uint64) { windows[hash] = false })
	if len(windows) == 0 {
		return answer
	}
	var filter [1 << 13]uint64 // most windows of a long request are told apart without a look at the map
	for hash := range windows {
		filter[hash>>6%uint64(len(filter))] |= 1 << (hash % 64)
	}
	for _, text := range texts(request) {
		fold(text, false).windows(func(_ int, hash uint64) {
			if filter[hash>>6%uint64(len(filter))]&(1<<(hash%64)) == 0 {
				return
			}
			if _, same := windows[hash]; same {
				windows[hash] = true
			}
		})
	}
	return said.without(answer, windows)
}

// texts are those of a JSON document that users may have written. It is the gateway's own, so it is sound.
func texts(document []byte) (all [][]byte) {
	var value any
	if json.Unmarshal(document, &value) != nil {
		return [][]byte{document}
	}
	var collect func(name string, value any)
	collect = func(name string, value any) {
		switch v := value.(type) {
		case string:
			if name != "model" && name != "anthropic_version" {
				all = append(all, []byte(v))
			}
		case []any:
			for _, element := range v {
				collect(name, element)
			}
		case map[string]any:
			for name, member := range v {
				collect(name, member)
			}
		}
	}
	collect("", value)
	return all
}

// folded is a text without what differs when it is escaped: white space, quotes and backslashes.
type folded struct {
	text    []byte
	located bool
	at, end []int // where in the original each byte comes from, if that is to be known
}

func (f *folded) add(at, end int, c byte) {
	f.text = append(f.text, c)
	if f.located {
		f.at, f.end = append(f.at, at), append(f.end, end)
	}
}

func fold(original []byte, located bool) folded {
	f := folded{text: make([]byte, 0, len(original)), located: located}
	for i := 0; i < len(original); {
		began, c := i, original[i]
		i++
		if c == '\\' {
			i += len(original[i:]) - len(bytes.TrimLeft(original[i:], `\`))
			if i == len(original) {
				break
			}
			c = original[i]
			i++
			switch c {
			case 'n', 'r', 't':
				continue
			case 'u':
				if r, n := escaped(original[i:]); n > 0 {
					i += n
					for _, c := range utf8.AppendRune(nil, r) {
						f.add(began, i, c)
					}
					continue
				}
			}
		}
		if c > ' ' && c != '"' && c != '\'' && c != '`' {
			f.add(began, i, c)
		}
	}
	return f
}

// escaped reads the character of an escape that has begun with "u", and says how many bytes it took; none when it is something else.
func escaped(rest []byte) (r rune, n int) {
	if len(rest) < 4 {
		return 0, 0
	}
	if _, err := strconv.ParseUint(string(rest[:4]), 16, 16); err != nil {
		return 0, 0
	}
	r, n = hex4(rest), 4
	if low := lowHalf(rest[4:]); utf16.IsSurrogate(r) && low != 0 {
		r, n = utf16.DecodeRune(r, low), 10
	}
	if utf16.IsSurrogate(r) {
		r = utf8.RuneError
	}
	return r, n
}

// windows calls f with the hash of each run of shortestEcho bytes.
func (f folded) windows(each func(at int, hash uint64)) {
	const base = 0x9E3779B97F4A7C15
	first := uint64(1) // base to the power of shortestEcho
	for range shortestEcho {
		first *= base
	}
	var hash uint64
	for i, c := range f.text {
		hash = hash*base + uint64(c) + 1
		if i >= shortestEcho {
			hash -= first * (uint64(f.text[i-shortestEcho]) + 1)
		}
		if i >= shortestEcho-1 {
			each(i-shortestEcho+1, hash)
		}
	}
}

// without is the original less the windows that are true.
func (f folded) without(original []byte, windows map[uint64]bool) []byte {
	var kept []byte
	copied, until := 0, -1 // how much of the original is done, and the folded byte behind the current echo
	f.windows(func(at int, hash uint64) {
		if !windows[hash] {
			return
		}
		if at > until {
			kept = append(append(kept, original[copied:max(copied, f.at[at])]...), omission...)
		}
		until = at + shortestEcho
		copied = f.end[until-1]
	})
	return append(kept, original[copied:]...)
}
