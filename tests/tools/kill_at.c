/*
 * LD_PRELOAD: ends the program with SIGKILL at the KILL_AT-th fdatasync(2), before it when KILL_AT is
 * odd and after it when it is even.  The journal flushes each line, so that this is each of its steps.
 */
#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

int
fdatasync(int fildes)
{
	static int n;
	const char *at = getenv("KILL_AT");
	int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");

	if (at != NULL && ++n == atoi(at))
		raise(SIGKILL);
	int result = real(fildes);
	if (at != NULL && ++n == atoi(at))
		raise(SIGKILL);
	return result;
}
