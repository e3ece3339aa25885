package template

import (
	"slices"

	"github.com/mitsuhiko/minijinja/minijinja-go/v2/value"
)

// listMethods are the methods of lists.
var listMethods = map[string]*function{
	"append": onList("item", func(i *invocation, l *list) value.Value {
		i.spend(1)
		l.items = append(l.items, i.need(0))
		return value.None()
	}),
	"extend": onList("items", func(i *invocation, l *list) value.Value {
		l.items = slices.Concat(l.items, i.elements(i.need(0)))
		return value.None()
	}),
	"insert": onList("index, item", func(i *invocation, l *list) value.Value {
		at := integerIn(i.need(0), "the index")
		if at < 0 {
			at += len(l.items)
		}
		l.items = slices.Insert(slices.Clone(l.items), min(max(at, 0), len(l.items)), i.need(1))
		return value.None()
	}),
	"pop": onList("index", func(i *invocation, l *list) value.Value {
		at := fromEnd(int64(i.intArg(0, -1)), len(l.items))
		if at < 0 {
			fail("there is no such element")
		}
		item := l.items[at]
		l.items = slices.Delete(slices.Clone(l.items), at, at+1)
		return item
	}),
	"remove": onList("item", func(i *invocation, l *list) value.Value {
		at := i.place(l, i.need(0))
		l.items = slices.Delete(slices.Clone(l.items), at, at+1)
		return value.None()
	}),
	"clear": onList("", func(_ *invocation, l *list) value.Value {
		l.items = nil
		return value.None()
	}),
	"copy": onList("", func(_ *invocation, l *list) value.Value { return listOf(slices.Clone(l.items)...) }),
	"reverse": onList("", func(_ *invocation, l *list) value.Value {
		l.items = slices.Clone(l.items)
		slices.Reverse(l.items)
		return value.None()
	}),
	"sort": onList("reverse", func(i *invocation, l *list) value.Value {
		l.items = slices.Clone(l.items)
		i.sort(l.items, func(v value.Value) value.Value { return v }, i.flag(0, false))
		return value.None()
	}),
	"count": onList("item", func(i *invocation, l *list) value.Value {
		n := 0
		for _, item := range l.items {
			if i.equal(item, i.need(0), 0) {
				n++
			}
		}
		return value.FromInt(int64(n))
	}),
	"index": onList("item", func(i *invocation, l *list) value.Value { return value.FromInt(int64(i.place(l, i.need(0)))) }),
}

func onList(params string, body func(i *invocation, l *list) value.Value) *function {
	return takes(params, func(i *invocation) value.Value {
		l := listIn(i.subject)
		i.spend(1 + len(l.items)/16)
		return body(i, l)
	})
}

func (i *invocation) place(l *list, item value.Value) int {
	at := slices.IndexFunc(l.items, func(v value.Value) bool { return i.equal(v, item, 0) })
	if at < 0 {
		fail("the list has no such element")
	}
	return at
}

// dictMethods are the methods of maps.
var dictMethods = map[string]*function{
	"items":  onDict("", func(_ *invocation, d *dict) value.Value { return sequence(d.column(pair), itemsList) }),
	"keys":   onDict("", func(_ *invocation, d *dict) value.Value { return sequence(d.Iter(), keysList) }),
	"values": onDict("", func(_ *invocation, d *dict) value.Value { return sequence(d.column(valueOfEntry), valuesList) }),
	"get": onDict("key, default", func(i *invocation, d *dict) value.Value {
		if v, found := d.get(i.need(0)); found {
			return v
		}
		return i.orNone(1)
	}),
	"setdefault": onDict("key, default", func(i *invocation, d *dict) value.Value {
		if v, found := d.get(i.need(0)); found {
			return v
		}
		d.set(i.need(0), i.orNone(1))
		return i.orNone(1)
	}),
	"pop": onDict("key, default", func(i *invocation, d *dict) value.Value {
		if at := d.find(i.need(0)); at >= 0 {
			i.spend(len(d.entries))
			return d.remove(at)
		}
		if !i.given(1) {
			fail("the map has no such key")
		}
		return i.args[1]
	}),
	"popitem": onDict("", func(i *invocation, d *dict) value.Value {
		if len(d.entries) == 0 {
			fail("the map is empty")
		}
		i.spend(len(d.entries))
		last := pair(d.entries[len(d.entries)-1])
		d.remove(len(d.entries) - 1)
		return last
	}),
	"clear": onDict("", func(_ *invocation, d *dict) value.Value {
		*d = dict{}
		return value.None()
	}),
	"copy": onDict("", func(_ *invocation, d *dict) value.Value {
		clone := &dict{}
		for _, e := range d.entries {
			clone.set(e.key, e.value)
		}
		return value.FromObject(clone)
	}),
	"update": onDict("of, **", func(i *invocation, d *dict) value.Value {
		i.update(d)
		return value.None()
	}),
}

func onDict(params string, body func(i *invocation, d *dict) value.Value) *function {
	return takes(params, func(i *invocation) value.Value {
		d := dictIn(i.subject)
		i.spend(1 + len(d.entries)/16)
		return body(i, d)
	})
}

func valueOfEntry(e entry) value.Value { return e.value }

func (i *invocation) orNone(n int) value.Value {
	if i.given(n) {
		return i.args[n]
	}
	return value.None()
}
