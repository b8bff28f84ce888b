/* sallyportd(8): the supervisor.  Reads options and configuration, makes the places, opens the
 * doors, gives up its rights and loops. */
#include "bastion/listener/listener.h"
#include "bastion/listener/rights.h"
#include "lib/base/log.h"
#include "lib/base/secret.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>

struct options {
	const char *file;
	bool check;
};
enum { OPTIONS_GO = -1 }; /* else a status to exit with */

static const char usage[] =
	"Usage: sallyportd [-D] [-f FILE] [--check]\n"
	"Starts the bastion: listens for SSH, starts and watches its programs.\n"
	"  -f, --file FILE   the configuration, default " SALLYPORT_CONF "\n"
	"      --check       only read the configuration and say whether it is good\n"
	"  -D                stay in the foreground (it always does)\n"
	"      --help, --version\n"
	"Signals: TERM stops it in order, HUP reads the configuration again.\n";

static int read_options(struct options *out, int argc, char **argv)
{
	static const struct option longs[] = {{"file", required_argument, NULL, 'f'},
					      {"check", no_argument, NULL, 'c'},
					      {"help", no_argument, NULL, 'h'},
					      {"version", no_argument, NULL, 'V'},
					      {NULL, 0, NULL, 0}};
	int c;

	*out = (struct options){.file = SALLYPORT_CONF};
	while ((c = getopt_long(argc, argv, "Df:", longs, NULL)) != -1) {
		switch (c) {
		case 'D': break;
		case 'f': out->file = optarg; break;
		case 'c': out->check = true; break;
		case 'h': (void)fputs(usage, stdout); return EXIT_SUCCESS;
		case 'V': (void)puts("sallyportd " SALLYPORT_VERSION); return EXIT_SUCCESS;
		default: (void)fputs(usage, stderr); return 2;
		}
	}
	if (optind == argc)
		return OPTIONS_GO;
	(void)fprintf(stderr, "sallyportd: takes no argument like %s\n%s", argv[optind], usage);
	return 2;
}

/* What is needed before anybody listens.  0, or -errno with `fault`. */
static int prepare(struct listener_conf *conf, int *lock, char fault[PLACES_FAULT_SIZE])
{
	int r = places_make(&conf->conf, fault);

	if (r == 0)
		r = places_lock(lock, conf->conf.run_dir, fault);
	if (r == 0)
		r = host_keys_read(&conf->host_keys, conf->conf.state_dir, fault);
	return r;
}

static void block_signals(void)
{
	static const int blocked[] = {SIGTERM, SIGINT, SIGHUP, SIGCHLD};
	sigset_t set;

	(void)sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_SIZE(blocked); i++)
		(void)sigaddset(&set, blocked[i]);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
}

static void loop_freep(sd_event **loop)
{
	sd_event_unref(*loop);
}

static void listener_freep(struct listener **listener)
{
	listener_free(*listener);
}

static int run(struct listener_conf *conf)
{
	AUTO(closep) int lock = -1;
	AUTO(loop_freep) sd_event *loop = NULL;
	AUTO(listener_freep) struct listener *listener = NULL;
	char fault[PLACES_FAULT_SIZE] = "cannot start";
	int r = prepare(conf, &lock, fault);

	block_signals();
	if (r == 0)
		r = sd_event_new(&loop);
	if (r >= 0)
		r = listener_new(&listener, loop, conf, fault);
	if (r != 0) {
		log_line(LOG_LEVEL_ERROR, "%s (%s)", fault, strerror(-r));
		return EXIT_FAILURE;
	}
	r = rights_drop();
	if (r != 0) {
		log_line(LOG_LEVEL_ERROR, "cannot give up rights: %s", strerror(-r));
		return EXIT_FAILURE;
	}
	(void)sd_event_set_watchdog(loop, 1);
	listener_run(listener);
	r = sd_event_loop(loop);
	if (r < 0)
		log_line(LOG_LEVEL_ERROR, "the loop has failed: %s", strerror(-r));
	return r == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	struct options options;
	struct listener_conf conf = {.as_root = geteuid() == 0};
	char fault[YML_FAULT_SIZE];
	int r = read_options(&options, argc, argv);

	if (r != OPTIONS_GO)
		return r;
	(void)umask(022);
	r = sallyport_conf_read(&conf.conf, options.file, conf.as_root, fault);
	if (r < 0)
		(void)text_format(fault, sizeof fault, "%s: %s", options.file, strerror(-r));
	if (r != 0) {
		(void)fprintf(stderr, "sallyportd: %s\n", fault);
		return EXIT_FAILURE;
	}
	if (options.check) {
		(void)printf("%s: good\n", options.file);
		return EXIT_SUCCESS;
	}
	r = secret_no_dumps();
	if (r != 0) {
		log_line(LOG_LEVEL_ERROR, "cannot forbid core dumps: %s", strerror(-r));
		return EXIT_FAILURE;
	}
	rights_raise_descriptors();
	conf.file = options.file;
	return run(&conf);
}
