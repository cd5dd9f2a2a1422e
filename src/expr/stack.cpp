// Running a function on a stack of a chosen size. std::thread cannot be given one.
#include "expr/stack.h"

#include <fmt/format.h>
#include <pthread.h>

#include "expr/machine.h"

namespace ksv::expr {
namespace {

void* run(void* body) {
  (*static_cast<const std::function<void()>*>(body))();
  return nullptr;
}

}  // namespace

Status run_with_stack(std::size_t bytes, const std::function<void()>& body) {
  const Error refused =
      failure(fmt::format("no stack of {} bytes for --max-depth; lower it", bytes));
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return refused;
  pthread_t thread{};
  void* argument = const_cast<std::function<void()>*>(&body);
  const bool started = pthread_attr_setstacksize(&attributes, bytes) == 0 &&
                       pthread_create(&thread, &attributes, run, argument) == 0;
  pthread_attr_destroy(&attributes);
  if (!started) return refused;
  pthread_join(thread, nullptr);
  return ok();
}

}  // namespace ksv::expr
