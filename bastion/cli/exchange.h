/* Exchange: one verb run by the keeper or by a viewer of the recorder, over a local socket.  Layer: bastion/cli. */
#ifndef SALLYPORT_BASTION_CLI_EXCHANGE_H
#define SALLYPORT_BASTION_CLI_EXCHANGE_H

#include "bastion/cli/terminal.h"
#include "lib/ipc/verb_msg.h"
#include "lib/model/verb.h"

enum { EXCHANGE_FAULT_SIZE = 1024 };
/* A socket on which `verb` may be sent: keeper.sock itself, or what recorder.sock yields for R_VIEW; *keep is then
 * recorder.sock, to be held open.  0: both are the caller's (*keep may be -1).  -errno, and `fault` says what happened,
 * why, and what to do. */
MUST_CHECK int exchange_open(int *out, int *keep, const char *run_dir, const struct verb *verb,
                             char fault[EXCHANGE_FAULT_SIZE]);

struct exchange {
	int socket;               /* of exchange_open(); stays the caller's */
	int input;                /* what is relayed as standard input; -1 for nothing */
	struct terminal *terminal; /* its size is told, also when it changes */
	struct verb_run *run;     /* with its arguments set */
};
/* Runs it to its end, writing what comes to standard output and error.  Its exit status, 128 + N after signal N, or
 * -errno with `fault`. */
MUST_CHECK int exchange_run(const struct exchange *exchange, char fault[EXCHANGE_FAULT_SIZE]);

#endif
