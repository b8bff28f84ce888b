/* sallyport-session <-> sallyport-keeper.  Layer: ipc.  The keeper trusts nothing of this but its form: it
 * judges every factor itself, and one socket is one connection, known to it by what sallyportd said of it. */
#ifndef SALLYPORT_LIB_IPC_KEEPER_MSG_H
#define SALLYPORT_LIB_IPC_KEEPER_MSG_H

#include "lib/ipc/ipc.h"
#include "lib/model/model.h"

enum keeper_msg {
	/* session -> keeper; in brackets what answers it */
	K_LOGIN = 1,     /* k_login [K_METHODS]: once, first */
	K_KEY_QUERY = 2, /* k_key [K_KEY_ANSWER]: would this key do?  (RFC 4252, 7: no signature yet) */
	K_KEY_PROOF = 3, /* k_key_proof [K_AUTH] */
	K_INTERACT = 4,  /* empty [K_PROMPT or K_AUTH]: keyboard-interactive begins (RFC 4256) */
	K_ANSWERS = 5,   /* k_answers [K_PROMPT or K_AUTH] */
	K_CONNECT = 6,   /* k_connect [K_CONNECTED or K_REFUSED]: once */
	K_CERTIFY = 7,   /* k_blob: an OpenSSH public key blob [K_CERTIFIED or K_REFUSED] */
	K_CHANNEL = 8,   /* k_channel [K_CHANNEL_OK or K_REFUSED]: each use of a channel, before the target sees it */
	K_REPORT = 9,    /* k_report, no answer: what only the session can see, for the audit */
	/* keeper -> session: answers */
	K_METHODS = 65,
	K_KEY_ANSWER = 66,
	K_PROMPT = 67,
	K_AUTH = 68,
	K_CONNECTED = 69, /* k_connected, with two descriptors: the target's socket (connected), the command rules
	                   * (a sealed memfd with what ruleset_get() reads) */
	K_REFUSED = 70,   /* k_text: what happened, why, what to do next, for the person's eyes */
	K_CERTIFIED = 71, /* k_blob: an OpenSSH user certificate (PROTOCOL.certkeys) */
	K_CHANNEL_OK = 72,
	/* keeper -> session: unasked */
	K_WARN = 73,     /* k_text, to be shown on every terminal of the session */
	K_CUT = 74,      /* k_text: show it, close every channel, end; a second later the process is killed */
	K_DEADLINE = 75, /* k_deadline: the end was moved */
	/* VERB_RUN, VERB_STDIN, VERB_WINDOW and their answers (verb_msg.h) also travel here */
};

enum { LOGIN_TEXT_SIZE = 256, KEY_BLOB_MAX = 16384, SIGNED_DATA_MAX = 24576, SIGNATURE_MAX = 8192 };
enum { PROMPTS_MAX = 4, ANSWER_SIZE = 512, NOTICE_SIZE = 2048, HOST_KEYS_MAX = 8, ALGORITHM_SIZE = 64 };
enum auth_method { METHOD_PUBLICKEY = 1, METHOD_INTERACTIVE = 2, METHODS_ALL = 3 };
enum auth_outcome { AUTH_DENIED, AUTH_PARTIAL, AUTH_IN, AUTH_OUTCOMES };

struct k_login {
	char login[LOGIN_TEXT_SIZE];  /* the user name of USERAUTH_REQUEST (RFC 4252, 5), as it came */
	char client[LOGIN_TEXT_SIZE]; /* the client's identification string (RFC 4253, 4.2); hostile when shown */
};
struct k_methods {
	uint32_t methods; /* enum auth_method bits; the same for identities that do not exist */
};
struct k_key {
	const uint8_t *blob; /* RFC 4253, 6.6; or a certificate, PROTOCOL.certkeys */
	size_t blob_len;     /* 1..KEY_BLOB_MAX */
};
struct k_yes_no {
	bool yes;
};
struct k_key_proof {
	const uint8_t *data; /* what was signed: session id and USERAUTH_REQUEST, RFC 4252, 7 */
	size_t data_len;     /* 1..SIGNED_DATA_MAX */
	const uint8_t *signature; /* with its algorithm's name before it, RFC 4253, 6.6 */
	size_t signature_len;     /* 1..SIGNATURE_MAX */
};
struct k_prompt {
	char instruction[NOTICE_SIZE];
	uint32_t n_prompts; /* 0..PROMPTS_MAX; 0 is a notice that wants an empty answer */
	struct {
		char text[TEXT_SIZE];
		bool echo;
	} prompts[PROMPTS_MAX];
};
struct k_answers {
	uint32_t n_answers;                    /* 0..PROMPTS_MAX */
	char answers[PROMPTS_MAX][ANSWER_SIZE]; /* secret: wipe the struct and the packet's space after use */
};
struct k_auth {
	enum auth_outcome outcome;
	uint32_t methods; /* AUTH_DENIED, AUTH_PARTIAL: those that can continue */
	/* AUTH_IN only, else empty: */
	enum role role;
	char identity[NAME_SIZE];
	char account[NAME_SIZE], target[NAME_SIZE]; /* from the login name; both empty if it named none */
	char notice[NOTICE_SIZE];                   /* to show at log-in; may hold newlines, no other control byte */
};
struct k_connect {
	char account[NAME_SIZE], target[NAME_SIZE];
};
struct k_connected {
	struct session_id id;
	char account[NAME_SIZE], target[NAME_SIZE];
	char endpoint[TEXT_SIZE];  /* "192.0.2.7:22", for messages */
	uint64_t deadline_boot_ms; /* CLOCK_BOOTTIME; UINT64_MAX: none */
	uint32_t ways;             /* enum way bits */
	uint32_t policy_version;
	uint32_t n_host_keys; /* 1..HOST_KEYS_MAX: the target must show one of them */
	struct {
		const uint8_t *blob;
		size_t len;
	} host_keys[HOST_KEYS_MAX];
};
struct k_blob {
	const uint8_t *data;
	size_t len; /* 1..KEY_BLOB_MAX */
};
struct k_channel {
	uint32_t channel;        /* the session's own number */
	uint32_t way;            /* exactly one enum way bit */
	char detail[TEXT_SIZE];  /* start of the command, subsystem, or destination; hostile when shown */
};
struct k_report {
	char kind[NAME_SIZE];   /* "hostkey", "target", "protocol", "recorder"; the keeper takes no other */
	char result[NAME_SIZE]; /* "failed", "refused" or "ok" */
	char text[TEXT_SIZE];
};
struct k_text {
	char text[NOTICE_SIZE]; /* UTF-8; newline is its only control byte */
};
struct k_deadline {
	uint64_t deadline_boot_ms;
};

/* One pair each; every _get answers 0 or -EBADMSG (short, malformed, out of range, bytes left over), and the
 * pointers it yields stay inside the packet. */
#define KEEPER_MSG(name)                                                                           \
	void name##_put(struct wbuf *b, const struct name *m);                                     \
	MUST_CHECK int name##_get(struct rbuf *b, struct name *m)
KEEPER_MSG(k_login);
KEEPER_MSG(k_methods);
KEEPER_MSG(k_key);
KEEPER_MSG(k_yes_no);
KEEPER_MSG(k_key_proof);
KEEPER_MSG(k_prompt);
KEEPER_MSG(k_answers);
KEEPER_MSG(k_auth);
KEEPER_MSG(k_connect);
KEEPER_MSG(k_connected);
KEEPER_MSG(k_blob);
KEEPER_MSG(k_channel);
KEEPER_MSG(k_report);
KEEPER_MSG(k_text);
KEEPER_MSG(k_deadline);
#undef KEEPER_MSG

#endif
