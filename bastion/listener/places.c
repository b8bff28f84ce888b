#include "bastion/listener/places.h"
#include "bastion/listener/hostkey.h"
#include "lib/base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

/* Says what went wrong and hands the errno on. */
static int fail(char fault[PLACES_FAULT_SIZE], int r, const char *fmt, ...) PRINTF_LIKE(3, 4);
static int fail(char fault[PLACES_FAULT_SIZE], int r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(fault, PLACES_FAULT_SIZE, fmt, ap);
	va_end(ap);
	return r;
}

static int make_parents(const char *path, char fault[PLACES_FAULT_SIZE])
{
	char part[CONF_PATH_SIZE];

	for (const char *slash = strchr(path + 1, '/'); slash != NULL;
	     slash = strchr(slash + 1, '/')) {
		(void)text_format(part, sizeof part, "%.*s", (int)(slash - path), path);
		if (mkdir(part, 0755) != 0 && errno != EEXIST)
			return fail(fault, -errno, "cannot make %s: %s", part, strerror(errno));
	}
	return 0;
}

int place_directory(const char *path, const struct conf_user *user, mode_t mode,
		    char fault[PLACES_FAULT_SIZE])
{
	AUTO(closep) int fd = -1;
	struct stat st;
	uid_t owner = user->uid == 0 ? geteuid() : user->uid;
	gid_t group = user->uid == 0 ? getegid() : user->gid;
	bool made;
	int r = make_parents(path, fault);

	if (r != 0)
		return r;
	made = mkdir(path, 0700) == 0;
	if (!made && errno != EEXIST)
		return fail(fault, -errno, "cannot make %s: %s", path, strerror(errno));
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd == -1 || fstat(fd, &st) != 0)
		return fail(fault, -errno, "cannot open the directory %s: %s", path,
			    strerror(errno));
	if (made && owner != st.st_uid && fchown(fd, owner, group) != 0)
		return fail(fault, -errno, "cannot give %s to uid %u: %s", path, owner,
			    strerror(errno));
	if (!made && st.st_uid != owner)
		return fail(
			fault, -EPERM,
			"%s belongs to uid %u, expected uid %u: give it to the user its program "
			"runs as",
			path, st.st_uid, owner);
	if ((st.st_mode & 07777) != mode && fchmod(fd, mode) != 0)
		return fail(fault, -errno, "cannot set the mode of %s: %s", path, strerror(errno));
	return 0;
}

int places_make(const struct sallyport_conf *conf, char fault[PLACES_FAULT_SIZE])
{
	static const struct conf_user ourselves = {0};
	const struct {
		const char *base, *name;
		const struct conf_user *user;
		mode_t mode;
	} places[] = {
		{conf->state_dir, "", &ourselves, 0755},
		{conf->state_dir, "/keeper", &conf->keeper, 0700},
		{conf->state_dir, "/recorder", &conf->recorder, 0700},
		{conf->state_dir, "/hostkeys", &ourselves, 0700},
		{conf->run_dir, "", &ourselves, 0755},
	};
	char path[CONF_PATH_SIZE];
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(places); i++) {
		if (!text_format(path, sizeof path, "%s%s", places[i].base, places[i].name))
			return fail(fault, -ENAMETOOLONG, "%s is too long", places[i].base);
		r = place_directory(path, places[i].user, places[i].mode, fault);
	}
	return r;
}

int places_lock(int *out, const char *run_dir, char fault[PLACES_FAULT_SIZE])
{
	char path[CONF_PATH_SIZE], pid[32];
	AUTO(closep) int fd = -1;

	(void)text_format(path, sizeof path, "%s/sallyportd.pid", run_dir);
	fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd == -1)
		return fail(fault, -errno, "cannot open %s: %s", path, strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		return fail(fault, -EBUSY, "another sallyportd is running: it holds %s", path);
	(void)text_format(pid, sizeof pid, "%d\n", (int)getpid());
	if (ftruncate(fd, 0) != 0 || write(fd, pid, strlen(pid)) < 0)
		return fail(fault, -errno, "cannot write %s: %s", path, strerror(errno));
	*out = TAKE_FD(fd);
	return 0;
}

/* Writes a file nobody has made yet, whole and on disk, by way of a temporary name. */
static int write_new(int dir, const char *name, mode_t mode, const char *text)
{
	char temporary[NAME_SIZE];
	AUTO(closep) int fd = -1;
	size_t len = strlen(text);

	(void)text_format(temporary, sizeof temporary, "%s.new", name);
	(void)unlinkat(dir, temporary, 0);
	fd = openat(dir, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
	if (fd == -1)
		return -errno;
	if (write(fd, text, len) != (ssize_t)len || fsync(fd) != 0 ||
	    renameat(dir, temporary, dir, name) != 0 || fsync(dir) != 0) {
		int r = errno == 0 ? -EIO : -errno;

		(void)unlinkat(dir, temporary, 0);
		return r;
	}
	return 0;
}

static int make_key(int dir, const char *path, char fault[PLACES_FAULT_SIZE])
{
	char secret[HOSTKEY_TEXT_SIZE], public_line[HOSTKEY_TEXT_SIZE];
	int r = hostkey_make(secret, public_line, "sallyport");

	if (r == 0)
		r = write_new(dir, "ed25519.pub", 0644, public_line);
	if (r == 0)
		r = write_new(dir, "ed25519", 0600, secret);
	secret_wipe(secret, sizeof secret);
	return r == 0 ? 0 : fail(fault, r, "cannot make a host key in %s: %s", path, strerror(-r));
}

/* One key file into the next place of `out`.  0, -ENOENT, or another -errno with `fault`. */
static int read_key(struct host_keys *out, int dir, const char *path, const char *name,
		    char fault[PLACES_FAULT_SIZE])
{
	static const char begin[] = "-----BEGIN ";
	AUTO(closep) int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	char *text;
	ssize_t n;

	if (fd == -1 && errno == ENOENT)
		return -ENOENT;
	if (fd == -1 || fstat(fd, &st) != 0)
		return fail(fault, -errno, "cannot open %s/%s: %s", path, name, strerror(errno));
	if (!S_ISREG(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 077) != 0)
		return fail(fault, -EPERM,
			    "%s/%s: expected a file that only its owner, uid %u, can read (mode "
			    "0600)",
			    path, name, geteuid());
	text = malloc(HOST_KEY_TEXT_MAX);
	if (text == NULL)
		return -ENOMEM;
	n = read(fd, text, HOST_KEY_TEXT_MAX);
	if (n != st.st_size || n < (ssize_t)sizeof begin ||
	    memcmp(text, begin, sizeof begin - 1) != 0) {
		secret_wipe(text, HOST_KEY_TEXT_MAX);
		free(text);
		return fail(fault, -EINVAL, "%s/%s: expected a private key of at most %d bytes",
			    path, name, (int)HOST_KEY_TEXT_MAX);
	}
	out->keys[out->n].text = text;
	out->keys[out->n++].len = (size_t)n;
	return 0;
}

void host_keys_done(struct host_keys *keys)
{
	for (uint32_t i = 0; i < keys->n; i++) {
		secret_wipe(keys->keys[i].text, keys->keys[i].len);
		free(keys->keys[i].text);
	}
	keys->n = 0;
}

int host_keys_read(struct host_keys *out, const char *state_dir, char fault[PLACES_FAULT_SIZE])
{
	static const char *const names[] = {"ed25519", "ecdsa", "rsa"};
	char path[CONF_PATH_SIZE];
	AUTO(closep) int dir = -1;
	int r = 0;

	*out = (struct host_keys){0};
	(void)text_format(path, sizeof path, "%s/hostkeys", state_dir);
	dir = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir == -1)
		return fail(fault, -errno, "cannot open %s: %s", path, strerror(errno));
	if (faccessat(dir, names[0], F_OK, AT_SYMLINK_NOFOLLOW) != 0)
		r = make_key(dir, path, fault);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(names); i++) {
		r = read_key(out, dir, path, names[i], fault);
		if (r == -ENOENT && i > 0)
			r = 0;
	}
	if (r != 0)
		host_keys_done(out);
	return r;
}

static bool is_program(char out[CONF_PATH_SIZE], const char *dir, const char *below,
		       const char *name)
{
	return text_format(out, CONF_PATH_SIZE, "%s/%s%s", dir, below, name) &&
	       access(out, X_OK) == 0;
}

int place_program(char out[CONF_PATH_SIZE], const char *libexec_dir, const char *folder,
		  const char *name, char fault[PLACES_FAULT_SIZE])
{
	char own[CONF_PATH_SIZE], below[CONF_PATH_SIZE];
	ssize_t n;

	if (libexec_dir[0] != '\0') {
		if (is_program(out, libexec_dir, "", name))
			return 0;
		return fail(fault, -ENOENT, "%s is not in %s (libexec_dir)", name, libexec_dir);
	}
	n = readlink("/proc/self/exe", own, sizeof own - 1);
	own[n < 0 ? 0 : n] = '\0';
	if (strrchr(own, '/') != NULL)
		*strrchr(own, '/') = '\0';
	(void)text_format(below, sizeof below, "../../%s/", folder);
	if (is_program(out, own, "", name) || is_program(out, SALLYPORT_LIBEXEC_DIR, "", name) ||
	    is_program(out, own, below, name))
		return 0;
	return fail(fault, -ENOENT, "%s is neither in %s nor in %s", name, own,
		    SALLYPORT_LIBEXEC_DIR);
}
