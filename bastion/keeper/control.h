/* Control: the keeper's data: who there is, what they may, what was asked and granted.  Layer:
 * keeper. One writer, one thread.  Every change and its audit event go in by one transaction; the
 * schema (schema.c) refuses what would join powers that must stay apart, whatever the code above it
 * does. Every int answer: 0, a named outcome, or -errno of the store: nothing may be granted then.
 */
#ifndef SALLYPORT_BASTION_KEEPER_CONTROL_H
#define SALLYPORT_BASTION_KEEPER_CONTROL_H

#include "lib/ipc/evidence_msg.h"
#include "lib/ipc/keeper_msg.h"
#include "lib/model/model.h"
#include "lib/store/store.h"

struct control;
enum {
	CONTROL_UNKNOWN = 1, /* there is no such thing */
	CONTROL_USED,        /* the code's step was used before, by whomever */
	CONTROL_WRONG,       /* the password is not that */
	CONTROL_REFUSED,     /* the rules or the schema say no; `why` says it for people */
};
enum factor { FACTOR_KEY = 1, FACTOR_PASSWORD = 2, FACTOR_TOTP = 4 };
enum {
	TOTP_SECRET_SIZE = 20, /* RFC 4226, 4: 160 bits recommended */
	TOTP_STEP_S = 30,
	SEALED_EXTRA = 28,     /* nonce and tag of AES-256-GCM */
	GUESSES_IDENTITY = 10, /* wrong second factors in GUESS_WINDOW_S, over all sources */
	GUESSES_SOURCE = 30,   /* wrong attempts of one source in the same time */
	GUESS_WINDOW_S = 600,
	LOOK_BACK_S = 30 * 86400,
	WINDOW_MAX_S = 86400,
};

/* Opens or makes `state_dir`/control.db and seal.key.  0 or -errno. */
MUST_CHECK int control_open(struct control **out, const char *state_dir);
void control_close(struct control *control);
/* The time decisions are made by, seconds since the epoch: wall time when the keeper started, moved
 * on by CLOCK_BOOTTIME, so that setting the clock extends nothing. */
int64_t control_now_s(const struct control *control);
/* False when the wall clock was behind the highest time ever seen when the keeper started: nothing
 * is granted. */
bool control_clock_right(const struct control *control);
struct store *control_store(struct control *control); /* for approval/ and inventory.c */

/* Identities. */
struct control_identity {
	int64_t id;
	char name[NAME_SIZE];
	char person[TEXT_SIZE];
	enum role role;
	uint32_t factors; /* enum factor bits that a log-in must prove */
	bool locked;
};
/* CONTROL_UNKNOWN also for one no longer in the inventory. */
MUST_CHECK int control_identity(struct control *control, const char *name,
				struct control_identity *out);
/* Is this public key blob one of the identity's?  0 yes, CONTROL_UNKNOWN. */
MUST_CHECK int control_key_is(struct control *control, int64_t identity, const uint8_t *blob,
			      size_t len);
MUST_CHECK int control_lock(struct control *control, const char *name, bool locked);

/* Second factors.  The secret: wipe it.  CONTROL_UNKNOWN: none is enrolled. */
MUST_CHECK int control_totp_secret(struct control *control, int64_t identity,
				   uint8_t secret[TOTP_SECRET_SIZE]);
/* Marks a step (time / TOTP_STEP_S) as used, in the store, before it answers.  0; CONTROL_USED: it
 * or a later one was. */
MUST_CHECK int control_totp_use(struct control *control, int64_t identity, int64_t step);
MUST_CHECK int control_totp_new(struct control *control, const char *name,
				uint8_t secret[TOTP_SECRET_SIZE]);
/* 0, CONTROL_WRONG, CONTROL_UNKNOWN (takes the same time). */
MUST_CHECK int control_password_check(struct control *control, int64_t identity,
				      const char *password);
MUST_CHECK int control_password_set(struct control *control, const char *name,
				    const char *password);

/* Throttling.  May `name`, from `source`, guess (again)?  0 yes, CONTROL_REFUSED.  A name need not
 * exist. */
MUST_CHECK int control_may_guess(struct control *control, const char *name, const char *source);
MUST_CHECK int control_guessed_wrong(struct control *control, const char *name, const char *source);
MUST_CHECK int control_guessed_right(struct control *control, const char *name);

/* May this identity use account@target from this address now? */
struct control_decision {
	uint64_t grant;            /* 0: none is needed */
	int64_t end_wall_s;        /* of the grant; 0: none */
	uint32_t ways;             /* enum way bits */
	char reason[TEXT_SIZE];    /* of the request */
	char approvers[TEXT_SIZE]; /* "bob, eve" */
	char why[NOTICE_SIZE];     /* CONTROL_REFUSED: for the person: what, why, what next */
};
MUST_CHECK int control_may_connect(struct control *control, const struct control_identity *identity,
				   const char *account, const char *target, const char *source,
				   struct control_decision *out);

/* Targets. */
enum { TARGET_KEYS_MAX = 8, TARGET_KEY_MAX = 2048 };
struct control_target {
	char address[TEXT_SIZE];
	uint16_t port;
	uint32_t n_keys;
	struct {
		uint8_t blob[TARGET_KEY_MAX];
		size_t len;
	} keys[TARGET_KEYS_MAX];
};
MUST_CHECK int control_target(struct control *control, const char *name,
			      struct control_target *out);

/* Policy: the newest version and its command rules, as ruleset_get() reads them; *blob is the
 * caller's to free(). */
MUST_CHECK int control_policy(struct control *control, uint32_t *version, uint8_t **blob,
			      size_t *len);

/* Events wait in the store until the recorder has them. */
MUST_CHECK int control_event(struct control *control,
			     const struct e_event *event); /* id and wall_ns are set here */
/* The oldest unsent with an id above `after`.  0, CONTROL_UNKNOWN: none. */
MUST_CHECK int control_event_next(struct control *control, uint64_t after, struct e_event *out);
MUST_CHECK int control_event_sent(struct control *control, uint64_t id);

/* Sealing of what must lie at rest: AES-256-GCM under seal.key; `purpose` is bound to it.  `out`
 * has len + SEALED_EXTRA. */
MUST_CHECK int control_seal(struct control *control, const char *purpose, const void *data,
			    size_t len, uint8_t *out);
/* `out` has len - SEALED_EXTRA.  0 or -EBADMSG. */
MUST_CHECK int control_unseal(struct control *control, const char *purpose, const void *sealed,
			      size_t len, uint8_t *out);

/* Every minute: expires requests and grants, forgets old guesses, keeps the highest time. */
MUST_CHECK int control_tidy(struct control *control);

#endif
