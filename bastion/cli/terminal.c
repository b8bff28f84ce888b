#include "bastion/cli/terminal.h"

#include <sys/ioctl.h>

enum { SIZE_MAX_CELLS = 1000, USUAL_COLUMNS = 80, USUAL_ROWS = 24 };

struct terminal terminal_of_process(void)
{
	return (struct terminal){.output = isatty(STDOUT_FILENO) == 1};
}

static uint16_t bounded(unsigned short n, uint16_t usual)
{
	if (n == 0)
		return usual;
	return n > SIZE_MAX_CELLS ? SIZE_MAX_CELLS : n;
}

void terminal_size(uint16_t *columns, uint16_t *rows)
{
	struct winsize size = {0};

	(void)ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	*columns = bounded(size.ws_col, USUAL_COLUMNS);
	*rows = bounded(size.ws_row, USUAL_ROWS);
}

void terminal_make_raw(struct terminal *terminal)
{
	struct termios raw;

	if (!terminal->output || tcgetattr(STDIN_FILENO, &terminal->before) != 0)
		return;
	raw = terminal->before;
	cfmakeraw(&raw);
	raw.c_oflag = terminal->before.c_oflag;
	terminal->raw = tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0;
}

void terminal_restore(struct terminal *terminal)
{
	if (terminal->raw)
		(void)tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal->before);
	terminal->raw = false;
}
