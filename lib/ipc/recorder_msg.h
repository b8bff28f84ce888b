/* sallyport-session <-> sallyport-recorder.  Layer: ipc.  Frames go one way, acknowledgements the other; a
 * byte is delivered only after the frame that holds it is acknowledged.  The recorder stamps the time itself. */
#ifndef SALLYPORT_LIB_IPC_RECORDER_MSG_H
#define SALLYPORT_LIB_IPC_RECORDER_MSG_H

#include "lib/ipc/ipc.h"
#include "lib/model/model.h"

enum recorder_msg {
	R_FRAME = 1, /* r_frame; its seq counts frames of the recording from 1.  Only after the keeper opened it */
	R_END = 2,   /* r_end [R_SEALED]: nothing follows */
	R_VIEW = 3,  /* empty [R_VIEWING or R_REFUSED]: for connections the keeper named viewers only */
	R_ACK = 65,  /* empty; its seq: every frame up to this one is kept */
	R_SEALED = 66,
	R_REFUSED = 67, /* r_text: cannot record (any more): deliver nothing, say so, end */
	R_VIEWING = 68, /* with one descriptor: a socket on which VERB_RUN of a recorder's verb may be sent once */
};
/* What a frame holds.  The numbers are those of docs/record-format.md and never change their meaning. */
enum frame_kind {
	FRAME_OUTPUT = 1,  /* the target's standard output, or pty output */
	FRAME_STDERR = 2,  /* extended data 1 (RFC 4254, 5.2) */
	FRAME_INPUT = 3,   /* to the target's standard input, not a pty */
	FRAME_MASKED = 4,  /* keys to a pty: u32 count only, for they may be secret; what was echoed is in OUTPUT */
	FRAME_RESIZE = 5,  /* u32 columns, u32 rows (RFC 4254, 6.7) */
	FRAME_OPEN = 6,    /* u8 way (bit number), string detail: channel opened: command, subsystem, destination */
	FRAME_PTY = 7,     /* string TERM, u32 columns, u32 rows */
	FRAME_ENV = 8,     /* string name, string value */
	FRAME_SIGNAL = 9,  /* string name without "SIG" (RFC 4254, 6.9), from the client */
	FRAME_EXIT = 10,   /* u32 exit status (RFC 4254, 6.10) */
	FRAME_EXIT_SIGNAL = 11, /* string name */
	FRAME_EOF = 12,    /* u8: 0 from the target, 1 from the client */
	FRAME_CLOSE = 13,  /* empty: the channel is gone */
	FRAME_COMMAND = 14, /* r_command: a line or exec request that was judged */
	FRAME_NOTICE = 15,  /* string: what the bastion itself showed the user */
	FRAME_KINDS = 16,
};
struct r_frame {
	uint32_t channel; /* the session's number; 0 for the session as a whole */
	uint8_t kind;     /* enum frame_kind */
	const uint8_t *data;
	size_t len; /* 0..IPC_DATA_MAX */
};
struct r_end {
	char reason[TEXT_SIZE]; /* "closed by client", "grant 17 has ended", ... */
};
struct r_text {
	char text[TEXT_SIZE];
};
/* The body of FRAME_COMMAND. */
enum { COMMAND_MAX = 16384 };
struct r_command {
	uint8_t verdict;        /* enum verdict */
	uint8_t certainty;      /* enum certainty */
	uint8_t typed;          /* 1 typed in a shell, 0 exec request */
	uint32_t reasons;       /* bits of bastion/filter: why it is no surer */
	char rule[NAME_SIZE];   /* the rule that decided; "" when the default did */
	const uint8_t *line;    /* as recorded: echoed text only, cut to COMMAND_MAX */
	size_t line_len;
};
/* 0 or -EBADMSG for each _get; pointers stay inside the packet. */
void r_frame_put(struct wbuf *b, const struct r_frame *m);
MUST_CHECK int r_frame_get(struct rbuf *b, struct r_frame *m);
void r_end_put(struct wbuf *b, const struct r_end *m);
MUST_CHECK int r_end_get(struct rbuf *b, struct r_end *m);
void r_text_put(struct wbuf *b, const struct r_text *m);
MUST_CHECK int r_text_get(struct rbuf *b, struct r_text *m);
void r_command_put(struct wbuf *b, const struct r_command *m);
MUST_CHECK int r_command_get(struct rbuf *b, struct r_command *m);

#endif
