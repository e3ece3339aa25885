package troubleshoot

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// ModelServer says whether an OpenAI-compatible server is where an operator thinks it is, and has the model. Such servers list their models
// at B/models, where B is the URL that GitLab calls endpoint. When there is no list at B, it looks where operators often mean:
// with /v1, without a second /v1, without the path of a single call.
func ModelServer(client *http.Client, m Model, key string) Check {
	title := "The model server at " + redacted(m.Endpoint) + " has the model " + m.served()
	return Check{Name: "model-server", Title: title, Find: func(ctx context.Context) Finding {
		if finding := notURL(m.Endpoint, "--model-endpoint"); finding != nil {
			return *finding
		}
		base := strings.TrimRight(m.Endpoint, "/")
		list, err := listModels(ctx, client, base, key)
		switch {
		case err != nil:
			finding := trouble(err, m.Endpoint)
			finding.Remedy += " The address is --model-endpoint here, and the endpoint of the model in GitLab."
			return finding
		case list.status == http.StatusUnauthorized, list.status == http.StatusForbidden:
			return failed(list.seen(), wrongModelKey(key == ""))
		case list.status == http.StatusBadRequest && wantsTLS(list.text):
			return failed(list.seen(), hostOf(m.Endpoint)+" speaks TLS on this port. Use https:// in --model-endpoint, and in GitLab.")
		case list.models != nil:
			return m.among(list.models)
		}
		for _, other := range otherBases(base) {
			if there, err := listModels(ctx, client, other, key); err == nil && there.models != nil {
				return failed(list.seen(), "The API is at "+redacted(other)+". Use that as --model-endpoint, and as the endpoint of the model in GitLab.")
			}
		}
		switch {
		case list.isPage:
			return failed("a web page answers, not a model server", "Another program listens at "+hostOf(m.Endpoint)+
				", or a page to log in at stands before the server. Correct host and port; OpenAI-compatible servers have their API below /v1.")
		case list.status >= http.StatusInternalServerError:
			return failed(list.seen(), "The model server, or a proxy before it, is in trouble; see its log.")
		default:
			return warned("it does not list its models: "+list.seen(), "The checks below ask the model itself. If they fail, correct --model-endpoint: "+
				"OpenAI-compatible servers have their API below /v1.")
		}
	}}
}

// among says whether the server has the model.
func (m Model) among(models []string) Finding {
	const most = 10 // names that a person reads
	named := strings.Join(models[:min(len(models), most)], ", ")
	if rest := len(models) - most; rest > 0 {
		named += fmt.Sprintf(" and %d more", rest)
	}
	switch wanted := m.served(); {
	case slices.Contains(models, wanted), slices.Contains(models, wanted+":latest"): // Ollama's tag of those without
		return passed("it has " + named)
	case len(models) == 0:
		return warned("it has no models", "Load one: vLLM serves that of its command line, Ollama those that were fetched with `ollama pull NAME`.")
	default:
		return warned("it has "+named, "Name one of these, with its provider: --model-identifier custom_openai/"+models[0]+
			"; in GitLab that is the model identifier. A server that knows "+wanted+" by another name answers below.")
	}
}

// wrongModelKey says what to do about a refused key.
func wrongModelKey(missing bool) string {
	if missing {
		return "The model server wants a key, and none was given. Pass it with --model-key -, and set it as API key of the model in GitLab."
	}
	return "The model server does not accept the key. Check --model-key, and the API key of the model in GitLab; a server without keys wants none."
}

// modelList is what a server answered when it was asked for its models.
type modelList struct {
	status int
	text   string   // the beginning of the answer
	isPage bool     // it is HTML
	models []string // nil when the answer is no list of models
}

func (l modelList) seen() string {
	if l.isPage || l.text == "" {
		return fmt.Sprintf("status %d", l.status)
	}
	return fmt.Sprintf("status %d, %s", l.status, l.text)
}

func listModels(ctx context.Context, client *http.Client, base, key string) (modelList, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/models", nil)
	if err != nil {
		return modelList{}, err
	}
	req.Header.Set("Accept", "application/json")
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	res, err := client.Do(req)
	if err != nil {
		return modelList{}, err
	}
	defer res.Body.Close()
	const most = 1 << 20 // some servers list thousands of models
	body, err := io.ReadAll(io.LimitReader(res.Body, most))
	if err != nil {
		return modelList{}, err
	}
	list := modelList{status: res.StatusCode, text: excerpt(body, key), isPage: isPage(res.Header, body)}
	var answer struct {
		Data []struct{ ID string } `json:"data"`
	}
	if res.StatusCode == http.StatusOK && json.Unmarshal(body, &answer) == nil && answer.Data != nil {
		list.models = []string{}
		for _, model := range answer.Data {
			list.models = append(list.models, model.ID)
		}
	}
	return list, nil
}

func isPage(header http.Header, body []byte) bool {
	return strings.Contains(header.Get("Content-Type"), "html") || strings.HasPrefix(strings.ToLower(strings.TrimSpace(string(body[:min(len(body), 64)]))), "<!doctype html")
}

// excerpt is the beginning of an answer, on one line and without the key.
func excerpt(body []byte, key string) string {
	const most = 200 // characters that a person reads
	text := strings.Join(strings.Fields(strings.ToValidUTF8(string(body[:min(len(body), 4*most)]), "\uFFFD")), " ")
	if key != "" {
		text = strings.ReplaceAll(text, key, "[key]")
	}
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	return text
}

// otherBases are the URLs that an operator may have meant by one.
func otherBases(base string) []string {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" {
		return nil
	}
	path := strings.TrimRight(u.Path, "/")
	for _, call := range []string{"/chat/completions", "/completions", "/models"} {
		path = strings.TrimSuffix(path, call)
	}
	for strings.HasSuffix(path, "/v1/v1") {
		path = strings.TrimSuffix(path, "/v1")
	}
	var others []string
	for _, candidate := range []string{path, path + "/v1", "/v1"} {
		other := *u
		other.Path = candidate
		if text := other.String(); text != base && !slices.Contains(others, text) && !strings.HasSuffix(candidate, "/v1/v1") {
			others = append(others, text)
		}
	}
	return others
}
