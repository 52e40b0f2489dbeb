#include "app/training/distributed/joined_world.h"

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "datasets/generator.h"
#include "tests/app/training/distributed/ranks.h"

namespace digitorch {
namespace {

using std::chrono::seconds;
using testing::as_ranks;
using testing::free_port;
using testing::place_of;

TEST(WorldTest, AloneThereIsNothingToExchange) {
  World& world = lone_world();
  const auto x = torch::ones(3);
  world.sum({x});
  world.copy_from_first({x});
  EXPECT_TRUE(x.equal(torch::ones(3)));
  EXPECT_EQ(world.size(), 1);
  EXPECT_TRUE(world.is_first());
  EXPECT_EQ(bytes_of_first(world, "abc"), "abc");
  EXPECT_EQ(first_nonzero(world, 7), 7);
}

TEST(JoinedWorldTest, SumsTensorsOfAnyShape) {
  for (const int ranks : {2, 3, 4, 5})
    as_ranks(ranks, [&](JoinedWorld& world) {
      const auto a = torch::full({2, 3}, static_cast<float>(world.rank() + 1));
      const auto b = torch::full({}, static_cast<float>(world.rank()));
      world.sum({a, b});
      const int sum = ranks * (ranks + 1) / 2;
      EXPECT_TRUE(a.equal(torch::full({2, 3}, static_cast<float>(sum))));
      EXPECT_EQ(b.item<float>(), static_cast<float>(sum - ranks));
    });
}

TEST(JoinedWorldTest, SumsHaveTheSameBitsOnAllRanks) {
  for (const int ranks : {4, 5}) {  // exchanged in two ways
    std::mutex mutex;
    std::vector<torch::Tensor> found;
    as_ranks(ranks, [&](JoinedWorld& world) {
      const auto x = torch::rand(
          {10007}, make_generator(static_cast<uint64_t>(world.rank()))
      );
      world.sum({x});
      const std::lock_guard lock(mutex);
      found.push_back(x);
    });
    ASSERT_EQ(found.size(), ranks);
    for (const torch::Tensor& each : found) EXPECT_TRUE(each.equal(found[0]));
  }
}

TEST(JoinedWorldTest, GivesAllRanksWhatTheFirstHas) {
  as_ranks(3, [](JoinedWorld& world) {
    const auto x = torch::full({5}, static_cast<double>(world.rank()));
    world.copy_from_first({x});
    EXPECT_TRUE(x.equal(torch::zeros(5)));
    const std::string text(100000, 'x');
    EXPECT_EQ(bytes_of_first(world, world.is_first() ? text : "no"), text);
    EXPECT_EQ(bytes_of_first(world, ""), "");
    EXPECT_EQ(first_nonzero(world, world.rank() * 10), 10);
    EXPECT_EQ(first_nonzero(world, 0), 0);
  });
}

TEST(JoinedWorldTest, KeepsATextForARestart) {
  as_ranks(2, [](JoinedWorld& world) {
    if (world.is_first()) {
      EXPECT_FALSE(world.kept().has_value());
      world.keep_for_restart("runs/a");
    }
    bytes_of_first(world, "");
    EXPECT_EQ(world.kept(), "runs/a");
  });
}

/// How each rank's work ended, for ranks whose work may fail.
struct Outcome {
  std::vector<Ending> endings;
  double seconds;
};

/// Rank `failing` does `fault` in place of an exchange that the others wait in.
Outcome with_fault(
    int ranks,
    int failing,
    seconds patience,
    const std::function<std::optional<Ending>(JoinedWorld&)>& fault
) {
  Outcome outcome;
  std::mutex mutex;
  const auto start = std::chrono::steady_clock::now();
  as_ranks(
      ranks,
      [&](JoinedWorld& world) {
        world.sum({torch::ones(1)});
        std::optional<Ending> ending;
        if (world.rank() == failing) {
          ending = fault(world);
        } else {
          try {
            for (int step = 0; step < 3; ++step) world.sum({torch::ones(1)});
            ADD_FAILURE() << "rank " << world.rank() << " noticed nothing";
          } catch (const LostRank& lost) {
            ending = world.store().end_for_lost(lost.what());
          }
        }
        const std::lock_guard lock(mutex);
        if (ending) outcome.endings.push_back(*ending);
      },
      patience
  );
  outcome.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
          .count();
  return outcome;
}

std::vector<std::string> lines_of(const Outcome& outcome) {
  std::vector<std::string> lines;
  for (const Ending& each : outcome.endings)
    if (!each.line.empty()) lines.push_back(each.line);
  return lines;
}

TEST(JoinedWorldTest, ARankThatHangsIsNamedOnceByTheOthers) {
  const Outcome outcome =
      with_fault(4, 2, seconds(3), [&](JoinedWorld&) -> std::optional<Ending> {
        std::this_thread::sleep_for(seconds(9));
        return std::nullopt;
      });
  EXPECT_EQ(
      lines_of(outcome),
      std::vector<std::string>{"rank 2 of 4 did not answer for 3 s"}
  );
  for (const Ending& each : outcome.endings) EXPECT_EQ(each.exit_code, 3);
  EXPECT_EQ(outcome.endings.size(), 3);
  EXPECT_LT(outcome.seconds, 30);
}

TEST(JoinedWorldTest, ARankThatFailsEndsTheOthersInSilence) {
  const Outcome outcome = with_fault(3, 1, seconds(60), [](JoinedWorld& world) {
    return world.store().end_for(4, "training diverged");
  });
  EXPECT_EQ(lines_of(outcome), std::vector<std::string>{"training diverged"});
  for (const Ending& each : outcome.endings) EXPECT_EQ(each.exit_code, 4);
  EXPECT_EQ(outcome.endings.size(), 3);
  EXPECT_LT(outcome.seconds, 30);
}

TEST(JoinedWorldTest, WhatAllRanksSayIsPrintedOnce) {
  std::mutex mutex;
  std::vector<std::string> lines;
  as_ranks(3, [&](JoinedWorld& world) {
    const Ending ending = world.store().end_for(2, "no such data");
    EXPECT_EQ(ending.exit_code, 2);
    const std::lock_guard lock(mutex);
    if (!ending.line.empty()) lines.push_back(ending.line);
  });
  EXPECT_EQ(lines, std::vector<std::string>{"no such data"});
}

template <typename Error>
std::string refusal_of(const RankEnvironment& place, seconds patience) {
  try {
    JoinedWorld world(place, patience);
  } catch (const Error& error) {
    return error.what();
  }
  return "joined";
}

TEST(JoinedWorldTest, RanksThatDoNotComeAreNamed) {
  EXPECT_EQ(
      refusal_of<EnvironmentError>(place_of(0, 3, free_port()), seconds(2))
          .substr(0, 26),
      "ranks 1, 2 of 3 did not jo"
  );
}

TEST(JoinedWorldTest, AStoreThatIsNotThereIsNamed) {
  const uint16_t port = free_port();
  const std::string message =
      refusal_of<EnvironmentError>(place_of(1, 2, port), seconds(2));
  EXPECT_TRUE(message.starts_with("rank 1 of 2: cannot join")) << message;
  EXPECT_NE(message.find(std::to_string(port)), std::string::npos) << message;
}

// The one that comes second is refused, and the other one is alone.
TEST(JoinedWorldTest, RanksThatContradictEachOtherAreRefused) {
  const uint16_t port = free_port();
  std::string first;
  std::thread server([&] {
    first = refusal_of<std::runtime_error>(place_of(0, 2, port), seconds(4));
  });
  const std::string second =
      refusal_of<std::runtime_error>(place_of(1, 3, port), seconds(4));
  server.join();
  if (second.starts_with("WORLD_SIZE")) {
    EXPECT_TRUE(second.starts_with("WORLD_SIZE: found 3; expected 2"))
        << second;
    EXPECT_TRUE(first.starts_with("rank 1 of 2 did not join")) << first;
  } else {
    EXPECT_TRUE(first.starts_with("WORLD_SIZE: found 2; expected 3")) << first;
    EXPECT_TRUE(second.starts_with("rank")) << second;
  }
}

}  // namespace
}  // namespace digitorch
