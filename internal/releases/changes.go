package releases

// Changes are what the releases of GitLab do otherwise than the one before or after, the oldest first (spec/clients.md 19).
func Changes() []Change {
	return []Change{
		{
			To: "16.11", Sends: "`/v2/completions` through Workhorse", Contract: "the same as `/v2/code/completions`", Ours: "the same",
			Handled: []string{"internal/api/server.go Server.routes"},
			Cases:   []string{"clients-completion/Workhorse of 16.x, short path"},
		},
		{
			To: "16.11", Sends: "tokens with nothing but `code_suggestions`", Contract: "403", Ours: "403",
			Handled: []string{"internal/api/v2_code_completions.go Server.codeCompletionsV2"},
			Cases:   []string{"clients-completion/16.x scope code_suggestions"},
		},
		{
			To: "17.4", Sends: "ready-made prompts on `/v2/code/generations`, one form per `prompt_version`", Contract: "served", Ours: "served",
			Handled: []string{"internal/codesuggestions/generation.go Service.Generation"},
			Cases:   []string{"clients-generation/E15 old, prompt version 1", "clients-generation/E16 old, version 2", "clients-generation/E17 old, version 3, streamed"},
		},
		{
			To: "17.5", Sends: "`/v2/chat/agent` with `prompt` instead of `messages`", Contract: "422", Ours: "422",
			Handled: []string{"internal/api/v2_chat_agent_body.go chatAgent"},
			Cases:   []string{"clients-chat/old body with prompt"},
		},
		{
			To: "17.7", Sends: "prompts that Rails made, on `/v1/chat/…` and the proxies", Contract: "served", Ours: "served",
			Handled: []string{"internal/api/v1_chat.go Server.chatV1", "internal/api/v1_proxy.go Server.passOn"},
			Cases:   []string{"clients-tools/E30 v1 chat, Anthropic", "clients-proxy/E40 review of a merge request"},
		},
		{
			To: "17.8", Sends: "`X-Gitlab-Duo-Seat-Count`; none later", Contract: "a token that disagrees is only logged", Ours: "the same",
			Handled: []string{"internal/auth/claims.go seatCount"},
			Cases:   []string{"clients-completion/wrong seat count is only logged", "clients-forward-chat/19.x headers, null IDs, no seat count"},
		},
		{
			From: "17.5", To: "17.7", Sends: "`codestral@2405` of `vertex-ai`", Contract: "422", Ours: "422",
			Handled: []string{"internal/api/v2_code_completions.go completionModels"},
			Cases:   []string{"clients-completion/E08 Codestral beta on Vertex AI"},
		},
		{
			From: "17.8", Sends: "steps whose `observation` is null or absent", Contract: "422", Ours: "an empty observation",
			Handled: []string{"internal/api/v2_chat_agent_body.go chatAgentStep.Normalize"},
			Cases:   []string{"clients-forward-chat/step with observation null in options (17.8)", "clients-forward-chat/step without observation"},
		},
		{
			From: "17.8", Sends: "`/v1/amazon_q/oauth/application` and `/v1/amazon_q/events`; later `…/application/delete` and `…/verify`, too",
			Contract: "404 for what came later", Ours: "the same",
			Handled: []string{"internal/api/v1_amazon_q_oauth_application.go Server.amazonQApplicationV1", "internal/api/v1_amazon_q_events.go Server.amazonQEventsV1"},
			Cases:   []string{"clients-misc/E50 Amazon Q application", "clients-misc/E51 merge request event"},
		},
		{
			From: "17.9", Sends: "page context without `content`, with a `title` or not; pages of new types", Contract: "422", Ours: "type and title reach the model",
			Handled: []string{"internal/api/v2_chat_agent_body.go chatAgentPage"},
			Cases: []string{
				"clients-forward-chat/issue page with title only (17.9)", "clients-forward-chat/merge request page with title only (18.2)",
				"clients-forward-chat/build page, type only", "clients-forward-chat/work item page and earlier turns",
			},
		},
		{
			From: "17.9", Sends: "`prompt_version` with prompts and in payloads of v3 and v4", Contract: "ignored",
			Ours:    "honoured where definitions have versions; the built-in ones satisfy every constraint; no constraint at all is 422 `Invalid version constraint`",
			Handled: []string{"internal/prompt/versions.go versions.resolve"},
			Cases: []string{
				"clients-forward-prompts/summary of a merge request, ^2.0.0", "clients-forward-prompts/vulnerability fix, exact version",
				"clients-forward-prompts/commit message, pre-release", "clients-forward-code/v4 generation, prompt_version ^2.0.1",
			},
		},
		{
			From: "17.9", Sends: "prompts that came later (`review_merge_request`, `description_composer`)", Contract: "404", Ours: "404, unless `AIGW_PROMPTS__DIR` has them",
			Handled: []string{"internal/api/v1_prompts.go promptNotRun"},
			Cases:   []string{"prompts-invoke/unknown prompt id"},
		},
		{
			From: "17.9", Sends: "models that came later, by name (`codestral-2501`, `claude-3-7-…`)", Contract: "422; 400 on the proxies", Ours: "the same",
			Handled: []string{"internal/api/v2_code_suggestions.go codeFields.checkModel", "internal/proxy/anthropic.go NewAnthropic"},
			Cases:   []string{"clients-proxy/model of a later GitLab"},
		},
		{
			From: "17.10", Sends: "no `options`; the steps of a question as `agent_scratchpad` of an assistant message behind it, and of answered turns beside their `content`",
			Contract: "422", Ours: "the steps of the last message are the scratchpad, those of answered turns count for nothing",
			Handled: []string{"internal/api/v2_chat_agent_body.go chatAgentMessage.Normalize", "internal/api/v2_chat_agent_body.go chatAgent.scratchpad"},
			Cases: []string{
				"clients-forward-chat/second step: scratchpad in an assistant message (17.10)", "clients-forward-chat/history with scratchpads of answered turns",
				"clients-forward-chat/second step with a tool call as answer",
			},
		},
		{
			From: "17.10", Sends: "context categories and roles of the chat agent that are not known", Contract: "422",
			Ours:    "context of a new category reaches the model if the token permits `include_<category>_context`, else it is left out; a message of a new role is one of the user",
			Handled: []string{"internal/api/v2_chat_agent.go Server.permitChat", "internal/api/v2_chat_agent_body.go chatAgentMessage.message"},
			Cases: []string{
				"clients-forward-chat/terminal context (17.10)", "clients-forward-chat/os information and user environment (18.5)",
				"clients-forward-chat/a category of the future",
			},
		},
		{
			From: "17.10", Sends: "model families that came later (" + listed(ModelFamilies) + "), and those of the contract that a prompt lacks",
			Contract: "404 on prompts, 422 on v2 code endpoints, 200 and cut off from the chat agent",
			Ours:     "the prompt's definition for any model, with the given model (`qwen` completes code by one of its own); unknown ones by `AIGW_PROMPTS__UNKNOWN_FAMILIES`",
			Handled: []string{
				"internal/releases/vocabulary.go ModelFamilies", "internal/prompt/families.go Definitions.standIn", "internal/api/v2_code_suggestions.go selfHostedModels",
			},
			Cases: []string{
				"clients-forward-prompts/family general, explain code", "clients-forward-prompts/family mistral, commit message",
				"clients-forward-prompts/family general, job log", "clients-forward-prompts/family codestral, vulnerability fix",
				"clients-forward-prompts/model check, family general", "clients-forward-chat/family general (18.3)",
				"clients-forward-code/v2 completion, family general",
			},
		},
		{
			From: "17.11", Sends: "header `" + VerboseLogs + ": true`", Contract: "no verbose logs", Ours: "the flag `expanded_ai_logging` under its later name",
			Handled: []string{"internal/releases/vocabulary.go VerboseLogs", "internal/auth/flags.go ParseFlags"},
			Cases:   []string{"clients-forward-chat/verbose logs by header (17.11)", "clients-forward-chat/verbose logs, empty header"},
		},
		{
			From: "18.0", Sends: "`" + DefaultProvider + "` as `provider` in model metadata or as `model_provider`, and empty metadata", Contract: "422", Ours: "the gateway's default model",
			Handled: []string{
				"internal/releases/vocabulary.go DefaultProvider", "internal/api/model_metadata.go modelMetadata.Normalize", "internal/api/v2_code_suggestions.go codeFields.Normalize",
			},
			Cases: []string{
				"clients-forward-chat/GitLab's default model by metadata (18.0)", "clients-forward-chat/empty metadata",
				"clients-forward-prompts/GitLab's default model by metadata", "clients-forward-code/v4 generation, GitLab's default model by metadata",
				"clients-forward-code/v2 completion, provider gitlab (18.0)",
			},
		},
		{
			From: "18.0", Sends: "`model_metadata` beside `prompt_components`", Contract: "ignored: the hosted model is asked", Ours: "the self-hosted model is asked, for completions and generations",
			Handled: []string{"internal/api/code_editor_components.go Server.editorCompletion", "internal/api/code_editor_components.go editorGeneration"},
			Cases: []string{
				"clients-forward-code/v4 generation, self-hosted by top-level metadata (18.x)", "clients-forward-code/v3 generation, not streamed, self-hosted",
			},
		},
		{
			From: "18.0", Sends: "tokens whose `aud` is a list, with claims and scopes that are not known", Contract: "accepted", Ours: "accepted",
			Handled: []string{"internal/auth/claims.go audience", "internal/auth/claims.go scopes"},
			Cases:   []string{"clients-forward-code/token of an 18.x instance for direct connections"},
		},
		{
			From: "18.2", Sends: "`/v2/prompts/{id}`", Contract: "404", Ours: "served, with the tokens that the answer cost",
			Handled: []string{"internal/api/v2_prompts.go Server.promptsV2"},
			Cases: []string{
				"clients-forward-prompts/v2: commit message", "clients-forward-prompts/v2: streamed", "clients-forward-prompts/v2: self-hosted",
				"clients-forward-prompts/v2: missing primitive", "clients-forward-prompts/v2: missing input",
			},
		},
		{
			From: "18.5", Sends: "completions straight from a browser (Web IDE), after a preflight", Contract: "any origin", Ours: "any origin",
			Handled: []string{"internal/api/middleware/cors.go CORS"},
			Cases:   []string{"clients-direct/E05 browser preflight", "clients-direct/answer to a browser", "clients-direct/403 to a browser"},
		},
		{
			From: "18.9", Sends: "tokens with `" + UnitPrimitives["duo_chat"] + "` instead of `duo_chat`", Contract: "403", Ours: "either suffices",
			Handled: []string{"internal/releases/vocabulary.go UnitPrimitives", "internal/auth/user.go User.Can"},
			Cases:   []string{"clients-forward-chat/token with duo_classic_chat only (18.9)", "clients-forward-chat/reader with duo_classic_chat"},
		},
		{
			From: "18.9", Sends: "the word `null` for a list of namespaces in a header", Contract: "an error: no list, or no context of an event", Ours: "an empty list",
			Handled: []string{"internal/events/ids.go NamespaceIDs", "internal/events/ids.go enabledBy"},
			Cases:   []string{"clients-forward-chat/19.x headers, null IDs, no seat count"},
		},
		{
			From: "18.10", Sends: "expects a `finish_reason` in the last delta of the chat agent", Contract: "absent", Ours: "there, for these releases (`X-Gitlab-Version`)",
			Handled: []string{"internal/releases/vocabulary.go FinishReason", "internal/chat/tools.go wantsFinishReason"},
			Cases:   []string{"clients-forward-chat/last delta has a finish reason (18.10)"},
		},
		{
			From: "18.10", Sends: "`model_metadata.endpoint` null, empty or absent, for models of " + listed(Clouds), Contract: "422", Ours: "accepted",
			Handled: []string{"internal/releases/vocabulary.go Clouds", "internal/api/model_metadata.go modelMetadata.Normalize"},
			Cases:   []string{"clients-forward-prompts/Bedrock model without endpoint (18.10)"},
		},
		{
			From: "18.10", Sends: "`api_key` and `identifier` of a model longer than 255 characters", Contract: "422", Ours: "up to 2,000 and 1,000",
			Handled: []string{"internal/api/model_metadata.go modelMetadata"},
			Cases:   []string{"clients-forward-prompts/API key of 300 characters", "clients-forward-prompts/identifier of 300 characters"},
		},
	}
}
