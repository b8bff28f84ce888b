/* sallyport(1): the verbs, for the machine's owner, over the bastion's local sockets. */
#include "bastion/cli/exchange.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

enum { VERBS_GO = -1 }; /* else a status to exit with */

/* --- help --- */

static void print_verbs_of(enum role role)
{
	const struct verb *verb;

	for (size_t i = 0; (verb = verb_at(i)) != NULL; i++) {
		char call[128];

		if (!verb_permits(verb, role))
			continue;
		(void)text_format(call, sizeof call, "%s %s", verb->name, verb->usage);
		if (strlen(call) < 36)
			(void)printf("  %-36s%s\n", call, verb->about);
		else
			(void)printf("  %s\n  %-36s%s\n", call, "", verb->about);
	}
}

static void print_help(void)
{
	static const struct {
		enum role role;
		const char *title;
	} parts[] = {
		{ROLE_OWNER, "Here, as the owner of this machine"},
		{ROLE_OPERATOR, "Over ssh, as an operator"},
		{ROLE_APPROVER, "Over ssh, as an approver"},
		{ROLE_AUDITOR, "Over ssh, as an auditor"},
		{ROLE_ADMIN, "Over ssh, as an admin"},
	};

	(void)puts("Usage: sallyport [--run-dir DIR] VERB [ARGUMENT...]\n"
		   "Over ssh: ssh NAME@bastion VERB [ARGUMENT...]");
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		(void)printf("\n%s:\n", parts[i].title);
		print_verbs_of(parts[i].role);
	}
	(void)puts(
		"\nOptions:\n"
		"  --run-dir DIR   where the bastion's sockets are, default $SALLYPORT_RUN_DIR or "
		"/run/sallyport\n"
		"  --verbs         the names of the verbs above, one a line\n"
		"  --help, --version\n"
		"Exit status: 0 done, 1 refused or failed, 2 wrong usage.");
}

static void print_names(void)
{
	const struct verb *verb;

	for (size_t i = 0; (verb = verb_at(i)) != NULL; i++)
		if (verb_permits(verb, ROLE_OWNER))
			(void)puts(verb->name);
}

/* --- options --- */

static int read_options(const char **run_dir, int argc, char **argv)
{
	static const struct option longs[] = {{"run-dir", required_argument, NULL, 'r'},
					      {"verbs", no_argument, NULL, 'v'},
					      {"help", no_argument, NULL, 'h'},
					      {"version", no_argument, NULL, 'V'},
					      {NULL, 0, NULL, 0}};
	int c;

	*run_dir = getenv("SALLYPORT_RUN_DIR");
	if (*run_dir == NULL || **run_dir == '\0')
		*run_dir = "/run/sallyport";
	while ((c = getopt_long(argc, argv, "+", longs, NULL)) != -1) {
		switch (c) {
		case 'r': *run_dir = optarg; break;
		case 'v': print_names(); return VERB_EXIT_DONE;
		case 'h': print_help(); return VERB_EXIT_DONE;
		case 'V': (void)puts("sallyport " SALLYPORT_VERSION); return VERB_EXIT_DONE;
		default: (void)fputs("Try: sallyport --help\n", stderr); return VERB_EXIT_USAGE;
		}
	}
	if (optind < argc)
		return VERBS_GO;
	(void)fputs("sallyport: what is to be done?  sallyport --help lists the verbs\n", stderr);
	return VERB_EXIT_USAGE;
}

/* The verb, or NULL and *status. */
static const struct verb *choose_verb(char **args, size_t n_args, int *status)
{
	const struct verb *verb = verb_find(args[0]);
	char shown[NAME_SIZE];

	*status = VERB_EXIT_USAGE;
	if (verb == NULL) {
		(void)text_printable(shown, sizeof shown, args[0], strlen(args[0]));
		(void)fprintf(
			stderr,
			"sallyport: there is no verb \"%s\"; sallyport --help lists them all\n",
			shown);
		return NULL;
	}
	if (n_args == 2 && strcmp(args[1], "--help") == 0) {
		(void)printf("Usage: sallyport %s %s\n%s\n", verb->name, verb->usage, verb->about);
		*status = VERB_EXIT_DONE;
		return NULL;
	}
	if (verb_permits(verb, ROLE_OWNER))
		return verb;
	(void)fprintf(stderr,
		      "sallyport: %s is not for the machine's owner, who neither approves nor "
		      "reaches targets; log in as one who may: ssh NAME@bastion %s %s\n",
		      verb->name, verb->name, verb->usage);
	*status = VERB_EXIT_REFUSED;
	return NULL;
}

/* --- input --- */

/* The argument after -f or --file, or NULL. */
static const char *file_argument(char **args, size_t n_args)
{
	for (size_t i = 1; i + 1 < n_args; i++)
		if (strcmp(args[i], "-f") == 0 || strcmp(args[i], "--file") == 0)
			return args[i + 1];
	return NULL;
}

/* What the verb reads: a file named by -f, standard input, the terminal's keys, or nothing (-1).
 * *opened is closed by the caller.  0, or an exit status. */
static int choose_input(const struct verb *verb, char **args, size_t n_args,
			struct terminal *terminal, int *input, int *opened)
{
	const char *file = strcmp(verb->name, "apply") == 0 ? file_argument(args, n_args) : NULL;
	char shown[TEXT_SIZE];

	*input = -1;
	if (strcmp(verb->name, "replay") == 0) {
		terminal_make_raw(terminal);
		*input = terminal->raw ? STDIN_FILENO : -1;
	}
	if (file == NULL)
		return 0;
	*input = STDIN_FILENO;
	if (strcmp(file, "-") == 0)
		return 0;
	*opened = open(file, O_RDONLY | O_CLOEXEC);
	*input = *opened;
	if (*opened != -1)
		return 0;
	(void)text_printable(shown, sizeof shown, file, strlen(file));
	(void)fprintf(stderr, "sallyport: cannot read %s: %s\n", shown, strerror(errno));
	return VERB_EXIT_REFUSED;
}

static int run_verb(const struct verb *verb, const char *run_dir, char **args, size_t n_args)
{
	AUTO(closep) int socket = -1;
	AUTO(closep) int keep = -1;
	AUTO(closep) int opened = -1;
	AUTO(freep) struct verb_run *run = calloc(1, sizeof *run);
	struct terminal terminal = terminal_of_process();
	struct exchange exchange = {.terminal = &terminal, .run = run};
	char fault[EXCHANGE_FAULT_SIZE] = "out of memory";
	int r = run == NULL ? -ENOMEM : 0;

	if (r == 0 && verb_run_set_args(run, (const char *const *)args, n_args) != 0) {
		(void)fputs("sallyport: too many or too long arguments\n", stderr);
		return VERB_EXIT_USAGE;
	}
	if (r == 0)
		r = exchange_open(&socket, &keep, run_dir, verb, fault);
	exchange.socket = socket;
	if (r == 0)
		r = choose_input(verb, args, n_args, &terminal, &exchange.input, &opened);
	if (r > 0)
		return r;
	if (r == 0)
		r = exchange_run(&exchange, fault);
	terminal_restore(&terminal);
	if (r >= 0)
		return r;
	(void)fprintf(stderr, "sallyport: %s\n", fault);
	return VERB_EXIT_REFUSED;
}

int main(int argc, char **argv)
{
	const char *run_dir;
	const struct verb *verb;
	int status = read_options(&run_dir, argc, argv);

	if (status != VERBS_GO)
		return status;
	verb = choose_verb(argv + optind, (size_t)(argc - optind), &status);
	if (verb == NULL)
		return status;
	return run_verb(verb, run_dir, argv + optind, (size_t)(argc - optind));
}
