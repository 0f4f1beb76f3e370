/* A directory of its own for a test: setup and teardown of cmocka. */
#ifndef MAILREADY_TESTS_OWN_DIR_H
#define MAILREADY_TESTS_OWN_DIR_H

/* Makes an empty directory below /tmp and works in it; *state becomes its path. */
int own_dir_enter(void **state);

/* Takes it away with all that is in it. */
int own_dir_leave(void **state);

#endif
