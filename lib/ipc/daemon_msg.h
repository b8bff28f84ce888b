/* sallyportd <-> the programs it starts.  Layer: ipc.  Each of them finds the socket at DAEMON_FD. */
#ifndef SALLYPORT_LIB_IPC_DAEMON_MSG_H
#define SALLYPORT_LIB_IPC_DAEMON_MSG_H

#include "lib/ipc/ipc.h"
#include "lib/model/model.h"

enum { DAEMON_FD = 3, PATH_SIZE = 1024 };
enum daemon_msg {
	/* sallyportd -> child */
	D_KEEPER_CONF = 1,   /* d_keeper_conf, first; fds: listening keeper.sock, socket to the recorder */
	D_RECORDER_CONF = 2, /* d_recorder_conf, first; fds: listening recorder.sock, socket to the keeper */
	D_SESSION_CONF = 3,  /* d_session_conf, first, no fds: to the template of session processes */
	D_ATTACH = 4,        /* d_attach, one fd: a connection's socket; to keeper and recorder, before D_START */
	D_START = 5,         /* d_attach, three fds: client, keeper, recorder [D_STARTED]: to the template */
	D_GONE = 6,          /* d_connection: its process has ended; to keeper */
	D_PING = 7,          /* empty [D_PONG, same seq]: to keeper, recorder and template, every second */
	D_PEER = 8,          /* empty, one fd: recorder or keeper was restarted: to the survivor, its new socket to it */
	/* child -> sallyportd */
	D_READY = 65,   /* empty, once: configured, confined, willing to work */
	D_STARTED = 66, /* d_started, one fd: the process's pidfd */
	D_PONG = 67,
	D_KILL = 68,    /* d_connection: keeper's word: this process did not obey a cut */
	D_IN = 69,      /* d_connection: keeper's word: its identity is in, so it is no start-up any more */
};
struct d_keeper_conf {
	char state_dir[PATH_SIZE];   /* its own, exists, 0700, its uid's: control.db, seal.key, ca.key */
	char pam_service[NAME_SIZE];
	char pam_dir[PATH_SIZE];     /* pam_start_confdir(3); "" for the system's */
	char pam_child[PATH_SIZE];   /* the program that runs PAM */
	char sources[TEXT_SIZE];     /* source-address of certificates: CIDRs separated by ',' */
	uint32_t uid, gid;           /* to become, from root; 0: stay as started (not root) */
	uint32_t request_timeout_s;  /* a request nobody decides ends after this */
	uint32_t connect_timeout_ms; /* to a target */
	char login_notice[TEXT_SIZE]; /* shown at log-in; may be "" */
};
struct d_recorder_conf {
	char state_dir[PATH_SIZE]; /* its own, exists, 0700, its uid's: wal/ recordings/ index/ events/ keys/ */
	char viewer[PATH_SIZE];    /* the program that runs auditors' verbs */
	char indexer[PATH_SIZE];   /* the program that keeps the index */
	uint32_t uid, gid;
	uint32_t wal_mib;          /* size of a WAL segment, 1..1024 */
	uint32_t reserve_mib;      /* free space below which no new recording is opened */
	uint32_t retention_days;   /* 1..36500 */
};
enum { HOST_KEYS_OURS_MAX = 4, HOST_KEY_TEXT_MAX = 8192 };
struct d_session_conf {
	uint32_t uid, gid;
	uint32_t login_grace_ms; /* from accept to being in */
	uint32_t recorder_wait_ms; /* how long an acknowledgement may take before the session ends */
	uint32_t n_host_keys;
	struct {
		const char *text; /* OpenSSH private key file's text, not NUL-ended; secret */
		size_t len;
	} host_keys[HOST_KEYS_OURS_MAX];
};
struct d_attach {
	uint64_t connection;    /* never used twice while sallyportd runs */
	char source[TEXT_SIZE]; /* "192.0.2.9", no port: rules and throttling use it */
	uint16_t source_port;
	char local[TEXT_SIZE];  /* the address it came in by, with port */
};
struct d_connection {
	uint64_t connection;
};
struct d_started {
	uint64_t connection;
	uint32_t pid;
};
#define DAEMON_MSG(name)                                                                           \
	void name##_put(struct wbuf *b, const struct name *m);                                     \
	MUST_CHECK int name##_get(struct rbuf *b, struct name *m)
DAEMON_MSG(d_keeper_conf);
DAEMON_MSG(d_recorder_conf);
DAEMON_MSG(d_session_conf);
DAEMON_MSG(d_attach);
DAEMON_MSG(d_connection);
DAEMON_MSG(d_started);
#undef DAEMON_MSG

#endif
