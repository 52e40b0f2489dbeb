// What acts on the whole process: signals, threads and the choice of a device.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <torch/cuda.h>
#include <torch/types.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <opencv2/core/utility.hpp>

#include "app/system/device.h"
#include "app/system/errors.h"
#include "app/system/exit_code.h"
#include "app/system/memory.h"
#include "app/system/signals.h"
#include "app/system/write_file.h"
#include "tests/support/sanitized.h"
#include "tests/support/temp_dir.h"

namespace digitorch {
namespace {

using ::testing::ExitedWithCode;

/// Each of these tests runs its statement in a process of its own.
class ProcessDeathTest : public ::testing::Test {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

[[noreturn]] void exit_with_flag_after(int signal) {
  watch_for_interrupts();
  if (interrupt_signal() != 0) _exit(99);
  raise(signal);
  _exit(interrupt_signal());
}

TEST_F(ProcessDeathTest, FirstSignalOnlySetsTheFlag) {
  EXPECT_EXIT(exit_with_flag_after(SIGINT), ExitedWithCode(SIGINT), "");
  EXPECT_EXIT(exit_with_flag_after(SIGTERM), ExitedWithCode(SIGTERM), "");
  EXPECT_EXIT(exit_with_flag_after(SIGHUP), ExitedWithCode(SIGHUP), "");
}

constexpr useconds_t kOverASecond = 1'100'000;

[[noreturn]] void exit_after(int first, int second, useconds_t pause = 0) {
  watch_for_interrupts();
  raise(first);
  usleep(pause);
  raise(second);
  _exit(99);
}

TEST_F(ProcessDeathTest, ASignalSoonAfterTheFirstIsOneWithIt) {
  EXPECT_EXIT(exit_after(SIGINT, SIGINT), ExitedWithCode(99), "");
  EXPECT_EXIT(exit_after(SIGINT, SIGTERM), ExitedWithCode(99), "");
}

TEST_F(ProcessDeathTest, ASignalAfterASecondEndsTheProcessAtOnce) {
  EXPECT_EXIT(
      exit_after(SIGINT, SIGINT, kOverASecond), ExitedWithCode(130), ""
  );
  EXPECT_EXIT(
      exit_after(SIGHUP, SIGTERM, kOverASecond), ExitedWithCode(143), ""
  );
}

/// Ends, as a signal would, while a file is being written.
[[noreturn]] void exit_while_writing(const std::filesystem::path& file) {
  end_on_interrupts();
  FileCalls calls = system_file_calls();
  calls.fsync = [](int) { return raise(SIGTERM); };
  write_file(file, "content", calls);
  _exit(99);
}

TEST_F(ProcessDeathTest, AnInterruptLeavesNoTemporaryFile) {
  const testing::TempDir folder;
  EXPECT_EXIT(exit_while_writing(folder / "file"), ExitedWithCode(143), "");
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

[[noreturn]] void hang_up_under_nohup() {
  signal(SIGHUP, SIG_IGN);
  watch_for_interrupts();
  raise(SIGHUP);
  _exit(interrupt_signal());
}

TEST_F(ProcessDeathTest, AHangUpThatIsIgnoredStaysSo) {
  EXPECT_EXIT(hang_up_under_nohup(), ExitedWithCode(0), "");
}

[[noreturn]] void write_to_a_pipe_without_reader() {
  ignore_file_size_and_pipe_signals();
  int ends[2];
  if (pipe(ends) != 0) _exit(98);
  close(ends[0]);
  _exit(write(ends[1], "x", 1) < 0 && errno == EPIPE ? 0 : 99);
}

TEST_F(ProcessDeathTest, VanishedReaderIsAnErrorOfWrite) {
  EXPECT_EXIT(write_to_a_pipe_without_reader(), ExitedWithCode(0), "");
}

/// Leaves no room for the stacks of more threads.
[[noreturn]] void start_threads_without_room() {
  const rlimit limit = {1, 1};
  setrlimit(RLIMIT_AS, &limit);
  try {
    set_threads(8);
  } catch (const EnvironmentError& error) {
    std::fputs(error.what(), stderr);
    _exit(kExitEnvironment);
  }
  _exit(99);
}

TEST_F(ProcessDeathTest, ThreadsThatCannotStartAreAnEnvironmentError) {
  if (testing::kIsSanitized)
    GTEST_SKIP() << "the sanitizer needs the addresses";
  EXPECT_EXIT(
      start_threads_without_room(), ExitedWithCode(3), "--threads: .* of 7"
  );
}

/// Page faults of taking, filling and freeing 64 MiB ten times; memory that is
/// new each time costs 16,384 of them a time.
long faults_of_ten_rounds() {
  const auto faults = [] {
    rusage usage = {};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_minflt;
  };
  const long before = faults();
  for (int i = 0; i < 10; ++i) torch::ones({16 << 20}, torch::kFloat32);
  return faults() - before;
}

[[noreturn]] void exit_with_whether_memory_is_kept() {
  const long by_default = faults_of_ten_rounds();
  keep_freed_memory();
  for (int i = 0; i < 3; ++i) faults_of_ten_rounds();  // glibc has to settle.
  const long kept = faults_of_ten_rounds();
  std::fprintf(stderr, "%ld faults, then %ld", by_default, kept);
  _exit(by_default > 160'000 && kept < 16'000 ? 0 : 99);
}

TEST_F(ProcessDeathTest, FreedMemoryIsKept) {
  if (testing::kIsSanitized)
    GTEST_SKIP() << "the sanitizer has its own allocator";
  EXPECT_EXIT(exit_with_whether_memory_is_kept(), ExitedWithCode(0), "faults");
}

TEST(Threads, AreAsManyAsAsked) {
  const int before = at::get_num_threads();
  set_threads(3);
  EXPECT_EQ(at::get_num_threads(), 3);
  EXPECT_EQ(cv::getNumThreads(), std::min(3, cv::getNumberOfCPUs()));
  set_threads(1);
  EXPECT_EQ(cv::getNumThreads(), 1);
  set_threads(0);
  EXPECT_EQ(at::get_num_threads(), 1);
  set_threads(before);
}

TEST(Device, CpuIsItselfWithoutANote) {
  std::vector<std::string> notes;
  EXPECT_EQ(choose_device("cpu", notes), torch::Device(torch::kCPU));
  EXPECT_TRUE(notes.empty());
}

TEST(Device, OtherTextIsRefusedWithWhatWasFound) {
  std::vector<std::string> notes;
  for (const char* text :
       {"",
        "gpu7",
        "CPU",
        "cuda:",
        "cuda:-1",
        "cuda:x",
        "cuda:0x",
        "cuda:1 ",
        "cuda:99999999999",
        "cuda:256",
        "cpu:0",
        "mps"}) {
    SCOPED_TRACE(text);
    try {
      choose_device(text, notes);
      ADD_FAILURE() << "expected std::runtime_error";
    } catch (const EnvironmentError&) {
      ADD_FAILURE() << "expected a fault of the argument";
    } catch (const std::runtime_error& error) {
      EXPECT_EQ(
          std::string(error.what()),
          "--device: found '" + std::string(text) +
              "'; expected auto, cpu, cuda or cuda:N with N from 0 to 63"
      );
    }
  }
}

TEST(Device, MissingGpuIsAnEnvironmentErrorUnlessAuto) {
  if (torch::cuda::device_count() > 0) GTEST_SKIP() << "this machine has a GPU";
  std::vector<std::string> notes;
  EXPECT_THROW(choose_device("cuda", notes), EnvironmentError);
  EXPECT_THROW(choose_device("cuda:9", notes), EnvironmentError);
  EXPECT_TRUE(notes.empty());
  EXPECT_EQ(choose_device("auto", notes), torch::Device(torch::kCPU));
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_EQ(
      notes[0],
      libtorch_has_cuda() ? "no CUDA GPU was found"
                          : "this LibTorch is built without CUDA"
  );
}

}  // namespace
}  // namespace digitorch
