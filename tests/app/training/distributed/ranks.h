// Several ranks as threads of the test, connected as processes are.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

#include "app/training/distributed/joined_world.h"

namespace digitorch::testing {

/// A port of this machine that nobody listens on.
uint16_t free_port();

/// The place of a rank on this machine; rank 0 serves the store.
RankEnvironment place_of(int rank, int ranks, uint16_t port);

/// Runs the work in so many threads, each a rank of one world. An exception in
/// a rank fails the test.
void as_ranks(
    int ranks,
    const std::function<void(JoinedWorld&)>& work,
    std::chrono::seconds patience = std::chrono::seconds(60)
);

}  // namespace digitorch::testing
