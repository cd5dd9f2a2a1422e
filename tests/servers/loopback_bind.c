// Preloaded into a server that cannot be told where to listen: every interface becomes the loopback device.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

typedef int Bind(int, const struct sockaddr*, socklen_t);

int bind(int socket, const struct sockaddr* address, socklen_t size) {
  static Bind* next;
  if (next == NULL) next = (Bind*)dlsym(RTLD_NEXT, "bind");
  struct sockaddr_in narrowed;
  if (address == NULL || address->sa_family != AF_INET || size < sizeof narrowed) return next(socket, address, size);
  memcpy(&narrowed, address, sizeof narrowed);
  if (narrowed.sin_addr.s_addr == htonl(INADDR_ANY)) narrowed.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return next(socket, (const struct sockaddr*)&narrowed, sizeof narrowed);
}
