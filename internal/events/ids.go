package events

import (
	"errors"
	"strconv"
	"strings"
)

var errNotIDs = errors.New("is no list of integers")

// NamespaceIDs reads a comma-separated list of integers, as GitLab sends them in headers. Blanks around items don't count, neither do empty
// items; an empty text is an empty list, and so is the word null, which later releases of GitLab send (spec/clients.md 4).
func NamespaceIDs(list string) ([]int64, error) {
	return integers(strings.Split(list, ","))
}

func integers(items []string) ([]int64, error) {
	ids := []int64{}
	if len(items) == 1 && strings.TrimSpace(items[0]) == "null" {
		return ids, nil
	}
	for _, item := range items {
		item = strings.TrimSpace(item)
		if item == "" {
			continue
		}
		id, err := strconv.ParseInt(item, 10, 64)
		if err != nil {
			return nil, errNotIDs
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// enabledBy is the member feature_enabled_by_namespace_ids of internal events: the integers of the first of the lists that has any items, or
// nil, if one of them is no integer (spec/observability.md 14).
func enabledBy(lists ...string) []int64 {
	for _, list := range lists {
		items, closed := shellItems(list)
		if !closed {
			return nil
		}
		ids, err := integers(items)
		if err != nil {
			return nil
		}
		if len(ids) > 0 {
			return ids
		}
	}
	return []int64{}
}

// shellItems splits at commas the way a shell splits at blanks: quotes group, and an unquoted # begins a comment. closed is false when a
// quote has no end.
func shellItems(list string) (items []string, closed bool) {
	var item strings.Builder
	quote := rune(0)
	for _, r := range list {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			item.WriteRune(r)
		case r == '"' || r == '\'':
			quote = r
		case r == '#':
			return append(items, item.String()), true
		case r == ',':
			items = append(items, item.String())
			item.Reset()
		default:
			item.WriteRune(r)
		}
	}
	return append(items, item.String()), quote == 0
}
