package conformance

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ai-gateway/ai-gateway/internal/testkit"
)

func TestMetricsMoveByAnExactAmount(t *testing.T) {
	type labels = map[string]string
	before := testkit.Metrics{
		{Name: "hits", Labels: labels{"a": "1", "le": "+Inf"}, Value: 2}, {Name: "hits", Labels: labels{"a": "2"}, Value: 5},
	}
	after := testkit.Metrics{
		{Name: "hits", Labels: labels{"a": "1", "le": "+Inf"}, Value: 3},
		{Name: "hits", Labels: labels{"a": "2"}, Value: 7},
		{Name: "new", Labels: labels{"xa": "1"}, Value: 1},
	}
	for _, tc := range []struct {
		name string
		want Metric
		got  string
	}{
		{"one series", Metric{"hits", labels{"a": "1"}, 1}, ""},
		{"the sum of several", Metric{"hits", nil, 3}, ""},
		{"a new series", Metric{"new", nil, 1}, ""},
		{"nothing", Metric{"hits", labels{"a": "3"}, 0}, ""},
		{"too little", Metric{"hits", labels{"a": "2"}, 3}, "metric hitsmap[a:2]: want +3, got +2"},
		{"though nothing was expected", Metric{"hits", labels{"le": "+Inf"}, 0}, "metric hitsmap[le:+Inf]: want +0, got +1"},
		{"an absent series", Metric{"miss", nil, 1}, "metric missmap[]: want +1, got +0"},
		{"a label whose name ends alike", Metric{"new", labels{"a": "1"}, 1}, "metric newmap[a:1]: want +1, got +0"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var want Differences
			if tc.got != "" {
				want = Differences{tc.got}
			}
			if diff := cmp.Diff(want, metricDifferences([]Metric{tc.want}, before, after)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
