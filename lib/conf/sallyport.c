#include "lib/conf/sallyport.h"

#include <arpa/inet.h>
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>

enum { PASSWD_SPACE = 16384, DAY_S = 86400 };

static int parse_number(const char *text, uint32_t most, uint32_t *out)
{
	uint32_t v = 0;

	if (*text == '\0')
		return -EINVAL;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return -EINVAL;
		v = v * 10 + (uint32_t)(*text - '0');
		if (v > most)
			return -EINVAL;
	}
	*out = v;
	return 0;
}

int conf_listen_parse(struct conf_listen *out, const char *text)
{
	struct conf_listen l = {0};
	char host[sizeof l.text];
	const char *colon = strrchr(text, ':');
	bool v6 = text[0] == '[';
	size_t from = v6 ? 1 : 0, len;
	uint32_t port;

	if (colon == NULL || strlen(text) >= sizeof l.text)
		return -EINVAL;
	len = (size_t)(colon - text) - from;
	if (v6 && (colon - text < 2 || colon[-1] != ']'))
		return -EINVAL;
	if (parse_number(colon + 1, UINT16_MAX, &port) != 0 || port == 0)
		return -EINVAL;
	memcpy(host, text + from, len);
	host[v6 ? len - 1 : len] = '\0';
	if (v6) {
		l.address.v6.sin6_family = AF_INET6;
		l.address.v6.sin6_port = htons((uint16_t)port);
		l.address_len = sizeof l.address.v6;
	} else {
		l.address.v4.sin_family = AF_INET;
		l.address.v4.sin_port = htons((uint16_t)port);
		l.address_len = sizeof l.address.v4;
	}
	if (inet_pton(v6 ? AF_INET6 : AF_INET, host,
		      v6 ? (void *)&l.address.v6.sin6_addr : (void *)&l.address.v4.sin_addr) != 1)
		return -EINVAL;
	memcpy(l.text, text, strlen(text) + 1);
	*out = l;
	return 0;
}

bool conf_is_cidr(const char *text)
{
	char host[INET6_ADDRSTRLEN];
	uint8_t address[sizeof(struct in6_addr)];
	const char *slash = strchr(text, '/');
	uint32_t bits;

	if (slash == NULL || (size_t)(slash - text) >= sizeof host)
		return false;
	memcpy(host, text, (size_t)(slash - text));
	host[slash - text] = '\0';
	if (inet_pton(AF_INET, host, address) == 1)
		return parse_number(slash + 1, 32, &bits) == 0;
	return inet_pton(AF_INET6, host, address) == 1 && parse_number(slash + 1, 128, &bits) == 0;
}

/* What the file does not say. */
static void set_defaults(struct sallyport_conf *c)
{
	*c = (struct sallyport_conf){
		.n_listen = 2,
		.state_dir = "/var/lib/sallyport",
		.run_dir = "/run/sallyport",
		.pam_service = "sallyport",
		.login_grace_s = 60,
		.max_connections = 2000,
		.max_per_source = 500,
		.max_startups = 200,
		.wal_mib = 64,
		.reserve_mib = 256,
		.retention_days = 200,
		.recorder_wait_s = 5,
		.request_timeout_s = 3600,
		.connect_timeout_s = 10,
	};
	if (conf_listen_parse(&c->listen[0], "0.0.0.0:2222") != 0 ||
	    conf_listen_parse(&c->listen[1], "[::]:2222") != 0)
		c->n_listen = 0;
}

static void read_listen(struct sallyport_conf *c, const struct yml_node *list)
{
	const struct yml_node *item;

	if (list == NULL)
		return;
	c->n_listen = 0;
	for (size_t i = 0; (item = yml_item(list, i)) != NULL; i++) {
		const char *text = yml_string(item, "");

		if (i == CONF_LISTEN_MAX)
			yml_fault_expected(item, "at most 16 addresses");
		else if (conf_listen_parse(&c->listen[c->n_listen], text) == 0)
			c->n_listen++;
		else
			yml_fault_expected(item,
					   "an address and port like 0.0.0.0:2222 or [::]:2222");
	}
	if (c->n_listen == 0)
		yml_fault_expected(list, "at least one address to listen on");
}

static void read_path(const struct yml_node *node, char *out, size_t size)
{
	const char *text = yml_string(node, NULL);
	char expected[64];

	if (text == NULL)
		return;
	if (text[0] != '/' || strlen(text) >= size) {
		(void)text_format(expected, sizeof expected,
				  "an absolute path of less than %zu bytes", size);
		yml_fault_expected(node, expected);
		return;
	}
	memcpy(out, text, strlen(text) + 1);
}

struct user_wish {
	const char *key;
	const char *usual;
};

/* `where` is the node a fault is shown at when the file names nobody. */
static void read_user(const struct yml_node *users, const struct yml_node *where, bool as_root,
		      const struct user_wish *wish, struct conf_user *out)
{
	const struct yml_node *node = yml_get(users, wish->key);
	const char *name = yml_string(node, as_root ? wish->usual : "none");
	struct passwd entry, *found = NULL;
	AUTO(freep) char *space = malloc(PASSWD_SPACE);

	if (space == NULL || (!as_root && strcmp(name, "none") == 0))
		return;
	if (!as_root) {
		yml_fault_expected(node, "none, as only root can start programs as another user");
		return;
	}
	if (getpwnam_r(name, &entry, space, PASSWD_SPACE, &found) == 0 && found != NULL &&
	    entry.pw_uid != 0) {
		*out = (struct conf_user){.uid = entry.pw_uid, .gid = entry.pw_gid};
		return;
	}
	if (node != NULL)
		yml_fault_expected(node, "a user that exists and is not root");
	else
		yml_fault_text(where,
			       "expected the user %s to exist (users.%s), found none; create it "
			       "with systemd-sysusers or name another",
			       name, wish->key);
}

static void read_users(struct sallyport_conf *c, const struct yml_node *root, bool as_root)
{
	static const char *const keys[] = {"session", "keeper", "recorder"};
	static const struct user_wish session = {"session", "sallyport-session"};
	static const struct user_wish keeper = {"keeper", "sallyport-keeper"};
	static const struct user_wish recorder = {"recorder", "sallyport-recorder"};
	const struct yml_node *users = yml_get(root, "users");

	yml_only(users, keys, ARRAY_SIZE(keys));
	read_user(users, root, as_root, &session, &c->session);
	read_user(users, root, as_root, &keeper, &c->keeper);
	read_user(users, root, as_root, &recorder, &c->recorder);
	if (as_root && (c->session.uid == c->keeper.uid || c->session.uid == c->recorder.uid ||
			c->keeper.uid == c->recorder.uid))
		yml_fault_text(users == NULL ? root : users,
			       "expected three different users, found one twice: each program must "
			       "be safe from the others");
}

static void read_pam(struct sallyport_conf *c, const struct yml_node *pam)
{
	static const char *const keys[] = {"service", "dir"};
	const char *name;

	yml_only(pam, keys, ARRAY_SIZE(keys));
	name = yml_name(yml_get(pam, "service"), NULL);
	if (name != NULL)
		(void)text_format(c->pam_service, sizeof c->pam_service, "%s", name);
	read_path(yml_get(pam, "dir"), c->pam_dir, sizeof c->pam_dir);
}

static uint32_t read_u32(const struct yml_node *map, const char *key, uint32_t least, uint32_t most,
			 uint32_t absent)
{
	return (uint32_t)yml_int(yml_get(map, key), least, most, absent);
}

static void read_limits(struct sallyport_conf *c, const struct yml_node *limits)
{
	static const char *const keys[] = {"connections", "per_source", "startups"};

	yml_only(limits, keys, ARRAY_SIZE(keys));
	c->max_connections = read_u32(limits, "connections", 1, 100000, c->max_connections);
	c->max_per_source = read_u32(limits, "per_source", 1, 100000, c->max_per_source);
	c->max_startups = read_u32(limits, "startups", 1, 100000, c->max_startups);
}

static void read_recorder(struct sallyport_conf *c, const struct yml_node *recorder)
{
	static const char *const keys[] = {"wal_mib", "reserve_mib", "retention", "wait"};
	uint32_t days = c->retention_days;

	yml_only(recorder, keys, ARRAY_SIZE(keys));
	c->wal_mib = read_u32(recorder, "wal_mib", 1, 1024, c->wal_mib);
	c->reserve_mib = read_u32(recorder, "reserve_mib", 0, 1024 * 1024, c->reserve_mib);
	c->retention_days =
		yml_seconds(yml_get(recorder, "retention"), DAY_S, 36500u * DAY_S, days * DAY_S) /
		DAY_S;
	c->recorder_wait_s = yml_seconds(yml_get(recorder, "wait"), 1, 300, c->recorder_wait_s);
}

static void read_certificates(struct sallyport_conf *c, const struct yml_node *certificates)
{
	static const char *const keys[] = {"sources"};
	const struct yml_node *list, *item;
	size_t at = 0;

	yml_only(certificates, keys, ARRAY_SIZE(keys));
	list = yml_get(certificates, "sources");
	for (size_t i = 0; (item = yml_item(list, i)) != NULL; i++) {
		const char *text = yml_string(item, "");

		if (!conf_is_cidr(text))
			yml_fault_expected(item, "an address range like 192.0.2.7/32");
		else if (!text_format(c->sources + at, sizeof c->sources - at, "%s%s",
				      i == 0 ? "" : ",", text))
			yml_fault_expected(item, "ranges of less than 512 bytes in all");
		at = strlen(c->sources);
	}
}

static void read_notice(struct sallyport_conf *c, const struct yml_node *node)
{
	const char *text = yml_string(node, "");
	bool plain = true;

	for (const char *p = text; *p != '\0'; p++)
		plain = plain && (*p == '\n' || ((unsigned char)*p >= ' ' && *p != 0x7f));
	if (!plain || strlen(text) >= sizeof c->notice)
		yml_fault_expected(node, "text of less than 512 bytes without control characters");
	else
		memcpy(c->notice, text, strlen(text) + 1);
}

static void read_root(struct sallyport_conf *c, const struct yml_node *root, bool as_root)
{
	static const char *const keys[] = {"listen",       "state_dir",       "run_dir",
					   "libexec_dir",  "users",           "pam",
					   "login_grace",  "limits",          "recorder",
					   "certificates", "request_timeout", "connect_timeout",
					   "notice"};

	yml_only(root, keys, ARRAY_SIZE(keys));
	read_listen(c, yml_get(root, "listen"));
	read_path(yml_get(root, "state_dir"), c->state_dir, sizeof c->state_dir);
	read_path(yml_get(root, "run_dir"), c->run_dir, sizeof c->run_dir);
	read_path(yml_get(root, "libexec_dir"), c->libexec_dir, sizeof c->libexec_dir);
	read_pam(c, yml_get(root, "pam"));
	c->login_grace_s = yml_seconds(yml_get(root, "login_grace"), 5, 3600, c->login_grace_s);
	read_limits(c, yml_get(root, "limits"));
	read_recorder(c, yml_get(root, "recorder"));
	read_certificates(c, yml_get(root, "certificates"));
	c->request_timeout_s =
		yml_seconds(yml_get(root, "request_timeout"), 60, 30 * DAY_S, c->request_timeout_s);
	c->connect_timeout_s =
		yml_seconds(yml_get(root, "connect_timeout"), 1, 300, c->connect_timeout_s);
	read_notice(c, yml_get(root, "notice"));
	read_users(c, root, as_root);
}

static void yml_freep(struct yml_doc **doc)
{
	yml_free(*doc);
}

static int from_doc(struct sallyport_conf *out, struct yml_doc *loaded, bool as_root,
		    char fault[YML_FAULT_SIZE])
{
	AUTO(yml_freep) struct yml_doc *doc = loaded;
	AUTO(freep) struct sallyport_conf *c = malloc(sizeof *c);

	if (c == NULL)
		return -ENOMEM;
	set_defaults(c);
	if (yml_fault(doc) == NULL)
		read_root(c, yml_root(doc), as_root);
	if (yml_fault(doc) != NULL) {
		(void)text_format(fault, YML_FAULT_SIZE, "%s", yml_fault(doc));
		return CONF_REFUSED;
	}
	*out = *c;
	return 0;
}

int sallyport_conf_parse(struct sallyport_conf *out, const char *name, const char *text, size_t len,
			 bool as_root, char fault[YML_FAULT_SIZE])
{
	struct yml_doc *doc;
	int r = yml_load(&doc, name, text, len);

	return r != 0 ? r : from_doc(out, doc, as_root, fault);
}

int sallyport_conf_read(struct sallyport_conf *out, const char *path, bool as_root,
			char fault[YML_FAULT_SIZE])
{
	struct yml_doc *doc;
	int r = yml_load_file(&doc, path);

	if (r == -ENOMEM)
		return r;
	if (r != 0) {
		(void)text_format(fault, YML_FAULT_SIZE, "%s: cannot be read: %s", path,
				  strerror(-r));
		return CONF_REFUSED;
	}
	return from_doc(out, doc, as_root, fault);
}
