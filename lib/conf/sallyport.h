/* Sallyport: the configuration file, sallyport.yaml(5), as a struct.  Layer: conf.
 * Reading it looks up users (getpwnam(3)) and opens the file; it makes and changes nothing. */
#ifndef SALLYPORT_LIB_CONF_SALLYPORT_H
#define SALLYPORT_LIB_CONF_SALLYPORT_H

#include "lib/base/base.h"
#include "lib/base/text.h"
#include "lib/conf/yaml.h"
#include <netinet/in.h>
#include <sys/types.h>

enum {
	CONF_LISTEN_MAX = 16,
	CONF_PATH_SIZE = 1024,
	CONF_RUN_DIR_SIZE = 88, /* so that a socket's name below it fits sun_path (unix(7)) */
	CONF_PORT = 2222,
};
struct conf_listen {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} address;
	socklen_t address_len;
	char text[64]; /* "[::1]:2222" */
};
struct conf_user {
	uid_t uid; /* 0: stay what sallyportd is, which is not root then */
	gid_t gid;
};
struct sallyport_conf {
	struct conf_listen listen[CONF_LISTEN_MAX];
	size_t n_listen; /* 1..CONF_LISTEN_MAX */
	char state_dir[CONF_PATH_SIZE]; /* paths are absolute */
	char run_dir[CONF_RUN_DIR_SIZE];
	char libexec_dir[CONF_PATH_SIZE]; /* "": look beside sallyportd */
	struct conf_user session, keeper, recorder;
	char pam_service[NAME_SIZE];
	char pam_dir[CONF_PATH_SIZE]; /* "": the system's */
	uint32_t login_grace_s;
	uint32_t max_connections, max_per_source, max_startups;
	uint32_t wal_mib, reserve_mib, retention_days, recorder_wait_s;
	char sources[TEXT_SIZE]; /* CIDRs separated by ','; "": the machine's own addresses */
	uint32_t request_timeout_s, connect_timeout_s;
	char notice[TEXT_SIZE];
};

/* Reads the file into *out.  `as_root` says which users make sense: root's programs each become a user of their
 * own, others cannot become anybody.  0, or CONF_REFUSED and `fault` says where, what was expected and what was
 * found; -ENOMEM. */
enum { CONF_REFUSED = 1 };
MUST_CHECK int sallyport_conf_read(struct sallyport_conf *out, const char *path, bool as_root,
                                   char fault[YML_FAULT_SIZE]);
/* The same from text in memory. */
MUST_CHECK int sallyport_conf_parse(struct sallyport_conf *out, const char *name, const char *text, size_t len,
                                    bool as_root, char fault[YML_FAULT_SIZE]);

/* "192.0.2.7:22", "[::1]:22".  0, or -EINVAL. */
MUST_CHECK int conf_listen_parse(struct conf_listen *out, const char *text);
/* Is `text` an address with a prefix length that fits it, "192.0.2.0/24"? */
bool conf_is_cidr(const char *text);

#endif
