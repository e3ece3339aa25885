package schema

// document holds a JSON tree as a flat list of nodes in reading order, 16 bytes a value and without pointers, so that a body of a
// million small values costs a few times its size and a body of a few long texts next to nothing.
//
// An array is followed by its elements, an object by its keys, each followed by its value.
type document struct {
	text  string   // what the offsets of nodes point into
	own   []string // texts that don't stand in text as they are: those with escapes, and those made in Go
	nodes []node
}

type node struct {
	kind  Kind
	flags flags
	a, b  uint32 // string, number: from and to in text, or with flag own the index there; bool: 1 is true; array, object: length
	next  uint32 // the node behind this value; of a key: its value
}

type flags uint8

const (
	own      flags = 1 << iota // the text is in document.own
	unpaired                   // a string that held half a surrogate pair
	repeated                   // a key that is given again: its value belongs to the first one, see dropRepeated
)

func (d *document) add(n node) (at uint32) {
	at = uint32(len(d.nodes))
	n.next = at + 1
	d.nodes = append(d.nodes, n)
	return at
}

func (d *document) addOwn(kind Kind, text string, f flags) {
	d.own = append(d.own, text)
	d.add(node{kind: kind, flags: f | own, a: uint32(len(d.own) - 1)})
}

// close ends the array or object that was added at; all nodes since are its content.
func (d *document) close(at uint32, length int) {
	d.nodes[at].a = uint32(length)
	d.nodes[at].next = uint32(len(d.nodes))
}

func (d *document) textOf(at uint32) string {
	n := &d.nodes[at]
	if n.flags&own != 0 {
		return d.own[n.a]
	}
	return d.text[n.a:n.b]
}

// fewKeys is up to how many keys of an object are compared each with each; beyond, a map is faster.
const fewKeys = 16

// dropRepeated makes the last of equal keys win, as a whole, at the place of the first (spec/http-api.md 7.3).
func (d *document) dropRepeated(object uint32) {
	given := int(d.nodes[object].a)
	if given < 2 {
		return
	}
	var few [fewKeys]uint32
	keys := few[:0]
	var many map[string]uint32
	if given > fewKeys {
		many = make(map[string]uint32, given)
	}
	first := func(key uint32) (uint32, bool) {
		text := d.textOf(key)
		if many != nil {
			at, known := many[text]
			if !known {
				many[text] = key
			}
			return at, known
		}
		for _, at := range keys {
			if d.textOf(at) == text {
				return at, true
			}
		}
		keys = append(keys, key)
		return 0, false
	}
	for key := object + 1; key < d.nodes[object].next; {
		value := key + 1
		behind := d.nodes[value].next
		if at, known := first(key); known {
			d.nodes[at].next = value
			d.nodes[key].flags |= repeated
			d.nodes[object].a--
		}
		key = behind
	}
}
