/* Suite: the main() of a unit test: runs its cases and says how many failed.  For tests only. */
#ifndef SALLYPORT_TESTS_UNIT_SUITE_H
#define SALLYPORT_TESTS_UNIT_SUITE_H

#include <check.h>
#include <stdlib.h>

/* Runs `tcase`'s tests as suite `name`; what main() returns. */
static inline int suite_run(const char *name, TCase *tcase)
{
	Suite *suite = suite_create(name);
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
