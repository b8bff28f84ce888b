#include "lib/model/verb.h"

#include <string.h>

#define R(role) (1u << ROLE_##role)
#define ALL     (R(OPERATOR) | R(APPROVER) | R(AUDITOR) | R(ADMIN))
#define OWNER   R(OWNER)

static const struct verb verbs[] = {
	{"help", VERB_KEEPER, ALL | OWNER, "[VERB]", "what you may type here"},
	{"whoami", VERB_KEEPER, ALL | OWNER, "[--json]", "who you are to the bastion"},
	{"targets", VERB_KEEPER, R(OPERATOR), "[--json]",
	 "accounts you may use, and what they need"},
	{"connect", VERB_SESSION, R(OPERATOR), "ACCOUNT@TARGET [COMMAND...]",
	 "open a session to an account"},
	{"request", VERB_KEEPER, R(OPERATOR), "ACCOUNT@TARGET --for 30m --reason TEXT [--json]",
	 "ask for a privileged account"},
	{"requests", VERB_KEEPER, R(OPERATOR), "[--json]", "your requests and grants"},
	{"cancel", VERB_KEEPER, R(OPERATOR), "REQUEST", "take back a request nobody decided yet"},
	{"release", VERB_KEEPER, R(OPERATOR), "GRANT", "give back a grant before its end"},
	{"pending", VERB_KEEPER, R(APPROVER), "[--json]", "requests that wait for a decision"},
	{"approve", VERB_KEEPER, R(APPROVER), "REQUEST [--for 20m]",
	 "grant a request, or less of it"},
	{"deny", VERB_KEEPER, R(APPROVER), "REQUEST [--reason TEXT]", "refuse a request"},
	{"extend", VERB_KEEPER, R(APPROVER), "GRANT --for 10m", "give a grant more minutes"},
	{"revoke", VERB_KEEPER, R(APPROVER) | R(ADMIN) | OWNER, "GRANT",
	 "end a grant and its sessions now"},
	{"grants", VERB_KEEPER, R(APPROVER) | R(ADMIN) | OWNER, "[--json]",
	 "grants and their windows"},
	{"kill", VERB_KEEPER, R(APPROVER) | R(ADMIN) | OWNER, "SESSION", "end a live session now"},
	{"apply", VERB_KEEPER, R(ADMIN) | OWNER, "-f FILE|-",
	 "load identities, targets, rules from YAML"},
	{"export", VERB_KEEPER, R(ADMIN) | OWNER, "", "the inventory and policy as YAML"},
	{"identity", VERB_KEEPER, R(ADMIN) | OWNER, "[list] | totp NAME | password NAME [--json]",
	 "identities; new second factors"},
	{"lock", VERB_KEEPER, R(ADMIN) | OWNER, "IDENTITY",
	 "refuse an identity and end its sessions"},
	{"unlock", VERB_KEEPER, R(ADMIN) | OWNER, "IDENTITY", "undo a lock"},
	{"target", VERB_KEEPER, R(ADMIN) | OWNER, "[list] [--json]",
	 "targets, their accounts and pinned keys"},
	{"ca", VERB_KEEPER, R(ADMIN) | OWNER, "", "the public key targets must trust"},
	{"status", VERB_KEEPER, R(ADMIN) | OWNER, "[--json]", "live sessions, versions, health"},
	{"why", VERB_KEEPER, R(ADMIN) | OWNER, "IDENTITY ACCOUNT@TARGET",
	 "explain what would be decided"},
	{"sessions", VERB_RECORDER, R(AUDITOR) | R(ADMIN) | OWNER, "[--json]",
	 "recordings, newest first"},
	{"show", VERB_RECORDER, R(AUDITOR) | OWNER, "SESSION [--json]",
	 "one recording's facts and commands"},
	{"search", VERB_RECORDER, R(AUDITOR) | OWNER, "WORDS... [--json]",
	 "find text as it stood on screens"},
	{"commands", VERB_RECORDER, R(AUDITOR) | OWNER, "[WORDS...] [--json]",
	 "commands run, with verdicts"},
	{"replay", VERB_RECORDER, R(AUDITOR) | OWNER, "SESSION [--at MM:SS] [--speed N] [--text]",
	 "play a recording"},
	{"events", VERB_RECORDER, R(AUDITOR) | R(ADMIN) | OWNER,
	 "[--kind K] [--subject S] [--json]", "the audit trail: who did what"},
	{"verify", VERB_RECORDER, R(AUDITOR) | OWNER, "[SESSION] [--json]",
	 "prove that nothing was changed"},
};

const struct verb *verb_at(size_t i)
{
	return i < ARRAY_SIZE(verbs) ? &verbs[i] : NULL;
}

const struct verb *verb_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}

bool verb_permits(const struct verb *verb, enum role role)
{
	return (unsigned)role < ROLES && role != ROLE_NONE && (verb->roles & 1u << role) != 0;
}
