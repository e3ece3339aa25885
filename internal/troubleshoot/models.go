package troubleshoot

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Trouble is why a model did not answer.
type Trouble string

// The kinds of trouble with a model.
const (
	Unreachable   Trouble = "unreachable"    // no answer, or 5xx
	Silent        Trouble = "silent"         // no answer in time
	Busy          Trouble = "busy"           // 429
	WrongRequest  Trouble = "wrong request"  // 4xx
	NoSuchModel   Trouble = "no such model"  // 404
	WrongKey      Trouble = "wrong key"      // 401, 403
	NotConfigured Trouble = "not configured" // a setting is missing
	UnknownFamily Trouble = "unknown family" // there is no prompt for models of the kind
)

// ModelError is a model that did not answer. Err holds no key.
type ModelError struct {
	Trouble Trouble
	Err     error
}

func (e *ModelError) Error() string { return e.Err.Error() }

func (e *ModelError) Unwrap() error { return e.Err }

// Model is a self-hosted model that an operator wants tested.
type Model struct {
	Family     string // "mistral", "codegemma", …: what GitLab calls model_name
	Endpoint   string // URL of the model server
	Identifier string // "provider/model"; empty: the family
	HasKey     bool   // a key of the model server was given
}

func (m Model) name() string {
	if m.Identifier != "" {
		return m.Identifier + " (" + m.Family + ")"
	}
	return m.Family
}

// served is what the server calls the model.
func (m Model) served() string {
	if _, name, found := strings.Cut(m.Identifier, "/"); found {
		return name
	}
	return m.Family
}

// Answers says whether a model answers one kind of question, such as "a chat". ask returns what it said; its error is a [*ModelError] when
// there is something to say about it.
func Answers(name, kind string, m Model, ask func(context.Context) (string, error)) Check {
	title := fmt.Sprintf("Model %s answers %s", m.name(), kind)
	return Check{Name: name, Title: title, Needs: []string{"environment", "model-server", "provider", "provider-access"}, Find: func(ctx context.Context) Finding {
		said, err := ask(ctx)
		switch {
		case err != nil:
			return failed(err.Error(), remedyFor(err, m))
		case strings.TrimSpace(said) == "":
			return warned("it said nothing", "The server answers, but the model does not. Check that --model-name is its family, "+
				"and that the model was trained for this kind of question.")
		default:
			return passed(fmt.Sprintf("%d characters", len([]rune(said))))
		}
	}}
}

func remedyFor(err error, m Model) string {
	var model *ModelError
	if !errors.As(err, &model) {
		return "The message above is all that is known."
	}
	switch model.Trouble {
	case WrongKey:
		return wrongModelKey(!m.HasKey)
	case NoSuchModel:
		return "The model server does not know " + m.served() + ", or has no API at this path. Name a model that it has (curl " + redacted(m.Endpoint) +
			"/models lists them, `ollama pull NAME` fetches one) in --model-identifier, and in GitLab; OpenAI-compatible servers have their API below /v1."
	case WrongRequest:
		return "The model server is there, but refuses the question. Check that the family suits the model (one that only completes text has no chat, and " +
			"one that only chats no completion), and that its window is as large as the server says."
	case UnknownFamily:
		return "There are no prompts for this family of models. --model-name is one of those that GitLab offers, such as mistral, codegemma, llama3, claude_3 or gpt; " +
			"`ai-gateway prompts` lists the families of each prompt."
	case NotConfigured:
		return "A setting is missing: " + model.Error()
	case Busy:
		return "The model server has too much to do. Try again, or give it more replicas."
	case Silent:
		return "The model server takes the question but does not answer in time. See whether it still loads the model, and what it logs; --timeout 10m waits longer. " +
			"GitLab's editors wait for a few seconds only: a model that is always this slow is too large for its machine."
	default:
		return trouble(model.Err, m.Endpoint).Remedy
	}
}

// HostedModels says whether those hosted models answer for which a key is set.
func HostedModels(ask func(context.Context) error) Check {
	return Check{Name: "hosted-models", Title: "The hosted models answer", Needs: []string{"environment"}, Find: func(ctx context.Context) Finding {
		if err := ask(ctx); err != nil {
			return failed(err.Error(), hostedRemedy(err))
		}
		return passed("")
	}}
}

// hostedRemedy is [remedyFor] a model of a vendor, which the operator's settings name instead of the command line.
func hostedRemedy(err error) string {
	var model *ModelError
	errors.As(err, &model)
	switch {
	case model == nil:
	case model.Trouble == WrongKey:
		return "The vendor that the message names does not accept the gateway's account. Check its setting: ANTHROPIC_API_KEY, AIGW_MODEL_KEYS__FIREWORKS_API_KEY, " +
			"or Google's credentials (GOOGLE_APPLICATION_CREDENTIALS)."
	case model.Trouble == NoSuchModel, model.Trouble == WrongRequest:
		return "The vendor that the message names does not offer this model to the gateway's account; see the vendor's console."
	}
	return remedyFor(err, Model{Endpoint: "the model's vendor"})
}

// Provider says whether the account of the provider in an identifier is set up. Only Bedrock has one here; keys of other providers come
// with each request. given tells whether a variable is set and not empty.
func Provider(identifier string, given func(variable string) bool) Check {
	provider, _, _ := strings.Cut(identifier, "/")
	return Check{Name: "provider", Title: "The account at Bedrock is set up", Find: func(context.Context) Finding {
		var missing []string
		for _, variable := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION_NAME"} {
			if !given(variable) && !(variable == "AWS_REGION_NAME" && given("AWS_REGION")) {
				missing = append(missing, variable)
			}
		}
		if provider != "bedrock" || len(missing) == 0 {
			return passed("")
		}
		return warned(strings.Join(missing, ", ")+" not set",
			"Set them, unless the machine has a role: then AWS's own look-up finds the credentials, as the next check shows.")
	}}
}

// ProviderAccess says whether Bedrock can be reached with the credentials that are found. list asks for its models.
func ProviderAccess(region string, list func(context.Context) (models int, err error)) Check {
	title := "Bedrock can be reached in region " + region
	return Check{Name: "provider-access", Title: title, Find: func(ctx context.Context) Finding {
		models, err := list(ctx)
		if err != nil {
			return failed(err.Error(), "Check the key, its permission bedrock:ListFoundationModels, the region (AWS_REGION_NAME), and the network.")
		}
		return passed(fmt.Sprintf("%d models", models))
	}}
}
