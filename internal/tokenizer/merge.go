package tokenizer

// noToken is what a pair merges into that has no rank. The id is a byte's, and no merge makes a byte.
const noToken = 0

// mergeShort merges the bytes of a word, given as tokens, in place. It looks at all pairs for each merge, which is the fastest way for
// a few dozen bytes and quadratic beyond; there are at most cachedWord.
func mergeShort(ids []uint16, v *vocabulary) []uint16 {
	var room [cachedWord]uint16
	merged := room[:len(ids)-1] // what each token makes with the next one
	for i := range merged {
		merged[i] = v.merge(ids[i], ids[i+1])
	}
	for {
		at := lowest(merged)
		if at < 0 {
			return ids
		}
		ids[at] = merged[at]
		ids = append(ids[:at+1], ids[at+2:]...)
		merged = append(merged[:at], merged[at+1:]...)
		if at < len(merged) {
			merged[at] = v.merge(ids[at], ids[at+1])
		}
		if at > 0 {
			merged[at-1] = v.merge(ids[at-1], ids[at])
		}
	}
}

// lowest returns the first position of the lowest rank, or -1. A merge's rank and the id of its token have the same order.
func lowest(merged []uint16) int {
	at, rank := -1, uint16(noToken)
	for i, id := range merged {
		if id-1 < rank-1 { // noToken wraps around to the highest
			at, rank = i, id
		}
	}
	return at
}

// mergeLong merges the bytes of a word, given as tokens, in place. The tokens form a linked list, and a heap has its pairs in order of
// rank, so that n bytes take some n log n steps. A pair is not taken out of the heap when one of its tokens merges with another; it
// shows when its turn comes.
func mergeLong(ids []uint16, merge func(left, right uint16) uint16) []uint16 {
	list := newTokenList(ids)
	pairs := make(pairHeap, 0, len(ids))
	propose := func(left int32) {
		if right := list.next[left]; right < list.end() {
			if id := merge(ids[left], ids[right]); id != noToken {
				pairs.push(pair{rank: id, left: left})
			}
		}
	}
	for left := range list.end() {
		propose(left)
	}
	for len(pairs) > 0 {
		pair := pairs.pop()
		left, right := pair.left, list.next[pair.left]
		if !list.has(left) || right == list.end() || merge(ids[left], ids[right]) != pair.rank {
			continue
		}
		ids[left] = pair.rank
		list.remove(right)
		propose(left)
		if left > 0 {
			propose(list.previous[left])
		}
	}
	return list.remaining(ids)
}

// tokenList links the positions of the tokens that are left.
type tokenList struct {
	next, previous []int32
}

func newTokenList(ids []uint16) tokenList {
	list := tokenList{next: make([]int32, len(ids)), previous: make([]int32, len(ids)+1)}
	for i := range list.next {
		list.next[i] = int32(i) + 1
		list.previous[i+1] = int32(i)
	}
	return list
}

func (l tokenList) end() int32 { return int32(len(l.next)) }

func (l tokenList) has(at int32) bool { return l.next[at] > at }

// remove takes a position out that is not the first.
func (l tokenList) remove(at int32) {
	before, after := l.previous[at], l.next[at]
	l.next[before] = after
	l.previous[after] = before
	l.next[at] = at // says that it is gone
}

// remaining moves the tokens that are left to the front of ids.
func (l tokenList) remaining(ids []uint16) []uint16 {
	n := 0
	for at := int32(0); at < l.end(); at = l.next[at] {
		ids[n] = ids[at]
		n++
	}
	return ids[:n]
}

// pair is a merge that waits for its turn: of the token at left with the one that follows it.
type pair struct {
	rank uint16
	left int32
}

// before says whether a merge comes first: that with the lower rank, then the one further left.
func (p pair) before(q pair) bool {
	return p.rank < q.rank || p.rank == q.rank && p.left < q.left
}

// pairHeap is a binary heap with the pair on top that comes first.
type pairHeap []pair

func (h *pairHeap) push(p pair) {
	*h = append(*h, p)
	heap := *h
	at := len(heap) - 1
	for parent := (at - 1) / 2; at > 0 && p.before(heap[parent]); parent = (at - 1) / 2 {
		heap[at] = heap[parent]
		at = parent
	}
	heap[at] = p
}

func (h *pairHeap) pop() pair {
	heap := *h
	top, last := heap[0], heap[len(heap)-1]
	heap = heap[:len(heap)-1]
	*h = heap
	if len(heap) == 0 {
		return top
	}
	at := 0
	for child := 1; child < len(heap); child = 2*at + 1 {
		if child+1 < len(heap) && heap[child+1].before(heap[child]) {
			child++
		}
		if !heap[child].before(last) {
			break
		}
		heap[at] = heap[child]
		at = child
	}
	heap[at] = last
	return top
}
