/* sallyport-keeper -> sallyport-recorder: who is recorded, who may look, what happened.  Layer: ipc. */
#ifndef SALLYPORT_LIB_IPC_EVIDENCE_MSG_H
#define SALLYPORT_LIB_IPC_EVIDENCE_MSG_H

#include "lib/ipc/ipc.h"
#include "lib/model/model.h"

enum evidence_msg {
	E_OPEN = 1,   /* e_open [E_OPENED or E_REFUSED]: the connection's frames may come after this */
	E_VIEWER = 2, /* e_viewer, no answer: this connection may R_VIEW, as this role */
	E_EVENT = 3,  /* e_event [E_STORED or E_REFUSED] */
	E_VIEWER_CONF = 4, /* e_viewer_conf, recorder -> its viewer, first; the viewer then sends E_EVENT for what is
	                    * looked at, and shows nothing before E_STORED */
	E_DOORBELL = 5,    /* e_doorbell, recorder -> its indexer: there is more to index */
	E_OPENED = 65,
	E_REFUSED = 66, /* e_text: why not */
	E_STORED = 67,  /* the event is in the store and survives kill -9 */
};
/* Everything a recording's header says; the keeper vouches for all of it. */
struct e_open {
	uint64_t connection; /* sallyportd's number */
	struct session_id id;
	char identity[NAME_SIZE];
	char person[TEXT_SIZE]; /* free text */
	char account[NAME_SIZE], target[NAME_SIZE];
	char endpoint[TEXT_SIZE];        /* the target's address and port */
	char source[TEXT_SIZE];          /* the client's */
	char client[TEXT_SIZE];          /* its identification string */
	char factors[TEXT_SIZE];         /* "publickey SHA256:..., totp" */
	uint64_t grant;                  /* 0: none was needed */
	char reason[TEXT_SIZE];          /* of the request */
	char approvers[TEXT_SIZE];       /* identities, separated by ", " */
	uint32_t policy_version;
	int64_t deadline_wall_s;         /* when the grant ends; 0: none */
};
struct e_viewer {
	uint64_t connection;
	char identity[NAME_SIZE];
	enum role role; /* auditor or admin */
	char source[TEXT_SIZE];
};
struct e_event {
	uint64_t id;       /* the keeper's number, growing: a repeated one is stored once */
	int64_t wall_ns;   /* when it happened */
	char kind[NAME_SIZE];    /* "login", "request", "approve", "connect", "cut", "policy", "lock", ... */
	char result[NAME_SIZE];  /* "ok", "refused" or "failed" */
	char subject[NAME_SIZE]; /* the identity; "owner" on the local socket; "-" when nobody is known */
	char object[TEXT_SIZE];  /* "root@db1", "request 17", "identity alice", ... */
	char source[TEXT_SIZE];  /* address of the client, or "local" */
	struct session_id session; /* all zero: none */
	char detail[TEXT_SIZE];    /* for people; hostile when shown */
};
struct e_viewer_conf {
	char state_dir[TEXT_SIZE]; /* the recorder's */
	char identity[NAME_SIZE];  /* "owner" on the local socket */
	enum role role;            /* auditor, admin or owner */
	char source[TEXT_SIZE];
};
struct e_doorbell {
	struct session_id id; /* a chunk of it was sealed, or it was closed; all zero: events were appended */
	bool closed;
};
struct e_text {
	char text[TEXT_SIZE];
};
void e_open_put(struct wbuf *b, const struct e_open *m);
MUST_CHECK int e_open_get(struct rbuf *b, struct e_open *m);
void e_viewer_put(struct wbuf *b, const struct e_viewer *m);
MUST_CHECK int e_viewer_get(struct rbuf *b, struct e_viewer *m);
void e_event_put(struct wbuf *b, const struct e_event *m);
MUST_CHECK int e_event_get(struct rbuf *b, struct e_event *m);
void e_viewer_conf_put(struct wbuf *b, const struct e_viewer_conf *m);
MUST_CHECK int e_viewer_conf_get(struct rbuf *b, struct e_viewer_conf *m);
void e_doorbell_put(struct wbuf *b, const struct e_doorbell *m);
MUST_CHECK int e_doorbell_get(struct rbuf *b, struct e_doorbell *m);
void e_text_put(struct wbuf *b, const struct e_text *m);
MUST_CHECK int e_text_get(struct rbuf *b, struct e_text *m);

#endif
