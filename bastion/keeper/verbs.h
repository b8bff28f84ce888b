/* Verbs: what people type, run against the control data.  Layer: keeper, above control.h and
 * approval/. */
#ifndef SALLYPORT_BASTION_KEEPER_VERBS_H
#define SALLYPORT_BASTION_KEEPER_VERBS_H

#include "bastion/keeper/control.h"
#include "lib/ipc/verb_msg.h"

/* One live connection, as `status` shows it and `kill` ends it. */
struct verbs_live {
	uint64_t connection;
	struct session_id session; /* all zero: no target yet */
	char identity[NAME_SIZE];
	char account[NAME_SIZE], target[NAME_SIZE]; /* "" : no target yet */
	char source[TEXT_SIZE];
	uint64_t grant;
	int64_t since_wall_s;
};
/* Whom to cut: the fields that are set must all match. */
struct verbs_cut {
	uint64_t grant;                     /* 0: any */
	char identity[NAME_SIZE];           /* "": any */
	char session[SESSION_ID_TEXT_SIZE]; /* a prefix; "": any */
	uint64_t own_grants_of; /* an approver's identity id: only sessions under grants it decided;
				   0: any */
	char text[NOTICE_SIZE]; /* shown to the cut */
};
struct verbs_ctx {
	struct control *control;
	/* who runs it */
	struct control_identity actor; /* id 0, role ROLE_OWNER, name "owner" on the local socket */
	const char *source;
	bool terminal;
	uint16_t columns;
	const char *ca_line; /* the CA's public key, an OpenSSH line without newline */
	/* Into the daemon; `user` is its own. */
	void *user;
	void (*out)(void *user, bool err, const char *data, size_t len);
	/* Calls `each` for every live connection. */
	void (*live)(void *user, void (*each)(void *each_user, const struct verbs_live *live),
		     void *each_user);
	unsigned (*cut)(void *user, const struct verbs_cut *cut); /* how many were cut */
	void (*extended)(void *user, uint64_t grant, int64_t end_wall_s);
	void (*policy_changed)(void *user); /* live connections are to be judged again */
};
/* Runs one verb of VERB_KEEPER.  `input` is all of its standard input.  The exit status of
 * VERB_DONE. */
enum verb_exit verbs_run(struct verbs_ctx *ctx, const struct verb_run *run, const char *input,
			 size_t input_len);
/* What to tell an identity at log-in: pending requests, live grants.  "" for nothing. */
void verbs_notice(struct control *control, const struct control_identity *who,
		  char out[NOTICE_SIZE]);

#endif
