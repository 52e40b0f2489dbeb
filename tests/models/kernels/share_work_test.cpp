#include "models/kernels/share_work.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

extern "C" int MKL_Get_Max_Threads() __attribute__((weak));

namespace digitorch {
namespace {

class ShareWorkTest : public ::testing::Test {
 protected:
  void SetUp() override { at::set_num_threads(3); }
  void TearDown() override { at::set_num_threads(before_); }

 private:
  const int before_ = at::get_num_threads();
};

TEST_F(ShareWorkTest, DoesEachPieceOnce) {
  for (int64_t pieces = 0; pieces < 40; ++pieces) {
    std::vector<std::atomic<int>> calls(static_cast<size_t>(pieces));
    share_work(pieces, [&](int64_t i) { ++calls[static_cast<size_t>(i)]; });
    for (const auto& each : calls) ASSERT_EQ(each, 1) << pieces;
  }
}

// Helpers come late to most of these, and find the next call or nothing.
TEST_F(ShareWorkTest, ReturnsWhenAllIsDoneHoweverShortTheWork) {
  int64_t sum = 0;
  for (int call = 0; call < 100'000; ++call) {
    std::array<int64_t, 4> parts{};  // on the stack of this call alone
    share_work(4, [&](int64_t i) { parts[static_cast<size_t>(i)] = i + call; });
    for (const int64_t part : parts) sum += part;
  }
  EXPECT_EQ(sum, 6LL * 100'000 + 4LL * 100'000 * 99'999 / 2);
}

TEST_F(ShareWorkTest, UsesOtherThreads) {
  std::atomic<int> waiting{0};
  // Two pieces that each need the other to have begun.
  share_work(2, [&](int64_t) {
    ++waiting;
    while (waiting < 2) std::this_thread::yield();
  });
  EXPECT_EQ(waiting, 2);
}

TEST_F(ShareWorkTest, UsesTheCallerAloneWhereOneThreadIsAllowed) {
  at::set_num_threads(1);
  const auto self = std::this_thread::get_id();
  share_work(20, [&](int64_t) { EXPECT_EQ(std::this_thread::get_id(), self); });
}

TEST_F(ShareWorkTest, ThrowsTheErrorOfAPieceAfterAllAreDone) {
  std::atomic<int> done{0};
  const auto fails = [&](int64_t i) {
    ++done;
    if (i == 5) throw std::runtime_error("piece 5");
  };
  EXPECT_THROW(share_work(10, fails), std::runtime_error);
  EXPECT_EQ(done, 10);
  share_work(10, [&](int64_t) { ++done; });
  EXPECT_EQ(done, 20);
}

TEST_F(ShareWorkTest, PiecesMayShareTheirOwnWork) {
  std::atomic<int> done{0};
  share_work(4, [&](int64_t) { share_work(5, [&](int64_t) { ++done; }); });
  EXPECT_EQ(done, 20);
}

TEST_F(ShareWorkTest, SeveralThreadsMayShareAtTheSameTime) {
  std::atomic<int> done{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 3; ++i)
    callers.emplace_back([&] {
      at::set_num_threads(3);
      for (int call = 0; call < 1000; ++call)
        share_work(4, [&](int64_t) { ++done; });
    });
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(done, 12'000);
}

TEST_F(ShareWorkTest, LibrariesComputeAPieceOnItsThread) {
  share_work(8, [](int64_t) { EXPECT_EQ(at::get_num_threads(), 1); });
  share_work(1, [](int64_t) { EXPECT_EQ(at::get_num_threads(), 1); });
  EXPECT_EQ(at::get_num_threads(), 3);
  {
    const OnThisThread alone;
    EXPECT_EQ(at::get_num_threads(), 1);
  }
  EXPECT_EQ(at::get_num_threads(), 3);
  {
    const OnThisThread shared(/*alone=*/false);
    EXPECT_EQ(at::get_num_threads(), 3);
  }
}

// at::set_num_threads() gives MKL a number of its own, as `--threads` does.
TEST_F(ShareWorkTest, MklComputesOnThisThreadToo) {
  if (!MKL_Get_Max_Threads) GTEST_SKIP() << "this LibTorch has no MKL";
  ASSERT_EQ(MKL_Get_Max_Threads(), 3);
  {
    const OnThisThread alone;
    EXPECT_EQ(MKL_Get_Max_Threads(), 1);
    const OnThisThread inner;
    EXPECT_EQ(MKL_Get_Max_Threads(), 1);
  }
  EXPECT_EQ(MKL_Get_Max_Threads(), 3);
}

}  // namespace
}  // namespace digitorch
