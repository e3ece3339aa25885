package schema_test

import (
	"errors"
	"fmt"

	"github.com/ai-gateway/ai-gateway/internal/schema"
)

type greeting struct {
	Name   string  `json:"name" schema:"strip,max=10"`
	Times  int64   `json:"times" schema:"ge=1,le=3,default=1"`
	Tone   *string `json:"tone" schema:"enum=formal|friendly"`
	Secret *string `json:"secret" schema:"secret"`
}

func Example() {
	body := schema.MustCompile[greeting]()

	req, err := body.Decode([]byte(`{"name": " Ada ", "times": "2"}`), "application/json")
	fmt.Println(req.Name, req.Times, req.Tone, err)

	_, err = body.Decode([]byte(`{"times": 9, "tone": "rude", "secret": "hush"}`), "application/json")
	var invalid *schema.ValidationError
	if errors.As(err, &invalid) {
		for _, entry := range invalid.Entries {
			fmt.Println(entry.Loc, entry.Msg)
		}
		fmt.Println(string(invalid.Entries[0].Input.AppendJSON(nil)))
	}
	fmt.Println(err)
	// Output:
	// Ada 2 <nil> <nil>
	// [body name] Field required
	// [body times] Input should be less than or equal to 3
	// [body tone] Input should be 'formal' or 'friendly'
	// {"times":9,"tone":"rude","secret":"**********"}
	// 3 validation errors; missing at body name; less_than_equal at body times; enum at body tone
}
