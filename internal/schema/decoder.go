package schema

import (
	"reflect"
	"slices"
)

// rule checks one kind of value and stores it.
type rule interface {
	// decode stores v in into, or reports what is wrong with it and leaves into as it is or half filled.
	decode(d *decoder, v Value, into reflect.Value)
	// describe returns the JSON schema of the values that pass (those in their proper type: coercions are not advertised).
	describe(components Components) keywords
}

// maxFindings limits how many errors are told, so that a body of a million wrong elements does not make an answer of a hundred million
// bytes.
const maxFindings = 1000

// decoder collects what is wrong while a value is decoded.
type decoder struct {
	loc    []step // where we are
	found  []finding
	count  int // of all findings, also of those beyond maxFindings
	secret int // above 0 inside a field that must not be echoed
	hidden secrets
}

type finding struct {
	problem problem
	loc     []step
	input   Value
	secret  bool
}

// step is an element of a place: a name or a number.
type step struct {
	name    string
	number  int64
	isNamed bool
}

func named(name string) step     { return step{name: name, isNamed: true} }
func numbered(number int64) step { return step{number: number} }

func (s step) plain() any {
	if s.isNamed {
		return s.name
	}
	return s.number
}

func (d *decoder) enter(s step) { d.loc = append(d.loc, s) }
func (d *decoder) leave()       { d.loc = d.loc[:len(d.loc)-1] }

// report notes that something is wrong with v, which is where we are.
func (d *decoder) report(p problem, v Value) {
	if d.full() {
		d.count++
		return
	}
	d.add(finding{p, slices.Clone(d.loc), v, d.secret > 0})
}

func (d *decoder) add(f finding) {
	if d.count++; d.count <= maxFindings {
		d.found = append(d.found, f)
	}
}

// full tells whether there is no point in looking for more.
func (d *decoder) full() bool { return d.count >= maxFindings }

// takeBack removes all findings but the first n and returns them.
func (d *decoder) takeBack(n int) []finding {
	kept := min(n, len(d.found))
	taken := slices.Clone(d.found[kept:])
	d.found = d.found[:kept]
	d.count = n
	return taken
}

// decodePointer decodes v into a new variable for the pointer into, which stays nil if anything is wrong.
func (d *decoder) decodePointer(r rule, v Value, into reflect.Value) {
	before := d.count
	target := reflect.New(into.Type().Elem())
	if r.decode(d, v, target.Elem()); d.count == before {
		into.Set(target)
	}
}

// failure returns what was found as an error, without the secrets.
func (d *decoder) failure() *ValidationError {
	entries := make([]Entry, len(d.found))
	for i, f := range d.found {
		loc := make([]any, len(f.loc))
		for j, s := range f.loc {
			loc[j] = s.plain()
		}
		input := d.hidden.redact(f.input)
		if f.secret && input.Kind() != KindNull {
			input = ValueOf(stars)
		}
		entries[i] = Entry{Type: f.problem.kind, Loc: loc, Msg: f.problem.msg, Input: input, Ctx: f.problem.ctx}
	}
	return &ValidationError{entries}
}
