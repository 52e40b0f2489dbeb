#include "tests/app/training/distributed/ranks.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <torch/types.h>
#include <torch/utils.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <thread>
#include <vector>

namespace digitorch::testing {

uint16_t free_port() {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener, any, size) != 0 || getsockname(listener, any, &size) != 0)
    throw std::system_error(errno, std::generic_category(), "bind");
  close(listener);
  return ntohs(address.sin_port);
}

RankEnvironment place_of(int rank, int ranks, uint16_t port) {
  return {
      .rank = rank,
      .size = ranks,
      .local_rank = rank,
      .master_address = "127.0.0.1",
      .master_port = port};
}

void as_ranks(
    int ranks,
    const std::function<void(JoinedWorld&)>& work,
    std::chrono::seconds patience
) {
  const uint16_t port = free_port();
  std::vector<std::thread> threads;
  for (int rank = 0; rank < ranks; ++rank)
    threads.emplace_back([&, rank] {
      at::set_num_threads(1);
      try {
        JoinedWorld world(place_of(rank, ranks, port), patience);
        work(world);
        world.store().leave();
      } catch (const std::exception& error) {
        ADD_FAILURE() << "rank " << rank << ": " << error.what();
      }
    });
  for (std::thread& each : threads) each.join();
}

}  // namespace digitorch::testing
