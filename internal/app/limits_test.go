package app

import (
	"testing"
	"testing/fstest"
)

func TestContainerMemory(t *testing.T) {
	for name, tc := range map[string]struct {
		files map[string]string
		want  int64 // 0: not found
	}{
		"a container, version 2": {map[string]string{
			"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "536870912\n",
		}, 512 << 20},
		"a service below a slice, the lowest limit counts": {map[string]string{
			"proc/self/cgroup": "0::/system.slice/ai-gateway.service\n",
			"sys/fs/cgroup/system.slice/ai-gateway.service/memory.max":  "max\n",
			"sys/fs/cgroup/system.slice/memory.max":                     "1073741824\n",
			"sys/fs/cgroup/system.slice/ai-gateway.service/memory.swap": "1\n",
		}, 1 << 30},
		"a container, version 1, sees only its own group at the top": {map[string]string{
			"proc/self/cgroup": "12:cpu,cpuacct:/docker/1\n5:memory:/docker/1\n", "sys/fs/cgroup/memory/memory.limit_in_bytes": "268435456\n",
		}, 256 << 20},
		"no limit, version 2": {map[string]string{"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "max\n"}, 0},
		"no limit, version 1": {map[string]string{
			"proc/self/cgroup": "5:memory:/\n", "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
		}, 0},
		"no control groups": {nil, 0},
		"garbage":           {map[string]string{"proc/self/cgroup": "\n:::\n0::/../..\n", "sys/fs/cgroup/memory.max": "many"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			root := fstest.MapFS{}
			for path, text := range tc.files {
				root[path] = &fstest.MapFile{Data: []byte(text)}
			}
			got, found := containerMemory(root)
			if found != (tc.want != 0) || found && got != tc.want {
				t.Errorf("want %d, got %d, %v", tc.want, got, found)
			}
		})
	}
}
