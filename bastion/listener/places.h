/* Places: the directories, the lock, the host keys and the programs sallyportd finds or makes at its start.
 * Layer: bastion/listener.  Every failure comes with a sentence for the log. */
#ifndef SALLYPORT_BASTION_LISTENER_PLACES_H
#define SALLYPORT_BASTION_LISTENER_PLACES_H

#include "lib/conf/sallyport.h"
#include "lib/ipc/daemon_msg.h"

enum { PLACES_FAULT_SIZE = 2 * CONF_PATH_SIZE };
struct host_keys {
	uint32_t n; /* 1..HOST_KEYS_OURS_MAX after host_keys_read() */
	struct {
		char *text; /* an OpenSSH private key file; secret */
		size_t len;
	} keys[HOST_KEYS_OURS_MAX];
};

/* Makes `path`, and what is missing above it (0755), as a directory of `user` (uid 0: the caller) with `mode`.  One that
 * exists must be theirs already and is given the mode.  0, or -errno and `fault` says what and why. */
MUST_CHECK int place_directory(const char *path, const struct conf_user *user, mode_t mode,
                               char fault[PLACES_FAULT_SIZE]);
/* All directories of the configuration.  0, or -errno with `fault`. */
MUST_CHECK int places_make(const struct sallyport_conf *conf, char fault[PLACES_FAULT_SIZE]);
/* Takes the lock run_dir/sallyportd.pid, writes our pid into it.  *out is to be kept open.  0, or -errno with `fault`;
 * -EBUSY when another sallyportd holds it. */
MUST_CHECK int places_lock(int *out, const char *run_dir, char fault[PLACES_FAULT_SIZE]);

/* Reads state_dir/hostkeys/{ed25519,ecdsa,rsa}, those that exist; makes ed25519 at the first start.  0, or -errno with
 * `fault`. */
MUST_CHECK int host_keys_read(struct host_keys *out, const char *state_dir, char fault[PLACES_FAULT_SIZE]);
void host_keys_done(struct host_keys *keys); /* wipes */

/* Where the program `name` lies: libexec_dir; if that is "", beside sallyportd, in the directory programs are installed
 * to, or in `folder` of the build tree sallyportd was started from.  0, or -ENOENT with `fault`. */
MUST_CHECK int place_program(char out[CONF_PATH_SIZE], const char *libexec_dir, const char *folder,
                             const char *name, char fault[PLACES_FAULT_SIZE]);

#endif
