/*
 * For a kernel without AF_ALG, as in most sandboxes: btvirt opens its ciphers at the start and gives up without them, though it
 * uses them only for pairing and private addresses, which nothing here has. Loaded before it, this opens sockets that do nothing.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

static char idle[65536];

static int is_idle(int fd) { return fd >= 0 && fd < (int) sizeof idle && idle[fd]; }

static int open_idle(void)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (fd >= 0 && fd < (int) sizeof idle)
		idle[fd] = 1;
	return fd;
}

int socket(int domain, int type, int protocol)
{
	int (*next)(int, int, int) = dlsym(RTLD_NEXT, "socket");
	return domain == AF_ALG ? open_idle() : next(domain, type, protocol);
}

int bind(int fd, const struct sockaddr *address, socklen_t length)
{
	int (*next)(int, const struct sockaddr *, socklen_t) = dlsym(RTLD_NEXT, "bind");
	return is_idle(fd) ? 0 : next(fd, address, length);
}

int close(int fd)
{
	int (*next)(int) = dlsym(RTLD_NEXT, "close");
	if (is_idle(fd))
		idle[fd] = 0;
	return next(fd);
}
