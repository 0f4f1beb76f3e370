/*
 * Runs a command and writes "wall_us cpu_us peak_kib status" to a file: small enough that the
 * peak is the command's own (a child counts the memory of who started it).
 * usage: measure FILE COMMAND...
 */
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t
now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int64_t
timeval_us(struct timeval t)
{
	return (int64_t)t.tv_sec * 1000000 + t.tv_usec;
}

int
main(int argc, char **argv)
{
	if (argc < 3)
		return 64;
	FILE *out = fopen(argv[1], "we");
	if (!out)
		return 73;
	int64_t start = now_us();
	pid_t pid = fork();
	if (pid == 0) {
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	int status = 0;
	struct rusage usage;
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid)
		return 70;
	int64_t cpu = timeval_us(usage.ru_utime) + timeval_us(usage.ru_stime);
	fprintf(out, "%jd %jd %ld %d\n", (intmax_t)(now_us() - start), (intmax_t)cpu,
	    usage.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return fclose(out) == 0 ? 0 : 74;
}
